"""Report Spark progress: JSON events every second, a log line every 30 s."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from pyspark.sql import SparkSession

from jobs.runtime.context import Context

EVENT_SECONDS = 1.0
LINE_SECONDS = 30.0


class Stage(NamedTuple):
    """An active Spark stage: its number, finished tasks and all tasks."""

    stage: int
    done: int
    tasks: int


@contextmanager
def shown(context: Context) -> Iterator[None]:
    """Report progress until the block ends.

    A terminal shows Spark's own progress bar, so lines are printed only where there is none.
    """
    if not context.json and sys.stderr.isatty():
        yield
        return
    seconds = EVENT_SECONDS if context.json else LINE_SECONDS
    finished = threading.Event()
    with _stages_of(context.spark) as watch:
        thread = threading.Thread(
            target=_report, args=(context, watch, finished, seconds), daemon=True
        )
        thread.start()
        try:
            yield
        finally:
            finished.set()
            thread.join()


def _report(context: Context, watch: Any, finished: threading.Event, seconds: float) -> None:
    last: list[Stage] = []
    while not finished.wait(seconds):
        stages = watch()
        if stages == last or not stages:
            continue
        last = stages
        for stage in stages:
            context.event("progress", **stage._asdict())
        if not context.json:
            parts = (f"stage {s.stage}: {s.done:,} of {s.tasks:,} tasks" for s in stages)
            context.print(f"{context.current_run.get('job', '')}: {', '.join(parts)}")


@contextmanager
def _stages_of(spark: SparkSession) -> Iterator[Any]:
    """Yield a function that returns the active stages of a classic or a Connect session."""
    if not is_connect(spark):
        yield lambda: _of_classic(spark)
        return
    now: dict[str, list[Stage]] = {}

    def handle(stages: Any, inflight_tasks: int, operation_id: str, done: bool) -> None:
        all_stages = [Stage(s.stage_id, s.num_completed_tasks, s.num_tasks) for s in stages or ()]
        now[operation_id] = [] if done else [s for s in all_stages if s.done < s.tasks]

    handler: Any = handle  # Spark calls it by keywords, which its own type does not declare
    spark.registerProgressHandler(handler)
    try:
        yield lambda: sorted(stage for stages in now.copy().values() for stage in stages)
    finally:
        spark.removeProgressHandler(handler)


def is_connect(spark: SparkSession) -> bool:
    """Return whether a session is Connect's, which has no `sparkContext`."""
    return type(spark).__module__.startswith("pyspark.sql.connect")


def _of_classic(spark: SparkSession) -> list[Stage]:
    # a classic session has a status tracker; Connect does not
    tracker = spark.sparkContext.statusTracker()
    infos = [tracker.getStageInfo(number) for number in tracker.getActiveStageIds()]
    return sorted(
        Stage(info.stageId, info.numCompletedTasks, info.numTasks) for info in infos if info
    )
