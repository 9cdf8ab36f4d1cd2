"""Values of a paper's macros without arguments that are plain names and numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_CONSTANT = re.compile(
    r"\\(?:[gex]?def\s{0,9}\\([A-Za-z]{1,40})"
    r"|(?:re|provide)?(?:new)?command\*?\s{0,9}(?:\{\s{0,9}\\([A-Za-z]{1,40})\s{0,9}\}|\\([A-Za-z]{1,40})))"
    r"\s{0,9}\{((?:[\w./ +-]|\\[A-Za-z]+(?![A-Za-z@])|\{\}){1,200})\}"
)
_NAME = re.compile(r"\\([A-Za-z]+)[ \t]*(?:\{\})?")
_MAX_DEPTH = 4  # macros in values of macros


def constants(texts: Iterable[str]) -> dict[str, str]:
    r"""Return the values of macros such as `\def\folder{sections}`; of several the last.

    >>> constants([r"\newcommand{\folder}{sections/\kind} \def\kind{long}"])
    {'folder': 'sections/\\kind', 'kind': 'long'}
    """
    values: dict[str, str] = {}
    for text in texts:
        for match in _CONSTANT.finditer(text):
            values[match[1] or match[2] or match[3]] = match[4]
    return values


def with_values(text: str, values: Mapping[str, str]) -> str:
    r"""Return a short text with the values of its macros; those without a value stay.

    >>> with_values(r"\folder/intro", {"folder": "sections"})
    'sections/intro'
    """
    for _ in range(_MAX_DEPTH):
        if "\\" not in text or len(text) > 1000:
            return text
        text = _NAME.sub(lambda match: values.get(match[1], match[0]), text)
    return text
