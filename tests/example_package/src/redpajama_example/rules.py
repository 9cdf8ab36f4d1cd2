"""A function that a filter set calls with a column of annotated/, and that is a signal as well."""

from __future__ import annotations


def braces(text: str) -> float:
    """Return the share of braces among the characters of a text."""
    return sum(text.count(brace) for brace in "{}") / max(1, len(text))
