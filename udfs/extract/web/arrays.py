"""Operations on arrays that have an item for each block of a page."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]


def bits(numbers: Integers, size: int) -> npt.NDArray[np.uint8]:
    """Return the lowest bits of each number, an array of (size, numbers)."""
    octets = numbers.astype("<u8").view(np.uint8).reshape(len(numbers), -1)
    result: npt.NDArray[np.uint8] = np.unpackbits(octets, axis=1, count=size, bitorder="little").T
    return result


def clipped(numbers: Integers, low: int, high: int) -> Integers:
    """Return the numbers within limits; `numpy.clip` takes several times as long for a short array."""
    result: Integers = np.minimum(np.maximum(numbers, low), high)
    return result


def nearest(is_marked: npt.NDArray[np.bool_], index: Integers) -> tuple[Integers, Integers]:
    """Return the nearest marked block before each block, or -1, and after it, or the number of blocks.

    Parameters
    ----------
    is_marked
        (blocks): whether each is marked.
    index
        (blocks): the number of each.
    """
    n = len(index)
    before, after = np.full(n, -1), np.full(n, n)
    np.maximum.accumulate(np.where(is_marked, index, -1)[:-1], out=before[1:])
    after[:-1] = np.minimum.accumulate(np.where(is_marked, index, n)[:0:-1])[::-1]
    return before, after
