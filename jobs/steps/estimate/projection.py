"""Time, cost, shuffles and disk of a whole run on a cluster, from measurements of its stages."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from jobs.steps.estimate.fit import LEVEL, Line, Range, line, quantile, total
from jobs.steps.estimate.measure import Measurement, Run, Whole, stages
from schemas.settings.estimate import EstimateConfig

MARGIN = 1.25
"""Of wall time over processor time: stragglers, retried tasks, start and end of stages."""

SHUFFLES_KEPT = 2
"""Shuffles on disk at a time: that of the stage before is still there."""


@dataclass(frozen=True)
class StageEstimate:
    """What a stage of the whole run takes.

    Attributes
    ----------
    core_hours
        Processor time of the driver, Java and the Python workers.
    hours
        Wall time on the cluster.
    longest_task_hours
        Processor time of the longest task, where it reads one input; else 0.
    shuffle_bytes, table_bytes
        Written to shuffle files; published in tables.
    rate
        Processor seconds of a byte of input (`ingest`) or of a character in documents/.
    fixed
        Processor seconds whatever the size.
    """

    stage: str
    core_hours: Range
    hours: Range
    longest_task_hours: float
    shuffle_bytes: Range
    table_bytes: Range
    rate: float
    fixed: float


@dataclass(frozen=True)
class Estimate:
    """What a whole run takes on a cluster, and what that rests on.

    Attributes
    ----------
    level
        Probability of the intervals.
    start_seconds
        Processor time of starting the session and of Java's first minute, once.
    disk_bytes
        For temporary files on each executor.
    sample_bytes, input_bytes
        As stored: read by the runs, and of all inputs.
    """

    stages: tuple[StageEstimate, ...]
    core_hours: Range
    hours: Range
    dollars: Range
    table_bytes: Range
    shuffle_bytes: Range
    disk_bytes: Range
    start_seconds: float
    cores: int
    executors: int
    price_per_core_hour: float
    level: float
    input_bytes: int
    inputs: int
    characters: Range
    sample_bytes: int
    runs: int
    measured_cores: int


def project(
    whole: Whole,
    runs: Sequence[Run],
    config: EstimateConfig,
    *,
    start_seconds: float,
    measured_cores: int,
) -> Estimate:
    """Return the estimate for the whole run.

    Parameters
    ----------
    runs
        Measurements of each run over a part, without the first, which warms Java up.
    start_seconds
        Processor time of starting.
    measured_cores
        Cores of this machine that the session has.
    """
    cores = (config.cores or measured_cores) * config.executors
    characters = _characters(whole, runs)
    names = stages(whole.steps)
    estimates = []
    for number, name in enumerate(names):
        measured = [run.stages[number] for run in runs]
        is_ingest = number < len(whole.sources)
        size = Range(*(3 * [float(whole.sources[number].bytes)])) if is_ingest else characters
        longest = whole.sources[number].longest if is_ingest else 0
        estimates.append(_stage(name, measured, size, longest, cores))
    hours = total(stage.hours for stage in estimates)
    start = Range(*(3 * [start_seconds / 3600]))
    hours = total([hours, start.times(1 / measured_cores)])
    shuffles = [stage.shuffle_bytes for stage in estimates]
    largest = max(shuffles, key=lambda shuffle: shuffle.high)
    return Estimate(
        stages=tuple(estimates),
        core_hours=total([*(stage.core_hours for stage in estimates), start]),
        hours=hours,
        dollars=hours.times(cores * config.price_per_core_hour),
        table_bytes=total(stage.table_bytes for stage in estimates),
        shuffle_bytes=largest,
        disk_bytes=largest.times(SHUFFLES_KEPT / config.executors),
        start_seconds=start_seconds,
        cores=config.cores or measured_cores,
        executors=config.executors,
        price_per_core_hour=config.price_per_core_hour,
        level=LEVEL,
        input_bytes=whole.bytes,
        inputs=sum(len(source.objects) for source in whole.sources),
        characters=characters,
        sample_bytes=sum(run.bytes for run in runs),
        runs=len(runs),
        measured_cores=measured_cores,
    )


def _stage(
    name: str, measured: Sequence[Measurement], size: Range, longest: int, cores: int
) -> StageEstimate:
    """Return a stage's estimate for a size that is itself in an interval."""

    def fitted(cost: Callable[[Measurement], float]) -> Line:
        return line([(m.size, cost(m)) for m in measured])

    def over(fit: Line) -> Range:
        return Range(fit.at(size.value).value, fit.at(size.low).low, fit.at(size.high).high)

    processor = fitted(lambda m: m.processor_seconds)
    core_hours = over(processor).times(1 / 3600)
    longest_hours = processor.rate * longest / 3600
    fixed_hours = fitted(lambda m: m.seconds).fixed / 3600
    fixed_core_hours = processor.fixed / 3600
    hours = (
        fixed_hours + max(MARGIN * max(0.0, value - fixed_core_hours) / cores, longest_hours)
        for value in (core_hours.value, core_hours.low, core_hours.high)
    )
    return StageEstimate(
        stage=name,
        core_hours=core_hours,
        hours=Range(*hours),
        longest_task_hours=longest_hours,
        shuffle_bytes=over(fitted(lambda m: m.sums.shuffle_bytes)),
        table_bytes=over(fitted(lambda m: sum(m.table_bytes.values()))),
        rate=processor.rate,
        fixed=processor.fixed,
    )


def _characters(whole: Whole, runs: Sequence[Run]) -> Range:
    """Return the characters of all documents, by those that each run makes expect; larger runs weigh more."""
    every = [run.expected_characters for run in runs if run.bytes >= whole.bytes]
    if every:
        return Range(every[0], every[0], every[0])
    weight = sum(run.bytes for run in runs)
    mean = sum(run.bytes * run.expected_characters for run in runs) / weight
    squares = sum((run.bytes * (run.expected_characters - mean)) ** 2 for run in runs)
    free = len(runs) - 1
    deviation = quantile(free) * math.sqrt(squares * len(runs) / max(1, free)) / weight
    return Range(mean, max(0.0, mean - deviation), mean + deviation)
