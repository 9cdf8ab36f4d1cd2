"""How far Spark is with a run: told every second to a machine, now and then to a person."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from pyspark.sql import SparkSession

from jobs.runtime.context import Context

MACHINE_SECONDS = 1.0
PERSON_SECONDS = 30.0


class Stage(NamedTuple):
    """A stage that Spark is working on: its tasks, and those that are done."""

    stage: int
    done: int
    tasks: int


@contextmanager
def told(context: Context) -> Iterator[None]:
    """Tell how it goes as long as this lasts.

    A person at a terminal has Spark's own bar, so lines are for logs that somebody reads later.
    """
    if not context.json and sys.stderr.isatty():
        yield
        return
    seconds = MACHINE_SECONDS if context.json else PERSON_SECONDS
    over = threading.Event()
    with _watched(context.spark) as watch:
        thread = threading.Thread(target=_tell, args=(context, watch, over, seconds), daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


def _tell(context: Context, watch: Any, over: threading.Event, seconds: float) -> None:
    last: list[Stage] = []
    while not over.wait(seconds):
        stages = watch()
        if stages == last or not stages:
            continue
        last = stages
        for each in stages:
            context.event("progress", **each._asdict())
        if not context.json:
            said = ", ".join(f"stage {x.stage}: {x.done:,} of {x.tasks:,} tasks" for x in stages)
            context.say(f"{context.doing.get('job', '')}: {said}")


@contextmanager
def _watched(spark: SparkSession) -> Iterator[Any]:
    """A function that returns the stages at work, of a session of either kind."""
    if not _is_connect(spark):
        yield lambda: _of_classic(spark)
        return
    now: dict[str, list[Stage]] = {}

    def handle(stages: Any, inflight_tasks: int, operation_id: str, done: bool) -> None:
        found = [Stage(x.stage_id, x.num_completed_tasks, x.num_tasks) for x in stages or ()]
        now[operation_id] = [] if done else [x for x in found if x.done < x.tasks]

    handler: Any = handle  # Spark calls it by keywords, which its own type does not say
    spark.registerProgressHandler(handler)
    try:
        yield lambda: sorted(stage for stages in now.copy().values() for stage in stages)
    finally:
        spark.removeProgressHandler(handler)


def _is_connect(spark: SparkSession) -> bool:
    return type(spark).__module__.startswith("pyspark.sql.connect")


def _of_classic(spark: SparkSession) -> list[Stage]:
    # what Connect lacks, where it is not Connect
    tracker = spark.sparkContext.statusTracker()
    found = [tracker.getStageInfo(number) for number in tracker.getActiveStageIds()]
    return sorted(
        Stage(info.stageId, info.numCompletedTasks, info.numTasks) for info in found if info
    )
