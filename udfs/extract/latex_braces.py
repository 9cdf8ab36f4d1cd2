"""Matching braces in TeX, within a budget: hostile text must not be looked at over and over."""

from __future__ import annotations

import re

_BRACE = re.compile(r"\\.|[{}\]]", re.DOTALL)


class TooMuchError(Exception):
    """Reading a paper's macros takes more than `Budget` allows."""


class Budget:
    """The characters that may be looked at, or written, beyond the text itself."""

    def __init__(self, characters: int) -> None:
        self._left = characters

    def take(self, characters: int) -> None:
        """Use some of it; raises TooMuchError where it is not enough."""
        self._left -= characters
        if self._left < 0:
            raise TooMuchError


def closing(text: str, start: int, budget: Budget, close: str = "}") -> int | None:
    """Return the place of the brace or bracket that closes what begins at `start`; None if none.

    Raises TooMuchError.
    """
    depth = 0
    for found in _BRACE.finditer(text, start):
        token = found[0]
        if token == "{":
            depth += 1
        elif not depth and token == close:
            budget.take(found.start() - start)
            return found.start()
        elif token == "}":
            depth -= 1
            if depth < 0:
                break
    else:
        budget.take(len(text) - start)
        return None
    budget.take(found.start() - start)
    return None
