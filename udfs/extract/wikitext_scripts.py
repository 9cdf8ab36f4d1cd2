"""Write superscripts and subscripts as plain text."""

from __future__ import annotations

import re
from collections.abc import Sequence

_SUPERSCRIPTS = str.maketrans("0123456789+-−–=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾")
_SUBSCRIPTS = str.maketrans("0123456789+-−–=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎")
_DIGITS = re.compile(r"[+−–-]?[0-9]{1,6}[+−–-]?|[+−–-]")
_CHARGE = re.compile(r"[0-9]{0,3}[+−–-]")


def superscript(text: str) -> str:
    """Return a superscript: digits as superscript characters, an exponent after ^, words unchanged.

    >>> superscript("2"), superscript("n"), superscript("x+1"), superscript("th")
    ('²', '^n', '^(x+1)', 'th')
    """
    word = text.strip()
    if _DIGITS.fullmatch(word):
        return word.translate(_SUPERSCRIPTS)
    if len(word) == 1 and word.isalpha():
        return f"^{word}"
    if len(word) < 40 and any(sign in word for sign in "+-−/*"):
        return f"^({word})"
    return text


def subscript(text: str) -> str:
    """Return a subscript: digits as subscript characters (H₂O), other text unchanged."""
    word = text.strip()
    return word.translate(_SUBSCRIPTS) if _DIGITS.fullmatch(word) else text


def formula(values: Sequence[str]) -> str:
    """Return a chemical formula: elements, counts and charges in turn.

    >>> formula(["Ge", "9", "2-"])
    'Ge₉²⁻'
    """
    return "".join(
        superscript(value) if _CHARGE.fullmatch(value) else subscript(value) for value in values
    )
