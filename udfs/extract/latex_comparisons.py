r"""Decide comparisons in TeX: `\if` of characters, `\ifnum` and `\ifodd` of numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from udfs.extract.latex_constants import with_values

_OPERAND = r"(?:(?P<{0}>-?[0-9]{{1,9}})|\\(?P<{0}_name>[A-Za-z]+))\s{{0,9}}"
_NUMBERS = re.compile(
    rf"\s{{0,9}}{_OPERAND.format('left')}(?P<sign>[<>=])\s{{0,9}}{_OPERAND.format('right')}"
)
_ODD = re.compile(rf"\s{{0,9}}{_OPERAND.format('left')}")
_TOKENS = re.compile(
    r"\s{0,9}(?:(?P<left>[0-9A-Za-z])|\\(?P<left_name>[A-Za-z]+)\s{0,9})"
    r"(?:(?P<right>[^\\{}\s])|\\(?P<right_name>[A-Za-z]+)\s{0,9})?"
)
_UNDEFINED = r"\\@?undefined(?![A-Za-z])"
_ASKED = {
    "ifdefined": re.compile(r"\s{0,9}\\(?P<name>[A-Za-z]{1,40})(?P<last>)\s{0,9}"),
    "ifx": re.compile(
        rf"\s{{0,9}}(?:\\(?P<name>[A-Za-z]{{1,40}})\s{{0,9}}{_UNDEFINED}"
        rf"|{_UNDEFINED}\s{{0,9}}\\(?P<last>[A-Za-z]{{1,40}}))\s{{0,9}}"
    ),
}
_OF_ENGINES = ("pdf", "XeTeX", "lua", "directlua", "HCode", "chapter", "tex")
_DEFINING = (
    r"\\(?:[gex]?def|let|(?:re|provide)?(?:new)?command\*?|newcommand\*?|newif|newcount)\s{{0,9}}\{{?\s{{0,9}}"
    r"\\{}(?![A-Za-z@])"
)
_MAX_NAMES = 50


def comparison(
    name: str, text: str, position: int, values: Mapping[str, str]
) -> tuple[bool, int] | None:
    r"""Return whether `\if`, `\ifnum` or `\ifodd` holds, and the end of what it compares.

    None if that is unknown.

    Parameters
    ----------
    name
        The name of the command, and `position` the position after it.
    values
        The values of the paper's macros.
    """
    pattern = {"if": _TOKENS, "ifnum": _NUMBERS, "ifodd": _ODD}[name]
    match = pattern.match(text, position)
    if not match:
        return None
    left = match["left"] or values.get(match["left_name"])
    if left is None:
        return None
    if name == "ifodd":
        return (int(left) % 2 == 1, match.end()) if _is_number(left) else None
    right = match["right"] or values.get(match["right_name"] or "")
    if name == "if":
        if len(left) != 1 or (match["left_name"] and right is None):
            return None
        # a command that is no macro of the paper differs from each character
        end = match.end() if match["right"] or match["right_name"] else match.end("left")
        return left == (right or "")[:1], max(end, position)
    if right is None or not _is_number(left) or not _is_number(right):
        return None
    left_value, right_value = int(left), int(right)
    return {
        "<": left_value < right_value,
        ">": left_value > right_value,
        "=": left_value == right_value,
    }[match["sign"]], match.end()


def chosen(match: re.Match[str], values: Mapping[str, str]) -> bool | None:
    r"""Return whether a condition of `\ifthenelse` holds, `\equal` or of numbers; None if unknown."""
    if match["equal"] is not None:
        texts = [with_values(text.strip(), values) for text in (match["text"], match["equal"])]
        return None if any("\\" in text for text in texts) else texts[0] == texts[1]
    sides = [with_values(text, values) for text in (match["number"], match["compared"])]
    if not all(map(_is_number, sides)):
        return None
    left, right = map(int, sides)
    return {"<": left < right, ">": left > right, "=": left == right}[match["sign"]]


class Definitions:
    """Says which macros the files of a paper define."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = tuple(texts)
        self._names: dict[str, bool] = {}

    def has(self, name: str) -> bool | None:
        """Return whether a file defines a macro; None after the first 50 names."""
        if name not in self._names:
            if len(self._names) >= _MAX_NAMES:
                return None
            defining = re.compile(_DEFINING.format(name))
            self._names[name] = any(map(defining.search, self._texts))
        return self._names[name]


def of_definition(
    name: str, text: str, position: int, definitions: Definitions, is_text: bool
) -> tuple[bool, int] | None:
    r"""Return whether `\ifdefined\name` or `\ifx\name\undefined` holds, and the end of what it asks.

    None if that is unknown: in the preamble, a macro that the paper does not define may be LaTeX's.
    """
    match = _ASKED[name].match(text, position)
    if not match:
        return None
    macro = match["name"] or match["last"]
    is_defined = definitions.has(macro)
    if is_defined is None or not (is_defined or (is_text and not macro.startswith(_OF_ENGINES))):
        return None
    return is_defined == (name == "ifdefined"), match.end()


def _is_number(text: str) -> bool:
    return text.lstrip("-").isdecimal() and len(text) < 12
