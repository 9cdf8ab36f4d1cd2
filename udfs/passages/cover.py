"""Join the spans that a document repeats, and choose as few of them as cover the same text."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from udfs.passages.units import Ints


class Repeats(NamedTuple):
    """Spans of documents that stand elsewhere too.

    Attributes
    ----------
    number
        The document that repeats a span.
    start, length
        The span, in characters.
    keeper, keeper_start
        The document that keeps it, and where it stands there.
    documents
        Documents that the span stands in.
    """

    number: Ints
    start: Ints
    length: Ints
    keeper: Ints
    keeper_start: Ints
    documents: Ints

    def take(self, chosen: Ints | npt.NDArray[np.bool_]) -> Repeats:
        """Return some of the spans."""
        return Repeats(*(column[chosen] for column in self))


def cover(repeats: Repeats) -> Repeats:
    """Return as few spans as cover each document's, sorted by document and start; none is within another.

    Spans that touch or overlap, and that do so in the keeper as well, are one. Its number of documents is
    that of the part that stands in most.
    """
    if not len(repeats.number):
        return repeats
    joined = _joined(repeats)
    joined = joined.take(np.lexsort((-joined.length, joined.start, joined.number)))
    before, is_first = _furthest_before(joined.start + joined.length, joined.number[:, None])
    joined = joined.take(is_first | (joined.start + joined.length > before))
    return joined.take(_needed(joined))


def _joined(repeats: Repeats) -> Repeats:
    """Join the spans of each document, keeper and distance between the two."""
    distance = repeats.start - repeats.keeper_start
    order = np.lexsort((repeats.start, distance, repeats.keeper, repeats.number))
    sorted_ = repeats.take(order)
    ends = sorted_.start + sorted_.length
    keys = np.column_stack([sorted_.number, sorted_.keeper, distance[order]])
    before, is_first = _furthest_before(ends, keys)
    firsts = np.flatnonzero(is_first | (sorted_.start > before))
    joined = sorted_.take(firsts)
    return joined._replace(
        length=np.maximum.reduceat(ends, firsts) - joined.start,
        documents=np.maximum.reduceat(sorted_.documents, firsts),
    )


def _furthest_before(ends: Ints, keys: Ints) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """Return the largest end before each span among those with its key, and whether it is the first."""
    is_first = np.append(True, (keys[1:] != keys[:-1]).any(axis=1))
    shift = np.cumsum(is_first) * (int(ends.max()) + 1)
    furthest = np.maximum.accumulate(ends + shift)
    return np.append(0, furthest[:-1]) - shift, is_first


def _needed(repeats: Repeats) -> Ints:
    """Return the indexes of spans of which none is covered by those before and after it."""
    numbers, starts = repeats.number.tolist(), repeats.start.tolist()
    ends = (repeats.start + repeats.length).tolist()
    chosen: list[int] = []
    number, covered = None, 0
    for i, (own, end) in enumerate(zip(numbers, ends, strict=True)):
        if own != number:
            number, covered = own, -1
        is_last = i + 1 == len(ends) or numbers[i + 1] != own
        if is_last or starts[i + 1] > covered:
            chosen.append(i)
            covered = end
    return np.array(chosen, np.int64)
