"""What one task reads: pieces of objects, planned from their sizes alone."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyspark.sql.datasource import InputPartition

from jobs.storage import ObjectInfo

# what opening an object costs, in the bytes that could be read meanwhile (as Spark's own sources)
OPENING = 4 << 20
SPLIT_BYTES = 128 << 20


@dataclass(frozen=True)
class ByteRange:
    """A run of bytes of an object as stored: the records that begin within it.

    Attributes
    ----------
    size
        Bytes of the whole object.
    start, end
        The first byte, and the one behind the last.
    """

    uri: str
    size: int
    start: int
    end: int

    @property
    def whole(self) -> bool:
        """Whether it is all of the object."""
        return self.start == 0 and self.end == self.size


@dataclass
class Split(InputPartition):
    """One task: pieces that are read one after another."""

    ranges: tuple[ByteRange, ...]

    @property
    def cost(self) -> int:
        """What it takes to read, in bytes."""
        return sum(byte_range.end - byte_range.start + OPENING for byte_range in self.ranges)


def whole(objects: Iterable[ObjectInfo], *, pack: int = 0) -> list[Split]:
    """Return a split an object; objects that cost less than `pack` bytes are put together.

    An empty object is a piece as well: that it is empty, its reader tells.
    """
    return packed((ByteRange(each.uri, each.size, 0, each.size) for each in objects), pack)


def ranges(objects: Iterable[ObjectInfo], *, split_bytes: int = SPLIT_BYTES) -> list[Split]:
    """Return splits of about `split_bytes`: runs of a large object, several small ones together."""
    ranges = []
    for each in objects:
        parts = max(1, -(-each.size // split_bytes))
        cuts = [each.size * part // parts for part in range(parts + 1)]
        ranges += [
            ByteRange(each.uri, each.size, start, end) for start, end in itertools.pairwise(cuts)
        ]
    return packed(ranges, split_bytes)


def packed(ranges: Iterable[ByteRange], pack: int) -> list[Split]:
    """Return splits of neighbours that cost at most `pack` bytes together, or are one piece."""
    splits: list[Split] = []
    together: list[ByteRange] = []
    cost = 0
    for byte_range in ranges:
        more = byte_range.end - byte_range.start + OPENING
        if together and cost + more > pack:
            splits.append(Split(tuple(together)))
            together, cost = [], 0
        together.append(byte_range)
        cost += more
    if together:
        splits.append(Split(tuple(together)))
    return splits


def longest_first(splits: Sequence[Split]) -> list[Split]:
    """Return the splits in the order to start them in, so that no long one ends the job."""
    return sorted(splits, key=lambda split: (-split.cost, split.ranges[0].uri))
