"""Parts of a text that are replaced."""

from __future__ import annotations

import bisect
import zlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Span(NamedTuple):
    """A part `text[start:end]` and its replacement."""

    start: int
    end: int
    kind: str
    replacement: str


def pick(replacements: Sequence[str], value: str) -> str:
    """Return the replacement of a value, which is always the same."""
    return replacements[zlib.crc32(value.encode("utf-8", "surrogatepass")) % len(replacements)]


def without_overlaps(spans: Iterable[Span]) -> list[Span]:
    """Return spans in the order of the text; of two that overlap, the one given first."""
    kept: list[Span] = []
    for span in spans:
        position = bisect.bisect(kept, span)
        overlaps = (position and kept[position - 1].end > span.start) or (
            position < len(kept) and kept[position].start < span.end
        )
        if not overlaps:
            kept.insert(position, span)
    return kept


def applied(text: str, spans: Sequence[Span]) -> str:
    """Return a text with its spans replaced.

    Parameters
    ----------
    spans
        In the order of the text, without overlaps.
    """
    parts: list[str] = []
    end = 0
    for span in spans:
        parts += [text[end : span.start], span.replacement]
        end = span.end
    return "".join([*parts, text[end:]]) if parts else text
