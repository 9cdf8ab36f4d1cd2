r"""Find the heading of references that is a line in bold, such as `{\bf References}`."""

from __future__ import annotations

import re
from collections.abc import Iterator

_WORDS = ("eferences", "EFERENCES", "ibliography", "iterature cited", "ITERATURE CITED")
_MAX_BEFORE = 120  # characters of the line before the word
_HEADING = re.compile(
    r"[ \t]{0,9}(?:\\(?:noindent|centerline|leftline|bigskip|medskip)\b[ \t]{0,3}|\\begin\{center\}|\{){0,4}"
    r"[ \t]{0,3}(?:\\(?:bf|large|Large|LARGE|sc|it|bfseries)\b[ \t]{0,3}|\\(?:textbf|textsc)\{){1,3}"
    r"(?:references?|bibliography|literature cited)[.:]?[ \t]{0,3}\}[} \t]{0,5}"
    r"(?:\\end\{center\}|\\\\|\\par)?[ \t]{0,3}$",
    re.IGNORECASE | re.MULTILINE,
)


def with_references(text: str, start: int) -> str:
    r"""Return a document with `\listrefs` in place of lines in bold that are the references' heading.

    >>> with_references("Text.\n\n{\\bf References}\n[1] A. Reader", 0)
    'Text.\n\n\\listrefs\n[1] A. Reader'
    """
    out: list[str] = []
    position = 0
    for word in sorted(_occurrences(text, start)):
        line = text.rfind("\n", max(position, word - _MAX_BEFORE), word) + 1
        if line and (heading := _HEADING.match(text, line)):
            out += [text[position:line], "\\listrefs"]
            position = heading.end()
    return "".join((*out, text[position:])) if out else text


def _occurrences(text: str, start: int) -> Iterator[int]:
    for word in _WORDS:
        position = text.find(word, start)
        while position >= 0:
            yield position
            position = text.find(word, position + 1)
