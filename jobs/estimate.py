"""Estimate time, cost, shuffles and disk of a run, from its stages on a sample of its inputs.

The stages run over parts of two sizes, so that what a stage costs whatever its size and what grows with
it come apart; the scatter of the parts gives the intervals. Processor time is that of this process, Java
and the Python workers.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from pyspark.sql import SparkSession

from jobs import cli
from jobs import run as pipeline
from jobs.runtime.context import Context
from jobs.runtime.processes import processor_seconds
from jobs.steps.estimate import sample, stored, text
from jobs.steps.estimate.measure import Run, Whole, measure, stages
from jobs.steps.estimate.projection import Estimate, project
from jobs.steps.estimate.sample import Part, Source
from jobs.tables.runs import Record
from schemas.settings.estimate import EstimateConfig
from schemas.settings.run import RunConfig


def run(context: Context, config: EstimateConfig) -> Estimate:
    """Measure, print the estimate and store it in the root.

    Raises
    ------
    UserError
        The file is none that `run` takes, the session is not local, or a part of the sample has no
        documents to mix.
    """
    settings = RunConfig(root=config.root, config=config.config)
    root, steps = pipeline.plan(settings)
    pipeline.check(root, steps, config.config or "the embedded sample")
    context = context.at(root)
    whole = Whole(steps, _sources(steps))
    context.input_bytes = whole.bytes
    estimate = _measured(context, config, whole)
    uri = stored.write(root, estimate)
    for line in [stored.to_json(estimate)] if config.json else text.lines(estimate):
        context.print(line)
    if not config.json:
        context.print(f"wrote {uri}, by which `redpajama run` tells the time left")
    return estimate


def _sources(steps: list[pipeline.Step]) -> list[Source]:
    named = zip(stages(steps), steps, strict=True)
    return [sample.source(stage, given) for stage, (job, given) in named if job == "ingest"]


def _measured(context: Context, config: EstimateConfig, whole: Whole) -> Estimate:
    """Run the stages over each part, in temporary roots, and return the estimate."""
    is_fresh = context.given is None and SparkSession.getActiveSession() is None
    with tempfile.TemporaryDirectory(prefix="redpajama-estimate-") as name:
        folder = Path(name)
        cpu = processor_seconds()
        parts = _parts(whole, config.sample, folder / "input")
        # what starts a session belongs to a run, what makes the sample does not
        began = processor_seconds() - (cpu if is_fresh else 0)
        _run(context, whole, parts[0], folder / "warm", print_as="first run, to warm up")
        warm = processor_seconds() - began
        runs = [
            _run(
                context, whole, part, folder / str(number), print_as=f"run {number} of {len(parts)}"
            )
            for number, part in enumerate(parts, 1)
        ]
    return project(
        whole,
        runs,
        config,
        start_seconds=max(0.0, warm - _processor_seconds(runs[0])),
        measured_cores=len(os.sched_getaffinity(0)),
    )


def _parts(whole: Whole, share: float | None, folder: Path) -> list[tuple[Part, ...]]:
    """Return for each run the part of each source."""
    small = sample.sizes(whole.sources, share)
    by_source = [
        sample.parts(source, size, folder / str(number))
        for number, (source, size) in enumerate(zip(whole.sources, small, strict=True))
    ]
    return list(zip(*by_source, strict=True))


def _run(
    context: Context, whole: Whole, parts: tuple[Part, ...], root: Path, *, print_as: str
) -> Run:
    """Run the stages in a root, and print what they took."""
    job = context.at(str(root))
    job.input_bytes = context.input_bytes
    job.json = False
    made = measure(whole, parts, job, _step)
    context.event("part", name=print_as, bytes=made.bytes)
    if not context.json:
        print(
            f"estimate: {print_as}: {text.size(made.bytes)}, {_processor_seconds(made):.1f} s of "
            "processor time",
            file=sys.stderr,
        )
    return made


def _step(job: str, settings: object, context: Context) -> list[Record]:
    return cli.records(cli.run(job, settings, context))


def _processor_seconds(run: Run) -> float:
    return sum(stage.processor_seconds for stage in run.stages)


if __name__ == "__main__":
    sys.exit(cli.main(["estimate", *sys.argv[1:]]))
