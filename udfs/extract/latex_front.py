"""Extract the title and the abstract of a paper, as plain text in one line."""

from __future__ import annotations

import re
import unicodedata

from udfs.extract.latex_braces import Budget, BudgetExceededError, closing_position

_TITLE = re.compile(r"\\title(?![A-Za-z@])\*?\s{0,9}(?:\[[^\]]{0,500}\]\s{0,9})?\{")
# harvmac's has the number of the report first; AMS-TeX's ends in a command
_TITLE_OF_HARVMAC = re.compile(r"\\Title(?![A-Za-z@])\s{0,9}\{[^{}]{0,500}\}\s{0,9}\{")
_TITLE_OF_AMSTEX = re.compile(
    r"\\title(?![A-Za-z@])\s{0,9}([^{}\s][^{}]{0,500}?)\\endtitle(?![A-Za-z@])"
)
_ABSTRACT = re.compile(r"\\begin\s{0,9}\{abstract\}|\\abstract(?![A-Za-z@])\s{0,9}\{")
_ABSTRACT_END = re.compile(r"\\end\s{0,9}\{abstract\}")
_MAX_TITLE = 1000  # characters of source
_MAX_ABSTRACT = 5000
_ACCENT = re.compile(
    r"""\\(?:(["'`^~=.])|([cvuHkr])(?![A-Za-z]))\s?\{?\\?([A-Za-z])(?![A-Za-z])?\}?"""
)
_MARKS = {
    **dict(zip("\"'`^~=.", "\u0308\u0301\u0300\u0302\u0303\u0304\u0307", strict=True)),
    **dict(zip("cvuHkr", "\u0327\u030c\u0306\u030b\u0328\u030a", strict=True)),
}
_COMMAND_TEXTS = """
    ss=ß ae=æ AE=Æ oe=œ OE=Œ aa=å AA=Å o=ø O=Ø l=ł L=Ł i=i j=j
    LaTeX=LaTeX TeX=TeX ldots=... dots=...
"""
_LETTERS = dict(pair.split("=") for pair in _COMMAND_TEXTS.split())
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
    r"""Return the argument of `\title` without notes and font commands; None if missing or empty."""
    command = _TITLE.search(text) or _TITLE_OF_HARVMAC.search(text)
    source = _argument(text, command.end(), _MAX_TITLE) if command else None
    if not command and (amstex := _TITLE_OF_AMSTEX.search(text)):
        source = amstex[1]
    return plain_text(source) if source else None


def abstract(text: str) -> str | None:
    """Return the abstract of a paper; None if it is missing, empty or above 5,000 characters."""
    begin = _ABSTRACT.search(text)
    if not begin:
        return None
    if begin[0].startswith("\\abstract"):
        source = _argument(text, begin.end(), _MAX_ABSTRACT)
    else:
        end = _ABSTRACT_END.search(text, begin.end(), begin.end() + 2 * _MAX_ABSTRACT)
        source = text[begin.end() : end.start()] if end else None
    return plain_text(source) if source and len(source) <= _MAX_ABSTRACT else None


def plain_text(source: str) -> str | None:
    r"""Return a short piece of LaTeX as one line of text; formulas are kept as TeX.

    >>> plain_text(r"\textbf{On} G\"odel's~theorems, $x_{1}$")
    "On Gödel's theorems, $x_{1}$"
    """
    parts = _FORMULA.split(_NOTE.sub("", source))
    for index in range(0, len(parts), 2):
        part = _ACCENT.sub(_accented, _BREAK.sub(" ", parts[index]))
        part = _LETTER.sub(lambda match: _LETTERS[match[1]], part)
        part = _COMMAND.sub("", part)
        parts[index] = (
            part.replace("---", "\u2014")
            .replace("--", "\u2013")
            .replace("``", '"')
            .replace("''", '"')
        )
    return " ".join("".join(parts).split()) or None


def _accented(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", match[3] + _MARKS[match[1] or match[2]])


def _argument(text: str, start: int, max_length: int) -> str | None:
    """Return a command's argument, whose content starts here; None if it is not closed."""
    window = text[start : start + max_length]
    try:
        end = closing_position(window, 0, Budget(max_length))
    except BudgetExceededError:
        return None
    return window[:end] if end is not None else None
