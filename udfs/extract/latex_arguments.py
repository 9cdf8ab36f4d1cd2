"""Read the arguments of a macro in TeX and put them into its value."""

from __future__ import annotations

import re

from udfs.extract.latex_braces import Budget, closing_position
from udfs.extract.latex_macros import Macro
from udfs.extract.latex_xparse import FALSE, TRUE, Parameter

_NAME_AT_END = re.compile(r"\\([A-Za-z]+)\s*\Z")
_BLANK = re.compile(r"[ \t]*\n?[ \t]*")
_TOKEN = re.compile("\x02[0-9]+\x03|\\\\(?:[A-Za-z]+|.)|[^\\s{}\\\\]")
_MAX_NAME = 64  # characters


def read_arguments(
    macro: Macro, text: str, position: int, end: int, budget: Budget
) -> tuple[list[str], int] | None:
    """Return the arguments of a macro and the position after them; None if some are missing."""
    values: list[str] = []
    for kind, default in macro.signature or _signature(macro):
        begin = skip_blanks(text, position)
        if kind == "s":
            starred = text.startswith("*", begin) and begin < end
            values.append(TRUE if starred else FALSE)
            position = begin + 1 if starred else position
            continue
        if kind == "o":
            close = None
            if text.startswith("[", begin) and begin < end:
                close = closing_position(text, begin + 1, budget, "]")
            if close is not None and close < end:
                values.append(text[begin + 1 : close])
                position = close + 1
            else:
                values.append(default or "")
            continue
        argument = _mandatory(text, begin, end, budget)
        if argument is None:
            return None
        values.append(argument[0])
        position = argument[1]
    return values, position


def _signature(macro: Macro) -> list[Parameter]:
    mandatory: list[Parameter] = [("m", None)] * macro.parameters
    return mandatory if macro.default is None else [("o", macro.default), *mandatory[1:]]


def _mandatory(text: str, begin: int, end: int, budget: Budget) -> tuple[str, int] | None:
    """Return an argument in braces, or of one token, and the position after it."""
    if begin >= end:
        return None
    if text[begin] == "{":
        close = closing_position(text, begin + 1, budget)
        return None if close is None or close >= end else (text[begin + 1 : close], close + 1)
    token = _TOKEN.match(text, begin, end)
    return (token[0], token.end()) if token else None


def substituted(macro: Macro, arguments: list[str]) -> str:
    """Return the value of a macro with arguments in place of its parameters."""
    out: list[str] = []
    for index, piece in enumerate(macro.pieces):
        text = arguments[int(piece) - 1] if index % 2 else piece
        if text[:1].isalpha() and out and ends_in_name(out[-1]):
            out.append(" ")
        if text:
            out.append(text)
    return "".join(out)


def name_at_end(text: str) -> re.Match[str] | None:
    """Return the match of the command name, group 1, that ends a text; blanks may follow it."""
    return _NAME_AT_END.search(text, max(0, len(text) - _MAX_NAME))


def ends_in_name(text: str) -> bool:
    """Return whether a text ends in a command name without blanks after it."""
    return name_at_end(text) is not None and text[-1:].isalpha()


def skip_blanks(text: str, position: int) -> int:
    """Return the position after blanks and at most one line end."""
    blank = _BLANK.match(text, position)
    return blank.end() if blank else position
