"""Measure the stages of a run, and bare calls of the libraries below them, each in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jobs.runtime.processes import processor_seconds

if TYPE_CHECKING:
    from jobs.runtime.context import Context

RUN = Path(__file__).parents[1] / "run.py"

Seconds = dict[str, float]
"""Processor time (`processor`) and wall time (`wall`) in seconds, and `documents` where they are known."""


def in_process(task: dict[str, Any], cores: int) -> dict[str, Any]:
    """Return the result of a task of `measured`, run on so many cores."""
    command = [sys.executable, str(RUN), "measure", "-"]
    process = subprocess.run(
        command,
        input=json.dumps({**task, "cores": cores}),
        text=True,
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    result: dict[str, Any] = json.loads(process.stdout.splitlines()[-1])
    return result


def measured(task: dict[str, Any]) -> dict[str, Seconds]:
    """Return seconds by stage: `start`, the stages of a run, `whole`; or `bare ingest`.

    Parameters
    ----------
    task
        `side` (ours or bare), `archives`, `root`, `models` (a folder or None) and `cores`.
    """
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: task["cores"]])
    if task["side"] == "bare":
        from ingest import bare

        return {"bare ingest": _timed(lambda: bare(task["archives"]))}
    return _stages(task["archives"], task["root"], task["models"])


def _stages(archives: Sequence[str], root: str, models: str | None) -> dict[str, Seconds]:
    began = time.monotonic()
    from jobs.runtime import session
    from jobs.runtime.context import Context

    size = sum(os.path.getsize(archive) for archive in archives)
    spark = session.get_session("redpajama", input_bytes=lambda: size)
    spark.range(1000).count()
    found = {"start": {"processor": processor_seconds(), "wall": time.monotonic() - began}}
    context = Context(root, spark)
    found |= _run(context, archives, size, models)
    found["whole"] = {"processor": processor_seconds(), "wall": time.monotonic() - began}
    for table, name in (("corpus", "bare curate"), ("mixture", "bare mix")):
        rows = context.table(table).read()
        found[name] = _timed(partial(rows.write.parquet, f"{root}/copy-of-{table}"))
    return found


def _run(
    context: Context, archives: Sequence[str], size: int, models: str | None
) -> dict[str, Seconds]:
    """Run the stages over archives and return what each took."""
    from jobs import cli
    from jobs.steps.estimate import measure, sample
    from schemas.settings.commands import JOBS
    from schemas.settings.ingest import CommonCrawlConfig

    root = context.root
    ingest = CommonCrawlConfig(root=root, input=tuple(archives))
    steps: list[tuple[str, Any]] = [
        ("ingest", ingest),
        ("paragraphs", JOBS["paragraphs"](root=root)),
    ]
    given = {"models": models} if models else {}
    steps.append(("annotate", JOBS["annotate"](root=root, **given)))
    steps += [(job, JOBS[job](root=root)) for job in ("dedup", "curate")]
    # about a third of the tokens of pages
    steps.append(("mix", JOBS["mix"](root=root, tokens=max(1000, size // 4), on_shortage="fill")))
    run = measure.measure(
        measure.Whole(steps, [sample.source("ingest common_crawl", ingest)]),
        [sample.Part(tuple(archives), size)],
        context,
        lambda job, settings, context: cli.records(cli.run(job, settings, context)),
    )
    return {
        stage.stage.partition(" ")[0]: {
            "processor": stage.processor_seconds,
            "wall": stage.seconds,
            "documents": stage.documents,
        }
        for stage in run.stages
    }


def _timed(work: Callable[[], object]) -> Seconds:
    cpu, began = processor_seconds(), time.monotonic()
    work()
    return {"processor": processor_seconds() - cpu, "wall": time.monotonic() - began}
