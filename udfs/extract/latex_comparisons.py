r"""Decide comparisons in TeX: `\if` of characters, `\ifnum` and `\ifodd` of numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping

_OPERAND = r"(?:(?P<{0}>-?[0-9]{{1,9}})|\\(?P<{0}_name>[A-Za-z]+))\s{{0,9}}"
_NUMBERS = re.compile(
    rf"\s{{0,9}}{_OPERAND.format('left')}(?P<sign>[<>=])\s{{0,9}}{_OPERAND.format('right')}"
)
_ODD = re.compile(rf"\s{{0,9}}{_OPERAND.format('left')}")
_TOKENS = re.compile(
    r"\s{0,9}(?:(?P<left>[0-9A-Za-z])|\\(?P<left_name>[A-Za-z]+)\s{0,9})"
    r"(?:(?P<right>[^\\{}\s])|\\(?P<right_name>[A-Za-z]+)\s{0,9})?"
)


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


def _is_number(text: str) -> bool:
    return text.lstrip("-").isdecimal() and len(text) < 12
