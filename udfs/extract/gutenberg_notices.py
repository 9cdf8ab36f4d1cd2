"""Notices of copyright that Project Gutenberg's collections have between their parts."""

from __future__ import annotations

import re
from collections.abc import Iterator

_BRACKETED_NOTICE = re.compile(r"<<[^<>]{0,3000}>>")
_NAMES = ("Gutenberg", "GUTENBERG")
_NOTICE = re.compile(
    r"copyright|licen[cs]e|permission|provided by|etext|e-text|ebook|trademark"
    r"|electronic (?:version|text|edition)",
    re.IGNORECASE,
)
_NOTICE_START = re.compile(
    r"\W{0,9}(?:This (?:e-?book|e-?text|electronic (?:version|edition|text)) (?:is|was|may)\b"
    r"|(?:Produced|Prepared|Scanned|Transcribed|Digiti[sz]ed) (?:by|for)\b"
    r"|This file should be named|Project Gutenberg['\u2019]s E-?(?:text|book) of)",
    re.IGNORECASE,
)
_FILE_NAME = re.compile(r"^[* \t]{0,9}This file should be named [^\n]{1,90}\n", re.MULTILINE)
_MAX_NOTICE = 3000  # characters
_MIN_CAPITALS = 0.7  # as a share of the letters of a notice without brackets


def without_notices(text: str) -> str:
    """Return a book without the library's notices between its parts.

    These are in double angle brackets, or paragraphs in capitals, and name Project Gutenberg.
    """
    out: list[str] = []
    position = 0
    for name in sorted(_occurrences(text)):
        if name < position:
            continue
        span = _notice(text, name, position)
        if span:
            out.append(text[position : span[0]])
            position = span[1]
    out.append(text[position:])
    text = "".join(out) if position else text
    return _FILE_NAME.sub("", text) if "file should be named" in text else text


def _occurrences(text: str) -> Iterator[int]:
    """Yield the positions of the library's name; a search without case takes ten times as long."""
    for name in _NAMES:
        position = text.find(name)
        while position >= 0:
            yield position
            position = text.find(name, position + 1)


def _notice(text: str, position: int, start: int) -> tuple[int, int] | None:
    """Return the notice around a position."""
    opening = text.rfind("<<", max(start, position - _MAX_NOTICE), position)
    if opening >= 0:
        bracketed = _BRACKETED_NOTICE.match(text, opening)
        if bracketed and bracketed.end() > position and _NOTICE.search(bracketed[0]):
            return bracketed.span()
    begin = text.rfind("\n\n", max(start, position - _MAX_NOTICE), position) + 2
    if begin < 2:
        begin = start if position - start < _MAX_NOTICE else -1
    end = text.find("\n\n", position, position + _MAX_NOTICE)
    end = end if end >= 0 else len(text) if len(text) - position < _MAX_NOTICE else -1
    if begin < 0 or end < 0:
        return None
    paragraph = text[begin:end]
    letters = sum(map(str.isalpha, paragraph))
    in_capitals = sum(map(str.isupper, paragraph)) >= _MIN_CAPITALS * letters
    if _NOTICE_START.match(paragraph) or (in_capitals and _NOTICE.search(paragraph)):
        return begin, end
    return None
