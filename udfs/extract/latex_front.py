"""Title and abstract of a paper, as plain text in one line."""

from __future__ import annotations

import re
import unicodedata

from udfs.extract.latex_braces import Budget, TooMuchError, closing

_TITLE = re.compile(r"\\title(?![A-Za-z@])\*?\s{0,9}(?:\[[^\]]{0,500}\]\s{0,9})?\{")
_ABSTRACT = re.compile(r"\\begin\s{0,9}\{abstract\}|\\abstract(?![A-Za-z@])\s{0,9}\{")
_ABSTRACT_END = re.compile(r"\\end\s{0,9}\{abstract\}")
_LONGEST_TITLE = 1000
_LONGEST_ABSTRACT = 5000
_ACCENT = re.compile(
    r"""\\(?:(["'`^~=.])|([cvuHkr])(?![A-Za-z]))\s?\{?\\?([A-Za-z])(?![A-Za-z])?\}?"""
)
_MARKS = {
    **dict(zip("\"'`^~=.", "\u0308\u0301\u0300\u0302\u0303\u0304\u0307", strict=True)),
    **dict(zip("cvuHkr", "\u0327\u030c\u0306\u030b\u0328\u030a", strict=True)),
}
_LETTERS = {
    **{"ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å"},
    **{"o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "i": "i", "j": "j"},
    **{"LaTeX": "LaTeX", "TeX": "TeX", "ldots": "...", "dots": "..."},
}
_LETTER = re.compile(
    rf"\{{?\\({'|'.join(sorted(_LETTERS, key=len, reverse=True))})(?![A-Za-z])(?:\{{\}}|\s(?=\w))?\}}?"
)
_NOTE = re.compile(
    r"\\(?:thanks|footnote|footnotemark|tnoteref|label|vspace|hspace|titlenote)\*?"
    r"\s?(?:\[[^\]]{0,99}\])?(?:\{[^{}]{0,500}(?:\{[^{}]{0,500}\}[^{}]{0,500}){0,9}\})?"
)
_FORMULA = re.compile(r"(\$[^$]{1,500}\$)")
_BREAK = re.compile(
    r"\\\\(?:\[[^\]]{0,20}\])?|~|\\(?:newline|linebreak|break|and|quad|qquad|,|;|:| )"
)
_COMMAND = re.compile(r"\\[A-Za-z@]+\*?\s?|\\(?=[#$%&_{}-])|\\[/!]|[{}]")


def title(text: str) -> str | None:
    r"""Return what `\title` says in a text, without notes and font commands; None if nothing."""
    found = _TITLE.search(text)
    said = _braced(text, found.end(), _LONGEST_TITLE) if found else None
    return plain(said) if said else None


def abstract(text: str) -> str | None:
    """Return the abstract of a text; None where there is none, or one of over 5,000 characters."""
    found = _ABSTRACT.search(text)
    if not found:
        return None
    if found[0].startswith("\\abstract"):
        said = _braced(text, found.end(), _LONGEST_ABSTRACT)
    else:
        end = _ABSTRACT_END.search(text, found.end(), found.end() + 2 * _LONGEST_ABSTRACT)
        said = text[found.end() : end.start()] if end else None
    return plain(said) if said and len(said) <= _LONGEST_ABSTRACT else None


def plain(said: str) -> str | None:
    """Return a short piece of LaTeX as one line of text, its formulas as they are."""
    parts = _FORMULA.split(_NOTE.sub("", said))
    for at in range(0, len(parts), 2):
        part = _ACCENT.sub(_accented, _BREAK.sub(" ", parts[at]))
        part = _LETTER.sub(lambda found: _LETTERS[found[1]], part)
        part = _COMMAND.sub("", part)
        parts[at] = (
            part.replace("---", "\u2014")
            .replace("--", "\u2013")
            .replace("``", '"')
            .replace("''", '"')
        )
    return " ".join("".join(parts).split()) or None


def _accented(found: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", found[3] + _MARKS[found[1] or found[2]])


def _braced(text: str, start: int, longest: int) -> str | None:
    window = text[start : start + longest]
    try:
        end = closing(window, 0, Budget(longest))
    except TooMuchError:
        return None
    return window[:end] if end is not None else None
