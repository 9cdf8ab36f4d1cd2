"""What two sequences have in common, in their order, in time that does not run away.

`difflib` finds the longest common run, then the longest on both sides of it, and so on: fine for what
a person compares, but quadratic and worse where much is repeated. So a large pair is first cut at
the elements that each side has once (patience diff), and only what lies between two of these goes to
`difflib`; where even that would be too much, the elements are told to differ, and that it is so.
"""

from __future__ import annotations

import difflib
from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

_DEPTH = 3  # how often a stretch is cut at what it has once

Block = tuple[int, int, int]
"""Where equal elements are in the first and in the second sequence, and how many."""


@dataclass
class Work:
    """What comparing may cost, for one pair of sequences or for several.

    Attributes
    ----------
    left
        Steps that `difflib` may still take: of 30 ns at the worst, as a rule of one.
    complete
        Whether that was enough so far; if not, elements outside of the blocks may be equal.
    """

    left: int = 60_000_000
    complete: bool = True


def align(left: Sequence[Hashable], right: Sequence[Hashable], work: Work) -> list[Block]:
    """Find the runs that two sequences have in common, in ascending order in both.

    The time is linear in the sequences but for a logarithm, and for `work`.

    >>> align("abcd", "xbcy", Work())
    [(1, 1, 2)]
    """
    blocks: list[Block] = []
    for i, j, size in _cut(left, right, work):
        if blocks and (i, j) == (blocks[-1][0] + blocks[-1][2], blocks[-1][1] + blocks[-1][2]):
            i, j, before = blocks.pop()
            size += before
        blocks.append((i, j, size))
    return blocks


def _cut(
    left: Sequence[Hashable], right: Sequence[Hashable], work: Work, depth: int = _DEPTH
) -> Iterator[Block]:
    """Yield the blocks: by `difflib` if that is cheap, else between elements that are there once."""
    head = _common(left, right)
    tail = _common(left[head:][::-1], right[head:][::-1])
    if head:
        yield 0, 0, head
    ends = len(left) - tail, len(right) - tail
    middle = left[head : ends[0]], right[head : ends[1]]
    if all(middle):
        found = _by_difflib(*middle, work)
        if found is None:
            found = list(_between_anchors(*middle, work, depth))
        yield from _shifted(found, head, head)
    if tail:
        yield *ends, tail


def _between_anchors(
    left: Sequence[Hashable], right: Sequence[Hashable], work: Work, depth: int
) -> Iterator[Block]:
    anchors = _anchors(left, right) if depth else []
    if not anchors:
        work.complete = False
        return
    last = (0, 0)
    for i, j in [*anchors, (len(left), len(right))]:
        gap = left[last[0] : i], right[last[1] : j]
        if all(gap):
            yield from _shifted(_cut(*gap, work, depth - 1), *last)
        if i < len(left):
            yield i, j, 1
        last = i + 1, j + 1


def _by_difflib(
    left: Sequence[Hashable], right: Sequence[Hashable], work: Work
) -> list[Block] | None:
    """The blocks; None where finding them may take more than what is left of the work."""
    counts = Counter(right)
    pairs = sum(counts[each] for each in left)
    # for each block it goes through what is equal, in what is left
    once = pairs + len(left) + len(right)
    if once * (1 + min(pairs, len(left), len(right))) > work.left:
        return None
    matcher = difflib.SequenceMatcher(None, left, right, autojunk=False)
    found = [(i, j, size) for i, j, size in matcher.get_matching_blocks()[:-1]]
    work.left -= once * (1 + len(found))
    return found


def _common(left: Sequence[Hashable], right: Sequence[Hashable]) -> int:
    """How many elements both begin with."""
    for place, (one, other) in enumerate(zip(left, right, strict=False)):
        if one != other:
            return place
    return min(len(left), len(right))


def _anchors(left: Sequence[Hashable], right: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Most elements that each side has once and that come in the same order on both."""
    ones = [{each for each, n in Counter(side).items() if n == 1} for side in (left, right)]
    once = ones[0] & ones[1]
    places = {each: place for place, each in enumerate(right) if each in once}
    pairs = [(place, places[each]) for place, each in enumerate(left) if each in once]
    # the longest rising sequence: for each length the end that is the least, and what came before it
    ends: list[int] = []
    found: list[int] = []
    before: list[int] = []
    for at, (_, place) in enumerate(pairs):
        length = bisect_left(ends, place)
        before.append(found[length - 1] if length else -1)
        if length == len(ends):
            ends.append(place)
            found.append(at)
        else:
            ends[length], found[length] = place, at
    chain = []
    at = found[-1] if found else -1
    while at >= 0:
        chain.append(pairs[at])
        at = before[at]
    return chain[::-1]


def _shifted(blocks: Iterable[Block], i: int, j: int) -> Iterator[Block]:
    return ((i + a, j + b, size) for a, b, size in blocks)
