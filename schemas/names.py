"""Validate names that users give, and suggest the closest match."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import Any

from schemas.errors import UserError

_LISTED = 40


def check_names(where: str, kind: str, names: Iterable[Any], known: Sequence[str]) -> None:
    """Refuse the first name that is not known.

    Parameters
    ----------
    where
        Start of the error: a file or an option; empty for none.
    kind
        What the name is of: key, slice, ...

    Raises
    ------
    UserError
        `where: no key 'x' (did you mean 'y'?)`.
    """
    for name in names:
        if name not in known:
            prefix = f"{where}: " if where else ""
            raise UserError(prefix + unknown(kind, str(name), known))


def unknown(kind: str, name: str, known: Sequence[str]) -> str:
    """Return what an error says of an unknown name: the closest known one, or all of them.

    Examples
    --------
    >>> unknown("key", "token", ["tokens", "seed"])
    "no key 'token' (did you mean 'tokens'?)"
    >>> unknown("key", "zzz", ["tokens", "seed"])
    "no key 'zzz' (there are seed, tokens)"
    """
    near = [item for item in known if item.lower() == name.lower()]
    near = near or difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    if near:
        hint = f"did you mean {near[0]!r}?"
    else:
        more = f" and {len(known) - _LISTED} more" if len(known) > _LISTED else ""
        hint = f"there are {', '.join(sorted(known)[:_LISTED])}{more}"
    return f"no {kind} {name!r} ({hint})"
