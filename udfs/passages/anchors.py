"""Content-defined anchors: the blocks of texts in which a passage can begin.

A window is `shortest` units in a row, the shortest passage. Its anchor is the run of `run` units in it with
the smallest hash, the last of equal ones (winnowing: Schleimer, Wilkerson and Aiken, 2003). Equal windows
have equal anchors, wherever they stand, so a window whose anchor no other text has is in no other text.
Consecutive windows with one anchor are a block; with 50 words, a block has 13 windows on average.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple

import numpy as np

from udfs.passages.units import Hashes, Ints, Unit, Units

AT_ONCE = 1 << 19
"""Characters of texts that are worked on together."""

LONG = 1 << 20
"""Characters above which a text is cut into parts that are worked on one after another."""

_LOW = np.uint64(0xFFFFFFFF)


@dataclass(frozen=True)
class Passages:
    """What counts as a passage.

    Attributes
    ----------
    shortest
        Units of the shortest passage.
    unit
        `word` or `byte`.
    """

    shortest: int
    unit: Unit = "word"

    @property
    def run(self) -> int:
        """Units of an anchor."""
        return (self.shortest + 1) // 2

    @property
    def runs(self) -> int:
        """Runs of a window, of which the anchor is one."""
        return self.shortest - self.run + 1


class Spans(NamedTuple):
    """Spans of some texts.

    Attributes
    ----------
    text
        Index of the text.
    start, end
        In characters of the text.
    anchor
        Hash of the anchor; of windows 0.
    digests
        BLAKE2b digests of 128 bits of the UTF-8, as two numbers each.
    """

    text: Ints
    start: Ints
    end: Ints
    anchor: Hashes
    digests: Ints


def blocks(texts: Sequence[str | None], passages: Passages) -> Iterator[Spans]:
    """Yield the blocks of all windows of texts.

    A window is in one block. Blocks of texts above `LONG` also end where the text is cut.
    """
    for part in _parts(texts, passages):
        first, last, anchors = _runs(part.units, passages)
        yield _spans(part, first, last + passages.shortest - 1, anchors)


def windows(
    texts: Sequence[str | None], starts: Sequence[Sequence[int]], passages: Passages
) -> Iterator[Spans]:
    """Yield the windows of some blocks.

    Parameters
    ----------
    starts
        Start of the wanted blocks of each text, as `blocks` gives it.
    """
    wanted = np.array([text << 32 | at for text, of in enumerate(starts) for at in of], np.int64)
    for part in _parts(texts, passages):
        first, last, _ = _runs(part.units, passages)
        at, _ = part.units.places(part.units.starts[first], part.units.starts[first])
        text, offset = part.numbers[part.units.text_of[first]], part.offset
        chosen = np.isin(text << 32 | (at + offset), wanted)
        first, last = first[chosen], last[chosen]
        counts = last - first + 1
        ends = np.cumsum(counts)
        every = np.arange(int(counts.sum())) + np.repeat(first - ends + counts, counts)
        yield _spans(part, every, every + passages.shortest - 1, np.zeros(len(every), np.uint64))


class _Part(NamedTuple):
    """Texts that are worked on together, or a part of one.

    Attributes
    ----------
    numbers
        Index of each text among all.
    offset
        Characters of the text before the part.
    """

    units: Units
    numbers: Ints
    offset: int


def _parts(texts: Sequence[str | None], passages: Passages) -> Iterator[_Part]:
    pending: list[int] = []
    size = 0
    for number, text in enumerate(texts):
        if text is None:
            continue
        if len(text) > LONG:
            yield from _of_long(text, number, passages)
            continue
        if pending and size + len(text) > AT_ONCE:
            yield _together(texts, pending, passages)
            pending, size = [], 0
        pending.append(number)
        size += len(text)
    if pending:
        yield _together(texts, pending, passages)


def _together(texts: Sequence[str | None], numbers: list[int], passages: Passages) -> _Part:
    chosen = [texts[number] or "" for number in numbers]
    return _Part(Units(chosen, passages.unit), np.array(numbers), 0)


def _of_long(text: str, number: int, passages: Passages) -> Iterator[_Part]:
    """Yield parts of a text such that each window is in one of them."""
    shortest, at, size = passages.shortest, 0, LONG
    while True:
        units = Units([text[at : at + size]], passages.unit)
        if at + size >= len(text):
            yield _Part(units, np.array([number]), at)
            return
        last = len(units) - 1  # which the cut may have shortened
        if last < 2 * shortest:
            size *= 2
            continue
        edges = units.starts[[last, last - shortest + 1]]
        whole, next_ = units.places(edges, edges)[0].tolist()
        yield _Part(Units([text[at : at + whole]], passages.unit), np.array([number]), at)
        at, size = at + next_, LONG


def _runs(units: Units, passages: Passages) -> tuple[Ints, Ints, Hashes]:
    """Return the first and the last window of each block, by their first unit, and its anchor."""
    hashes = units.hashes(passages.run)
    of_text = units.text_of
    in_one_text = of_text[: -passages.shortest + 1 or None] == of_text[passages.shortest - 1 :]
    window = np.flatnonzero(in_one_text)
    if not len(window):
        return window, window, np.empty(0, np.uint64)
    # 32 bits of the hash, and the place from the end: the smallest is the last of equal hashes
    ranked = (hashes & ~_LOW) | (_LOW - np.arange(len(hashes), dtype=np.uint64))
    least = _sliding_minimum(ranked, passages.runs)[window]
    is_first = np.append(True, least[1:] != least[:-1])
    firsts = np.flatnonzero(is_first)
    lasts = np.append(firsts[1:], len(window)) - 1
    anchors = hashes[(_LOW - (least[firsts] & _LOW)).astype(np.int64)]
    return window[firsts], window[lasts], anchors


def _sliding_minimum(values: Hashes, width: int) -> Hashes:
    """Return the minimum of each run of `width` values.

    >>> _sliding_minimum(np.array([3, 1, 2, 5, 4, 6], np.uint64), 3).tolist()
    [1, 1, 2, 4]
    """
    known = 1
    while 2 * known <= width:
        values = np.minimum(values[:-known], values[known:])
        known *= 2
    rest = width - known
    return np.minimum(values[:-rest], values[rest:]) if rest else values


def _spans(part: _Part, first: Ints, last: Ints, anchors: Hashes) -> Spans:
    """Return the spans from one unit to another."""
    units = part.units
    begins, ends = units.starts[first], units.ends[last]
    start, end = units.places(begins, ends)
    digests = b"".join(
        [blake2b(content, digest_size=16).digest() for content in units.contents(begins, ends)]
    )
    return Spans(
        part.numbers[units.text_of[first]],
        start + part.offset,
        end + part.offset,
        anchors,
        np.frombuffer(digests, "<i8").reshape(-1, 2),
    )
