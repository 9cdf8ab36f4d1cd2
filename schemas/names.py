"""Names that a person gives: one that does not exist is told with the nearest that does."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import Any

from schemas.errors import UserError


def check_names(where: str, what: str, said: Iterable[Any], names: Sequence[str]) -> None:
    """Refuse the first of some names that does not exist.

    Raises
    ------
    UserError
        `where: no key 'x' (did you mean 'y'?)`, a key being `what` it is.
    """
    for name in said:
        if name not in names:
            place = f"{where}: " if where else ""
            raise UserError(place + unknown(what, str(name), names))


def unknown(what: str, said: str, known: Sequence[str]) -> str:
    """`no key 'x' (did you mean 'y'?)`, or all that there are where none is near."""
    near = difflib.get_close_matches(said, known, n=1, cutoff=0.6)
    hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(sorted(known))}"
    return f"no {what} {said!r} ({hint})"
