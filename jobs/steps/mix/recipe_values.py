"""What a recipe may say: numbers above 0, exactly, and mappings."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from schemas.errors import UserError


def above_zero(where: str, said: Any) -> Fraction:
    """A number above 0; refuse what is none."""
    found = number(said)
    if found is None:
        raise UserError(f"{where}: expected a number above 0, found {said!r}")
    return found


def number(said: Any) -> Fraction | None:
    """A number above 0, exactly; None for what is none."""
    try:
        # what a float cannot hold is no share, and a Fraction would take long to hold it
        return Fraction(said) if 0 < float(said) < math.inf else None
    except (TypeError, ValueError):
        return None


def whole(said: Any) -> int | None:
    """A whole number from 1 to a million; None for what is none."""
    digits = isinstance(said, str) and said.isascii() and said.isdigit() and len(said) <= 7
    return int(said) if digits and 1 <= int(said) <= 10**6 else None


def mapping(where: str, said: Any, expected: str) -> dict[str, Any]:
    """Keys and values, the keys text; refuse what is none."""
    if not isinstance(said, dict) or not all(isinstance(key, str) for key in said):
        raise UserError(f"{where}: expected {expected}, found {said!r}")
    return said
