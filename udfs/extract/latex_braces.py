"""Find matching braces in TeX, within a budget that keeps the time of hostile papers linear."""

from __future__ import annotations

import re

_BRACE = re.compile(r"\\.|[{}\]]", re.DOTALL)
_OTHER_BRACE = re.compile(r"\\.|[{})>|!/]", re.DOTALL)


class BudgetExceededError(Exception):
    """Reading or expanding the macros of a paper needs more than its budget."""


class Budget:
    """The number of characters that may be read again, or written, for the macros of a paper."""

    def __init__(self, characters: int) -> None:
        self._remaining = characters

    def spend(self, characters: int) -> None:
        """Reduce the budget; raise BudgetExceededError if it is exceeded."""
        self._remaining -= characters
        if self._remaining < 0:
            raise BudgetExceededError


def closing_position(text: str, start: int, budget: Budget, close: str = "}") -> int | None:
    """Return the position of the brace or bracket that closes the group whose content starts here.

    Parameters
    ----------
    start
        The position after the opening brace or bracket.
    close
        The closing character, `}` or `]`, or one of `)>|!/`.

    Returns
    -------
    int or None
        None if the group is not closed.

    Raises
    ------
    BudgetExceededError
        The group is longer than the budget.
    """
    depth = 0
    for match in (_BRACE if close in "}]" else _OTHER_BRACE).finditer(text, start):
        token = match[0]
        if token == "{":
            depth += 1
        elif not depth and token == close:
            budget.spend(match.start() - start)
            return match.start()
        elif token == "}":
            depth -= 1
            if depth < 0:
                break
    else:
        budget.spend(len(text) - start)
        return None
    budget.spend(match.start() - start)
    return None
