"""Take passages out of a text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

Span = tuple[int, int]
"""Start and end, in characters."""


class Remainder(NamedTuple):
    """A text without its passages.

    Attributes
    ----------
    text
        What is left.
    characters
        Characters that were taken out, with the blanks behind them.
    """

    text: str
    characters: int


def union(spans: Iterable[Span]) -> list[Span]:
    """Return spans that do not touch and cover the same characters.

    >>> union([(5, 9), (0, 3), (2, 4)])
    [(0, 4), (5, 9)]
    """
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def without(text: str, spans: Sequence[Span]) -> Remainder:
    """Return a text without some spans.

    The blanks behind a span go with it if a blank or nothing is before it, and those before it if
    nothing is behind it, so that what is left is neither joined nor set apart.

    >>> without("One. Two. Three.", [(5, 9)])
    Remainder(text='One. Three.', characters=5)
    """
    parts: list[str] = []
    at = 0
    for start, end in union(spans):
        parts.append(text[at:start])
        at = end
        if start == 0 or text[start - 1].isspace():
            while at < len(text) and text[at].isspace():
                at += 1
    rest = text[at:]
    kept = "".join([*parts, rest])
    if spans and not rest:
        kept = kept.rstrip()
    return Remainder(kept, len(text) - len(kept))
