"""An estimate as lines for people."""

from __future__ import annotations

from collections.abc import Iterator

from jobs.steps.estimate.fit import Range
from jobs.steps.estimate.projection import MARGIN, SHUFFLES_KEPT, Estimate, StageEstimate
from jobs.steps.report.run_summary import aligned

_HEAD = ("stage", "core-hours", "interval", "hours", "longest task", "shuffle", "tables")
_UNITS = ("B", "kB", "MB", "GB", "TB", "PB")


def lines(estimate: Estimate) -> Iterator[str]:
    """Yield a table of the stages, the sums, and what the estimate rests on."""
    rows = [_HEAD, *(_row(stage) for stage in estimate.stages)]
    rows.append(
        (
            "all",
            *_hours(estimate.core_hours),
            number(estimate.hours.value),
            "",
            size(estimate.shuffle_bytes.value),
            size(estimate.table_bytes.value),
        )
    )
    yield from aligned(rows, left=(0,))
    yield ""
    cores = estimate.cores * estimate.executors
    yield (
        f"time: {_interval(estimate.hours)} hours on {estimate.executors} executors of "
        f"{estimate.cores} cores"
    )
    yield (
        f"cost: {_interval(estimate.dollars)} dollars, for {cores} cores at "
        f"{estimate.price_per_core_hour:g} an hour"
    )
    yield f"tables: {_sizes(estimate.table_bytes)}"
    yield (
        f"largest shuffle: {_sizes(estimate.shuffle_bytes)}; disk of an executor for "
        f"{SHUFFLES_KEPT} of them: {_sizes(estimate.disk_bytes)}"
    )
    share = estimate.sample_bytes / max(1, estimate.input_bytes)
    yield (
        f"from {estimate.runs} runs over parts of the inputs, {size(estimate.sample_bytes)} in all "
        f"({share:.2g} of {size(estimate.input_bytes)} in {estimate.inputs:,} inputs), on "
        f"{estimate.measured_cores} cores of this machine"
    )
    yield (
        f"intervals hold with a probability of {estimate.level:.0%} for what the parts differ by. Not in "
        f"them: other processors, networks, duplicates that no part has. Hours have a margin of "
        f"{MARGIN:g} for stragglers and retried tasks."
    )


def _row(stage: StageEstimate) -> tuple[str, ...]:
    longest = stage.longest_task_hours
    return (
        stage.stage,
        *_hours(stage.core_hours),
        number(stage.hours.value),
        number(longest) if longest else "",
        size(stage.shuffle_bytes.value),
        size(stage.table_bytes.value),
    )


def _hours(value: Range) -> tuple[str, str]:
    return number(value.value), f"{number(value.low)} to {number(value.high)}"


def _interval(value: Range) -> str:
    return f"{number(value.value)} ({number(value.low)} to {number(value.high)})"


def _sizes(value: Range) -> str:
    return f"{size(value.value)} ({size(value.low)} to {size(value.high)})"


def number(value: float) -> str:
    """Return a number with two digits below 100, and whole above.

    >>> number(0.01234), number(12.3), number(24183.2)
    ('0.012', '12', '24,183')
    """
    return f"{value:.2g}" if abs(value) < 100 else f"{value:,.0f}"


def size(value: float) -> str:
    """Return bytes in the largest unit that leaves one or more.

    >>> size(1_500_000), size(0)
    ('1.5 MB', '0 B')
    """
    unit = 0
    while value >= 1000 and unit < len(_UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return f"{number(value)} {_UNITS[unit]}"
