"""Functions that filter sets call; a parameter is a column of annotated/."""

from __future__ import annotations


def braces(text: str) -> float:
    """Return the share of braces among the characters of a text."""
    return sum(text.count(brace) for brace in "{}") / max(1, len(text))
