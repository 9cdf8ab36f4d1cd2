"""Slices, a module each: how a kind of dump becomes documents, and what other jobs know of it."""

from __future__ import annotations

import functools
import pkgutil
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from schemas import entry_points
from schemas.errors import UserError, one_line
from schemas.names import unknown
from schemas.settings.ingest import INGEST
from schemas.settings.slices import GROUP, SLICES, slice_settings

if TYPE_CHECKING:
    from jobs.slices.slice import Slice
    from jobs.slices.traits import Traits


def address(name: str) -> str:
    """Return where a slice is, as `module:attribute`.

    Raises
    ------
    UserError
        There is no such slice, or two packages have it.
    """
    shipped = name in INGEST
    packaged = entry_points.address(GROUP, name, "slice", shipped=shipped)
    if shipped:
        family = INGEST[name].family
        return f"{__name__}.{family}.sets:{name.upper()}" if family else f"{__name__}.{name}:SLICE"
    if packaged is None:
        raise UserError(
            f"{unknown('slice', name, SLICES)}; the package that has it is not installed"
        )
    return packaged


def load(name: str) -> Slice[Any]:
    """Return a slice by its name; its module is imported now, and not before.

    Raises
    ------
    UserError
        There is no such slice, two packages have it, or its package is broken.
    """
    if name not in INGEST and address(name):
        slice_settings(name)  # raises one line for a broken package
    return at(address(name))


@functools.cache
def at(address: str) -> Slice[Any]:
    """Return the slice at a `module:attribute`; a worker needs its module, not its package's metadata.

    Raises
    ------
    UserError
        The module cannot be imported.
    """
    try:
        slice_: Slice[Any] = pkgutil.resolve_name(address)
    except ImportError as error:
        raise UserError(
            f"cannot import the slice {address}: {one_line(error)}; give the workers its module or "
            "wheel by --py-files"
        ) from error
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
