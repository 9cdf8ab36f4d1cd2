"""Measures of lines that filter sets need beyond RedPajama-V2's signals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from udfs.rule_measures.no_text import no_text_words
from udfs.rule_measures.scripts import columns, unspaced_characters
from udfs.rule_measures.sentences import ends_with_ellipsis, ends_with_mark, sentences

# V2's list without the en dash, which opens direct speech, and with those of datatrove and dolma
_BULLETS = frozenset(
    "-*\u2022\u2023\u25b6\u25c0\u25e6\u25a0\u25a1\u25aa\u25ab\u00b7\u25cf"
    # others that Unicode names bullets, white circle, katakana middle dot
    "\u2043\u204c\u204d\u2219\u25d8\u25cb\u30fb\uff65"
)
_SHORT = 30  # columns: FineWeb
_LONG_WORD = 1000  # characters: C4's code
# C4 removes marks of citations before it looks at the end of a line
_CITATION = re.compile(r"\[(?:\d{0,9}|edit|citation needed)\]")
_POLICY = (
    "terms of use",
    "privacy policy",
    "cookie policy",
    "uses cookies",
    "use of cookies",
    "use cookies",
)
# characters without width that can stand at the ends of lines: a line of them alone is blank
_NO_WIDTH = (
    "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2066\u2067\u2068\u2069\ufeff"
)
_C4_WORDS, _FINEWEB_WORDS = 5, 3


def line_measures(text: str, language: str | None = "en") -> dict[str, float | None]:
    """Return the measures of a text's lines; empty without a line. Blank lines never count.

    Shares are of the lines; `duplicate_line_characters` is of the characters of the lines. A line is a
    duplicate if the same one, but for blanks around it, was there before.
    """
    lines = [line for line in map(_stripped, text.splitlines()) if line]
    if not lines:
        return {}
    count = len(lines)
    distinct = set(lines)
    chars = sum(map(len, lines))
    return {
        "bullet_lines": sum(_begins_with_bullet(line, language) for line in lines) / count,
        "ellipsis_lines": sum(map(ends_with_ellipsis, lines)) / count,
        "duplicate_lines": (count - len(distinct)) / count,
        "duplicate_line_characters": (chars - sum(map(len, distinct))) / chars,
        "punctuated_lines": sum(map(ends_with_mark, lines)) / count,
        "short_lines": sum(len(line) < _SHORT and columns(line) < _SHORT for line in lines) / count,
        "no_text_words": no_text_words(lines),
        **_c4(text, lines),
    }


def _begins_with_bullet(line: str, language: str | None) -> bool:
    """Return whether a line begins with a bullet; a hyphen without a blank opens speech but in English."""
    if line[0] == "-" and language != "en":
        return not line[1:2].isalnum()
    return line[0] in _BULLETS


def _stripped(line: str) -> str:
    """Return a line without blanks and characters of no width around it."""
    line = line.strip()
    while line and (line[0] in _NO_WIDTH or line[-1] in _NO_WIDTH):
        line = line.strip(_NO_WIDTH).strip()
    return line


def _c4(text: str, lines: Sequence[str]) -> dict[str, float]:
    """Return the lines that C4 leaves and their sentences, and the sentences of those FineWeb leaves."""
    left = c4_sentences = fineweb_sentences = 0
    for line in _without_notices(text, lines):
        words = _words(line, _C4_WORDS)
        if words < _FINEWEB_WORDS:
            continue
        count = sentences(line)
        fineweb_sentences += count
        if words >= _C4_WORDS and ends_with_mark(line) and not ends_with_ellipsis(line):
            left += 1
            c4_sentences += count
    return {
        "c4_lines": left,
        "c4_sentences": c4_sentences,
        "fineweb_sentences": fineweb_sentences,
    }


def _without_notices(text: str, lines: Sequence[str]) -> Iterator[str]:
    """Yield the lines without citations, but for those that C4's code drops whatever their end.

    Those have the word "javascript" within any other, a notice on cookies or privacy, or a word of more
    than 1000 characters.
    """
    lowered = text.lower()
    unwanted = [words for words in ("javascript", *_POLICY) if words in lowered]
    for line in lines:
        if unwanted and any(words in line.lower() for words in unwanted):
            continue
        if _has_long_word(line):
            continue
        yield _CITATION.sub("", line).rstrip() if "[" in line else line


def _has_long_word(line: str) -> bool:
    """Return whether a word has more than 1000 characters; one of a script without blanks is no word."""
    if len(line) <= _LONG_WORD or max(map(len, line.split())) <= _LONG_WORD:
        return False
    return not unspaced_characters(line)


def _words(line: str, enough: int) -> int:
    """Return the number of words, at most `enough`; without blanks each character of a word is one."""
    words = len(line.split(None, enough)[:enough])
    if words < enough and not line.isascii():
        words += unspaced_characters(line[:1000])
    return min(words, enough)
