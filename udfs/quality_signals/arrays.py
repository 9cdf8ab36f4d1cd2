"""Exact operations on flat arrays, which the signals share."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

PRECISION = 8  # decimals of every ratio in V2
_SCALE = 10.0**PRECISION


def round_half_even(values: Floats) -> Floats:
    """Return Python's `round(x, 8)` of each value; NaN stays NaN.

    `numpy.round` scales, rounds and scales back, which differs from Python where the scaled value
    is within an error of one half. Away from there the nearest integer is certain and its quotient
    by 10**8 is the double that Python gives; the few others are left to Python itself.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        scaled = values * _SCALE
        rounded = np.rint(scaled)
        unsure = (np.abs(np.abs(scaled - rounded) - 0.5) < 1e-3) | (np.abs(scaled) > 2.0**40)
    result: Floats = rounded / _SCALE
    for i in np.flatnonzero(unsure).tolist():
        result[i] = round(float(values[i]), PRECISION)
    return result


def ratio(numerator: npt.NDArray[Any], denominator: npt.NDArray[Any], empty: float) -> Floats:
    """Divide row by row and round as V2; `empty` if the denominator is 0 (NaN is null)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        quotient = np.asarray(numerator, np.float64) / denominator
    return np.where(denominator == 0, empty, round_half_even(quotient))


def offsets(counts: npt.ArrayLike) -> Ints:
    """Return the start of each of consecutive segments, and the end of the last one."""
    sizes = np.asarray(counts, np.int64)
    bounds = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=bounds[1:])
    return bounds


def segment_sum(values: npt.NDArray[Any], bounds: Ints) -> Ints:
    """Return the sum of the integers in each segment, 0 for an empty one; segments cover all values."""
    starts = bounds[:-1]
    filled = bounds[1:] > starts
    sums = np.zeros(len(starts), np.int64)
    if filled.any():
        sums[filled] = np.add.reduceat(values, starts[filled], dtype=np.int64)
    return sums


class Groups(NamedTuple):
    """Equal keys in groups.

    Attributes
    ----------
    order
        Indices of the keys, sorted by key and then by index.
    starts
        Start of each group in `order`: `order[starts]` is the first index of each key.
    counts
        The size of each group.
    """

    order: Ints
    starts: Ints
    counts: Ints


def group(keys: Ints) -> Groups:
    """Group equal keys; groups are in the order of their keys.

    The index is packed below the key where both fit 63 bits: one plain sort, which numpy has in
    vector instructions, then does what a much slower stable argsort would do.
    """
    n = len(keys)
    bits = n.bit_length()
    if n and int(keys.max()) < 1 << (63 - bits):
        packed = np.sort((keys << bits) | np.arange(n, dtype=np.int64))
        order = packed & ((1 << bits) - 1)
        ordered = packed >> bits
    else:
        order = np.argsort(keys, kind="stable").astype(np.int64)
        ordered = keys[order]
    first = np.ones(n, np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    starts = np.flatnonzero(first)
    return Groups(order, starts, np.diff(starts, append=n))
