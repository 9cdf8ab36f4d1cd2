"""Slices, a module each: how a kind of dump becomes documents, and what other jobs know of it."""

from __future__ import annotations

import functools
import pkgutil
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from schemas.errors import UserError
from schemas.names import unknown
from schemas.settings.ingest import SLICES

if TYPE_CHECKING:
    from jobs.slices.slice import Slice
    from jobs.slices.traits import Traits


def address(name: str) -> str:
    """Return where a slice is, as `module:attribute`.

    Raises
    ------
    UserError
        There is no such slice.
    """
    if name not in SLICES:
        raise UserError(unknown("slice", name, SLICES))
    return f"{__name__}.{name}:SLICE"


def load(name: str) -> Slice[Any]:
    """Return a slice by its name; its module is imported now, and not before.

    Raises
    ------
    UserError
        There is no such slice.
    """
    return at(address(name))


@functools.cache
def at(address: str) -> Slice[Any]:
    """Return the slice at a `module:attribute`, which a worker can resolve without its package."""
    slice_: Slice[Any] = pkgutil.resolve_name(address)
    return slice_


def traits_of(names: Iterable[str]) -> dict[str, Traits]:
    """Return the traits of slices by their names."""
    return {name: load(name).traits for name in sorted(set(names))}


def web(names: Sequence[str] = SLICES) -> tuple[str, ...]:
    """Return which of the slices are of web pages."""
    return tuple(name for name in names if load(name).traits.web)


def simhashed(names: Sequence[str] = SLICES) -> tuple[str, ...]:
    """Return the slices whose near duplicates are found by SimHash as well."""
    return tuple(name for name in names if load(name).traits.simhash)
