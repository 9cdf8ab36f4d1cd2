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
_MAX_DELIMITED = 1000  # characters of an argument that ends at a text
_PAIRS = {"o": "[]", "g": "{}"}
_CLOSING = "}])>|!/"


def read_arguments(
    macro: Macro, text: str, position: int, end: int, budget: Budget
) -> tuple[list[str], int] | None:
    """Return the arguments of a macro and the position after them; None if some are missing."""
    values: list[str] = []
    for kind, default in macro.signature or _signature(macro):
        begin = skip_blanks(text, position)
        if kind[0] in "st":
            is_given = text.startswith(kind[1:] or "*", begin) and begin < end
            values.append(TRUE if is_given else FALSE)
            position = begin + 1 if is_given else position
            continue
        if kind == "l":
            if not text.startswith(default or "", position, end):
                return None
            position += len(default or "")
            continue
        if kind == "u":
            argument = _until(text, position if values else begin, end, default or "", budget)
        elif kind == "m":
            argument = _mandatory(text, begin, end, budget)
        else:
            argument = _between(text, begin, end, _PAIRS.get(kind, kind[1:]), budget)
            if argument is None and kind[0] != "r":
                values.append(default or "")
                continue
        if argument is None:
            return None
        values.append(argument[0])
        position = argument[1]
    return values, position


def _between(text: str, begin: int, end: int, pair: str, budget: Budget) -> tuple[str, int] | None:
    """Return an argument between two characters, and the position after it."""
    if begin >= end or text[begin] != pair[0] or pair[1] not in _CLOSING:
        return None
    close = closing_position(text, begin + 1, budget, pair[1])
    return None if close is None or close >= end else (text[begin + 1 : close], close + 1)


def _until(
    text: str, position: int, end: int, delimiter: str, budget: Budget
) -> tuple[str, int] | None:
    """Return an argument up to a delimiter that is in no braces, and the position after that."""
    limit = min(end, position + _MAX_DELIMITED)
    close = text.find(delimiter, position, limit)
    while close >= 0:
        argument = text[position:close]
        budget.spend(len(argument) + len(delimiter))
        if argument.count("{") - argument.count("\\{") == argument.count("}") - argument.count(
            "\\}"
        ):
            is_group = argument.startswith("{") and argument.find("}") == len(argument) - 1
            return argument[1:-1] if is_group else argument, close + len(delimiter)
        close = text.find(delimiter, close + 1, limit)
    return None


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
