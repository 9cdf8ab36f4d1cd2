"""Read numbers that users write as text: exactly, within bounds, or with a unit."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from typing import Any

_COUNT = re.compile(
    r"([0-9][0-9_]{0,29})(?:\.([0-9]{1,30}))?(?:e\+?([0-9]{1,2}))? ?([kmbt]?)", re.I
)
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "b": 10**9, "t": 10**12}


def token_count(value: Any) -> int:
    """Return a number of tokens, written as `1000`, `2k`, `500M`, `1B`, `1.5T`, `1_000_000` or `1e9`.

    Raises
    ------
    ValueError
        It is not such a number, not whole, or above 10**18.

    Examples
    --------
    >>> token_count("1.5T")
    1500000000000
    """
    parts = _COUNT.fullmatch(str(value))
    if parts is None:
        raise ValueError("a number of tokens such as 1000, 2k, 500M, 1B or 1.5T")
    whole, decimals, power, unit = parts.groups()
    number = Fraction(f"{whole.replace('_', '')}.{decimals or 0}") * 10 ** int(power or 0)
    number *= _UNITS[unit.lower()]
    if number.denominator != 1:
        raise ValueError("a whole number of tokens")
    if number > 10**18:  # sums of counts fit 64 bits
        raise ValueError("at most 1000000T tokens")
    return int(number)


def positive_fraction(value: Any) -> Fraction:
    """Return a number above 0, exactly.

    Raises
    ------
    ValueError
        It is not a number, not finite, or not above 0.

    Examples
    --------
    >>> positive_fraction("4.5")
    Fraction(9, 2)
    """
    try:
        # the float first: a Fraction of 1e999999999 would take long to compute
        if 0 < float(value) < math.inf:
            return Fraction(value)
    except (TypeError, ValueError):
        pass
    raise ValueError("a number above 0")


def positive_float(value: Any) -> float:
    """Return a number above 0; raise ValueError as `positive_fraction`."""
    return float(positive_fraction(value))


def positive_int(value: Any) -> int:
    """Return a whole number from 1 to a million.

    Raises
    ------
    ValueError
        It is anything else.
    """
    text = str(value)
    if text.isascii() and text.isdigit() and len(text) <= 7 and 1 <= int(text) <= 10**6:
        return int(text)
    raise ValueError("a whole number from 1 to 1000000")
