"""Pairs of 64-bit numbers within a Hamming distance k, without comparing all with all.

Cut the bits into m blocks: numbers that differ in at most k bits agree in at least m - k blocks. So a
table for each choice of m - k blocks, keyed by their bits, has each pair in a group of equal keys
(Manku et al., "Detecting Near-Duplicates for Web Crawling", 2007). Bits that are in no block
do not have to agree.

SimHashes of one language are not uniform: some bits are nearly the same everywhere, and blocks of them
would separate nothing. So a sample decides which bits make a block, so that all blocks separate numbers
equally well, and which m is the cheapest. A group that is still large is split again by its own bits. If
tables cost more than comparing all pairs, as among numbers that differ in few bits, all pairs are
compared: then the cost grows with the square, and so does the number of near pairs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from math import comb

import numpy as np
import numpy.typing as npt

from udfs.near_duplicates.spanning_forest import Pairs, Places

BITS = 64
LARGE = 2048
"""Size above which a group is split again."""

SAMPLE = 2048
"""Size of the sample for a plan."""

ROW_COST = 100.0
"""Cost of a number in a table, in comparisons of about a nanosecond."""

_MAX_TABLES = 500
_SMALL = 32  # size above which a group is compared by itself, which is faster
_BLOCK = 1 << 15  # comparisons at once: they stay in the processor's cache

Numbers = npt.NDArray[np.uint64]


def plan(sample: Numbers, count: int, within: int, row_cost: float = ROW_COST) -> list[int]:
    """Return the cheapest tables for finding the pairs among `count` numbers: the mask of each key.

    Parameters
    ----------
    sample
        Some of the numbers, without repetition; the tables miss no pair, whatever the sample.
    within
        The largest distance of a pair, in bits.
    row_cost
        Cost of a number in a table, in comparisons.

    Returns
    -------
    list of int
        `[0]`, one table of one group, if nothing is cheaper than comparing all pairs.
    """
    same = _same(sample)
    varying = [int(bit) for bit in np.argsort(same, kind="stable") if same[bit] < 1]
    best, least = [0], count * row_cost + count * count / 2
    for blocks in range(within + 1, len(varying) + 1):
        tables = comb(blocks, within)
        if tables > _MAX_TABLES or tables * count * row_cost >= least:
            break
        masks = _masks(varying, same, blocks, within)
        agreeing = sum(_agreeing(sample, mask, same) for mask in masks)
        cost = tables * count * row_cost + agreeing * count * count / 2
        if cost < least:
            best, least = masks, cost
    return best


def pairs(numbers: Numbers, within: int) -> Iterator[Pairs]:
    """Yield all pairs of different numbers within a distance, some of them several times.

    Parameters
    ----------
    numbers
        Without repetition: n equal ones would be n squared / 2 pairs.

    Yields
    ------
    left, right : arrays of int
        Indices in `numbers`, some pairs at a time.
    """
    masks = [0]
    if len(numbers) > LARGE:
        # drawn with repetition, then made unique: the same for the same numbers
        drawn = np.random.default_rng(0).integers(0, len(numbers), SAMPLE)
        masks = plan(numbers[np.unique(drawn)], len(numbers), within)
    if masks == [0]:
        yield from _of_all(numbers, within)
        return
    for mask in masks:
        yield from pairs_in_table(numbers, mask, within)


def pairs_in_table(numbers: Numbers, mask: int, within: int) -> Iterator[Pairs]:
    """Yield the pairs within a distance of those numbers that agree in the bits of `mask`."""
    if not mask:
        yield from pairs(numbers, within)
        return
    keys = numbers & np.uint64(mask)
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    sizes = np.diff(np.append(starts, len(keys)))
    large = sizes > _SMALL
    for left, right in _of_groups(numbers[order], starts[~large], sizes[~large], within):
        yield order[left], order[right]
    for start, size in zip(starts[large].tolist(), sizes[large].tolist(), strict=True):
        group = order[start : start + size]
        for left, right in pairs(numbers[group], within):
            yield group[left], group[right]


def _same(sample: Numbers) -> npt.NDArray[np.float64]:
    """Return for each bit, lowest first, the chance that it is the same in two numbers."""
    ones = np.array([np.count_nonzero(sample & np.uint64(1 << bit)) for bit in range(BITS)])
    share = ones / max(len(sample), 1)
    return np.asarray(share**2 + (1 - share) ** 2)


def _masks(
    varying: Sequence[int], same: npt.NDArray[np.float64], blocks: int, within: int
) -> list[int]:
    """Return the masks of the tables: each bit, best first, goes to the block that separates least."""
    masks, information = [0] * blocks, [0.0] * blocks
    for bit in varying:
        weakest = information.index(min(information))
        masks[weakest] |= 1 << bit
        information[weakest] -= float(np.log2(same[bit]))
    return [sum(chosen) for chosen in combinations(masks, blocks - within)]


def _agreeing(sample: Numbers, mask: int, same: npt.NDArray[np.float64]) -> float:
    """Return the share of pairs that agree in the mask.

    From the sample, or as if the bits were independent if the sample is too small to have such a pair.
    """
    independent = float(np.prod(same[[bit for bit in range(BITS) if mask >> bit & 1]]))
    _, sizes = np.unique(sample & np.uint64(mask), return_counts=True)
    shown = int((sizes * (sizes - 1)).sum()) / max(len(sample) * (len(sample) - 1), 1)
    return max(independent, shown)


def _of_all(numbers: Numbers, within: int) -> Iterator[Pairs]:
    """Compare all pairs, some rows of the square above its diagonal at a time."""
    rows = max(_BLOCK // max(len(numbers), 1), 1)
    for start in range(0, len(numbers) - 1, rows):
        block = numbers[start : start + rows, np.newaxis] ^ numbers[np.newaxis, start:]
        left, right = np.nonzero(np.bitwise_count(block) <= within)
        above = left < right
        if above.any():
            yield left[above] + start, right[above] + start


def _of_groups(numbers: Numbers, starts: Places, sizes: Places, within: int) -> Iterator[Pairs]:
    """Compare the pairs within groups: each number with the next of its group, the second next, ..."""
    shared = sizes > 1
    starts, sizes = starts[shared], sizes[shared]
    offsets = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    left = np.repeat(starts, sizes) + offsets
    after = np.repeat(sizes, sizes) - offsets  # numbers of the group from here on
    step = 1
    while True:
        more = after > step
        left, after = left[more], after[more]
        if not len(left):
            return
        near = left[np.bitwise_count(numbers[left] ^ numbers[left + step]) <= within]
        if len(near):
            yield near, near + step
        step += 1
