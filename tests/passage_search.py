"""Search texts for passages: by an exhaustive search, and by the blocks and windows of `udfs.passages`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from udfs.passages import anchors
from udfs.passages.anchors import Passages, Spans
from udfs.passages.cover import Repeats, cover
from udfs.passages.units import Units

Occurrence = tuple[int, int, int]
"""Number of a text, start and end."""


class Row(NamedTuple):
    """A row of `udfs.passages.cover.Repeats`."""

    number: int
    start: int
    length: int
    keeper: int
    keeper_start: int
    documents: int


def exhaustive(texts: Sequence[str], passages: Passages) -> list[set[int]]:
    """Return the characters of each text in a window that stands in an earlier one, or earlier in itself."""
    seen: dict[bytes, Occurrence] = {}
    covered = [set[int]() for _ in texts]
    for number, text in enumerate(texts):
        units = Units([text], passages.unit)
        first = np.arange(max(0, len(units) - passages.shortest + 1))
        begins, ends = units.starts[first], units.ends[first + passages.shortest - 1]
        places = zip(*(place.tolist() for place in units.places(begins, ends)), strict=True)
        for content, (start, end) in zip(units.contents(begins, ends), places, strict=True):
            keeper, _, keeper_end = seen.setdefault(content, (number, start, end))
            if keeper < number or keeper_end <= start:
                covered[number] |= set(range(start, end))
    return covered


def found(texts: Sequence[str], passages: Passages) -> list[Row]:
    """Return the passages as the job finds them: by blocks, then by windows of blocks that differ."""
    groups: defaultdict[int, defaultdict[tuple[int, ...], list[Occurrence]]]
    groups = defaultdict(lambda: defaultdict(list))
    for anchor, digest, occurrence in _spans(anchors.blocks(texts, passages)):
        groups[anchor][digest].append(occurrence)
    rows: list[Row] = []
    starts: list[list[int]] = [[] for _ in texts]
    for blocks in groups.values():
        results = [_of_group(sorted(group)) for group in blocks.values()]
        overlapping = [at for _, others in results for at in others]
        rows += [row for repeats, _ in results for row in repeats]
        if len(blocks) > 1 or overlapping:
            for number, start, _ in [min(group) for group in blocks.values()] + overlapping:
                starts[number].append(start)
    windows = defaultdict(set)
    for _, digest, occurrence in _spans(anchors.windows(texts, starts, passages)):
        windows[digest].add(occurrence)
    for group in windows.values():
        rows += _of_group(sorted(group))[0]
    if not rows:
        return []
    result = cover(Repeats(*map(np.array, zip(*rows, strict=True))))
    return [Row(*values) for values in zip(*(column.tolist() for column in result), strict=True)]


def _of_group(group: Sequence[Occurrence]) -> tuple[list[Row], list[Occurrence]]:
    """Return the rows of equal spans, and those that overlap the first, which keeps them."""
    (keeper, keeper_start, keeper_end), *others = group
    documents = len({number for number, _, _ in group})
    overlapping = [at for at in others if at[0] == keeper and at[1] < keeper_end]
    return [
        Row(number, start, end - start, keeper, keeper_start, documents)
        for number, start, end in others
        if (number, start, end) not in overlapping
    ], overlapping


def _spans(parts: Iterable[Spans]) -> Iterable[tuple[int, tuple[int, ...], Occurrence]]:
    for part in parts:
        columns = (column.tolist() for column in part)
        for text, start, end, anchor, digest in zip(*columns, strict=True):
            yield anchor, tuple(digest), (text, start, end)
