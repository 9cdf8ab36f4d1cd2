"""Keep the words of a template that no table has, if it looks like a part of its sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from udfs.extract.wikitext_marks import END_GUESS, GAP, GUESS, LOST

_NAME = re.compile(r"[^\W\d_]{1,12}[.-]?")  # templates that look a value up have longer names
_VALUE = re.compile(r"[^\n|=<>{}\[\]/_]{1,60}")
_IDENTIFIER = re.compile(r"[A-Za-z-]+[0-9]|[0-9]+[A-Za-z]{3}|[0-9]{7}")
_MAX_VALUES = 4
_BEFORE = (" ", "\u00a0", "(", "«", "„", "“", '"')


def unknown(
    name: str, params: Sequence[Any], before: Sequence[str], text: Callable[[Any], str]
) -> list[str]:
    """Return the marks of an unknown template, and its values if they look like words.

    A template over several lines is a box beside the text, and one that follows a word without a blank
    is a footnote.

    Parameters
    ----------
    name
        The template's name in lower case.
    params
        The parser's parameters.
    before
        The texts before the template.
    text
        Renders parsed wikitext.
    """
    if any("\n" in str(param) for param in params):
        return [GAP]
    last = next((part for part in reversed(before) if part), "\n")
    if not 0 < len(params) <= _MAX_VALUES or not last.endswith((*_BEFORE, "\n")):
        return [LOST]
    if not _NAME.fullmatch(name) or any(param.showkey for param in params):
        return [LOST]
    values = [text(param.value).strip() for param in params]
    if all(_VALUE.fullmatch(value) and not _IDENTIFIER.search(value) for value in values):
        return [LOST, f"{GUESS}{' '.join(values)}{END_GUESS}"]
    return [LOST]
