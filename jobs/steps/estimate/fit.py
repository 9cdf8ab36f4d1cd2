"""Lines through measurements of several sizes, and the interval of what they say about larger ones.

A stage costs `fixed + rate * size`. Both are fitted by least squares to runs of at least two sizes. The
interval of a prediction is that of the mean of a linear regression, by Student's t: it holds what the runs
differ by, be it their documents or the machine's other work.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LEVEL = 0.9
"""Probability of an interval."""

# Student's t, 0.95 quantile, by degrees of freedom from 1: as in any table of it
_T = (6.314, 2.920, 2.353, 2.132, 2.015, 1.943, 1.895, 1.860, 1.833, 1.812)
_NORMAL = 1.645


@dataclass(frozen=True)
class Range:
    """An estimated value and the interval that should hold it."""

    value: float
    low: float
    high: float

    def times(self, factor: float) -> Range:
        """Return the range in another unit."""
        return Range(self.value * factor, self.low * factor, self.high * factor)


def total(ranges: Iterable[Range]) -> Range:
    """Return the sum; its interval holds even if all parts err in the same direction."""
    parts = list(ranges)
    return Range(
        sum(part.value for part in parts),
        sum(part.low for part in parts),
        sum(part.high for part in parts),
    )


@dataclass(frozen=True)
class Line:
    """A fitted line, neither part of it negative.

    Attributes
    ----------
    fixed
        Cost of a run of no size.
    rate
        Cost of a unit of size.
    error
        Standard deviation of the measurements around the line.
    count, mean, spread
        Number of measurements, mean of their sizes, and sum of the sizes' squared distances from it.
    """

    fixed: float
    rate: float
    error: float
    count: int
    mean: float
    spread: float

    def at(self, size: float) -> Range:
        """Return the cost of a size.

        Where all measurements have one size, larger ones cost in proportion at most, and the same at least.
        """
        value = self.fixed + self.rate * size
        if self.spread == 0:
            deviation = quantile(self.count - 1) * self.error / math.sqrt(self.count)
            flat = min(value, self.fixed + self.rate * self.mean)
            return Range(value, max(0.0, flat - deviation), value + deviation)
        deviation = quantile(self.count - 2) * self.error
        deviation *= math.sqrt(1 / self.count + (size - self.mean) ** 2 / self.spread)
        return Range(value, max(0.0, value - deviation), value + deviation)


def line(points: Sequence[tuple[float, float]]) -> Line:
    """Return the line through (size, cost)."""
    count = len(points)
    mean = sum(size for size, _ in points) / count
    mean_cost = sum(cost for _, cost in points) / count
    spread = sum((size - mean) ** 2 for size, _ in points)
    if spread <= 1e-9 * mean**2 * count:
        rate, fixed, spread = (mean_cost / mean if mean else 0.0), 0.0, 0.0
        free = count - 1
    else:
        rate = sum((size - mean) * (cost - mean_cost) for size, cost in points) / spread
        fixed, free = mean_cost - rate * mean, count - 2
        if rate < 0:
            rate, fixed = 0.0, mean_cost
        elif fixed < 0:
            rate = sum(size * cost for size, cost in points) / sum(size**2 for size, _ in points)
            fixed = 0.0
    squares = sum((cost - fixed - rate * size) ** 2 for size, cost in points)
    return Line(fixed, rate, math.sqrt(squares / max(1, free)), count, mean, spread)


def quantile(free: int) -> float:
    """Return Student's t for the level; with no degree of freedom that of one."""
    return _T[max(1, free) - 1] if free <= len(_T) else _NORMAL
