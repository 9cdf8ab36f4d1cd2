"""Write superscripts and subscripts as plain text."""

from __future__ import annotations

import re
from collections.abc import Sequence

_SUPERSCRIPTS = str.maketrans("0123456789+-−–=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾")
_SUBSCRIPTS = str.maketrans("0123456789+-−–=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎")
_DIGITS = re.compile(r"[+−–-]?[0-9]{1,6}[+−–-]?|[+−–-]|[0-9]{1,3}(?:, ?[0-9]{1,3}){1,4}")
_MIXED = re.compile(r"[A-Za-z]?[0-9]{1,3}[A-Za-z]|[A-Za-z][0-9]{1,3}|[A-Za-z],[A-Za-z]")
_SIGNS = frozenset("+-−/*^")
_MAX_TERM = 40  # characters
# letters of ordinals, and what they follow
_ORDINALS = {
    "e": "IVXLCDM0123456789",
    **dict.fromkeys(("o", "a"), "nN.0123456789"),
    **dict.fromkeys(("d", "r", "s"), "0123456789"),
}
_CHARGE = re.compile(r"[0-9]{0,3}[+−–-]")


def superscript(text: str, before: str = "") -> str:
    """Return a superscript: digits as superscript characters, an exponent after ^, words unchanged.

    Parameters
    ----------
    before
        The character before it, which tells the ordinals of XIXe and no from exponents.

    >>> superscript("2"), superscript("n"), superscript("x+1"), superscript("th")
    ('²', '^n', '^(x+1)', 'th')
    >>> superscript("e", "X"), superscript("o", "n"), superscript("2n"), superscript("1,2")
    ('e', 'o', '^(2n)', '¹,²')
    """
    word = text.strip()
    if _DIGITS.fullmatch(word):
        return word.translate(_SUPERSCRIPTS)
    if before and before in _ORDINALS.get(word, ""):
        return text
    if len(word) == 1 and word.isalpha():
        return f"^{word}"
    return f"^({word})" if _is_term(word) else text


def subscript(text: str) -> str:
    """Return a subscript: digits as subscript characters (H₂O), an index with a sign after _.

    >>> subscript("2"), subscript("n-1"), subscript("max")
    ('₂', '_(n-1)', 'max')
    """
    word = text.strip()
    if _DIGITS.fullmatch(word):
        return word.translate(_SUBSCRIPTS)
    return f"_({word})" if _is_term(word) else text


def _is_term(word: str) -> bool:
    """Return whether a text is a formula, which would be another one beside what it belongs to."""
    if _MIXED.fullmatch(word):
        return True
    return (
        len(word) < _MAX_TERM and not word.startswith("[") and any(map(_SIGNS.__contains__, word))
    )


def formula(values: Sequence[str]) -> str:
    """Return a chemical formula: elements, counts and charges in turn.

    >>> formula(["Ge", "9", "2-"])
    'Ge₉²⁻'
    """
    return "".join(
        superscript(value)
        if _CHARGE.fullmatch(value)
        else value.translate(_SUBSCRIPTS)
        if _DIGITS.fullmatch(value)
        else value
        for value in values
    )
