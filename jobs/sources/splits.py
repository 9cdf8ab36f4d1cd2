"""Splits, the units of work of tasks: byte ranges of objects, planned from their sizes alone."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyspark.sql.datasource import InputPartition

from jobs.storage import ObjectInfo

# cost of opening an object, in bytes that could be read in the same time (as Spark's own sources)
OPENING = 4 << 20
SPLIT_BYTES = 128 << 20


@dataclass(frozen=True)
class ByteRange:
    """A byte range of an object as stored; it stands for the records that begin within it.

    Attributes
    ----------
    size
        Size of the whole object in bytes.
    start, end
        Offsets of the first byte and after the last.
    """

    uri: str
    size: int
    start: int
    end: int

    @property
    def whole(self) -> bool:
        """Return whether the range covers the whole object."""
        return self.start == 0 and self.end == self.size


@dataclass
class Split(InputPartition):
    """The byte ranges that one task reads, one after another."""

    ranges: tuple[ByteRange, ...]

    @property
    def cost(self) -> int:
        """Cost of reading the split, in bytes."""
        return sum(byte_range.end - byte_range.start + OPENING for byte_range in self.ranges)


def whole(objects: Iterable[ObjectInfo], *, pack: int = 0) -> list[Split]:
    """Return one split per object; objects that cost less than `pack` bytes together share one.

    An empty object has a byte range too, so that its reader can report it.
    """
    return packed((ByteRange(info.uri, info.size, 0, info.size) for info in objects), pack)


def ranges(objects: Iterable[ObjectInfo], *, split_bytes: int = SPLIT_BYTES) -> list[Split]:
    """Return splits of about `split_bytes`: parts of a large object, or several small objects."""
    ranges = []
    for info in objects:
        parts = max(1, -(-info.size // split_bytes))
        cuts = [info.size * part // parts for part in range(parts + 1)]
        ranges += [
            ByteRange(info.uri, info.size, start, end) for start, end in itertools.pairwise(cuts)
        ]
    return packed(ranges, split_bytes)


def packed(ranges: Iterable[ByteRange], pack: int) -> list[Split]:
    """Return splits of consecutive byte ranges that together cost at most `pack` bytes."""
    splits: list[Split] = []
    group: list[ByteRange] = []
    group_cost = 0
    for byte_range in ranges:
        cost = byte_range.end - byte_range.start + OPENING
        if group and group_cost + cost > pack:
            splits.append(Split(tuple(group)))
            group, group_cost = [], 0
        group.append(byte_range)
        group_cost += cost
    if group:
        splits.append(Split(tuple(group)))
    return splits


def longest_first(splits: Sequence[Split]) -> list[Split]:
    """Return the splits ordered by descending cost, so that no long one starts last."""
    return sorted(splits, key=lambda split: (-split.cost, split.ranges[0].uri))
