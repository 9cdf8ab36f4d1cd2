"""Objects that installed packages add to the project, found by their entry points.

A group of entry points is a kind of object, such as `redpajama.slices`. Names are listed without an import
of the packages; an object is imported when it is used.
"""

from __future__ import annotations

import functools
import importlib.util
import os
import pkgutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schemas.errors import UserError, one_line

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

_METADATA = (".dist-info", ".egg-info")


@functools.cache
def entry_points(group: str) -> tuple[EntryPoint, ...]:
    """Return the entry points of a group, sorted by name and package."""
    if not _any_of_ours():
        return ()
    from importlib import metadata

    return tuple(
        sorted(metadata.entry_points(group=group), key=lambda entry: (entry.name, owner(entry)))
    )


def names(group: str) -> tuple[str, ...]:
    """Return the names that installed packages add to a group."""
    return tuple(dict.fromkeys(entry.name for entry in entry_points(group)))


def modules(package: str) -> tuple[str, ...]:
    """Return the names of the modules in a package, which is not imported."""
    spec = importlib.util.find_spec(package)
    folders = spec.submodule_search_locations if spec else None
    return tuple(sorted(module.name for module in pkgutil.iter_modules(folders or [])))


def address(group: str, name: str, kind: str, *, shipped: bool = False) -> str | None:
    """Return the `module:attribute` of a name in a group; None where no package adds it.

    Parameters
    ----------
    kind
        What the object is, in an error, such as `slice`.
    shipped
        Whether the project itself has an object of this name.

    Raises
    ------
    UserError
        Two packages add the name, or a package adds one that the project has itself.
    """
    claims = [entry for entry in entry_points(group) if entry.name == name]
    if len(claims) + shipped > 1:
        owners = ["redpajama-spark"] * shipped + [owner(entry) for entry in claims]
        raise UserError(
            f"two packages have a {kind} {name!r}, {owners[0]} and {owners[1]}: uninstall one"
        )
    return claims[0].value if claims else None


def load(group: str, name: str, kind: str) -> Any:
    """Return the object that a package adds to a group under a name.

    Raises
    ------
    UserError
        The package cannot be imported, or two packages add the name.
    """
    address(group, name, kind)
    return next(resolve(entry, kind) for entry in entry_points(group) if entry.name == name)


def resolve(entry: EntryPoint, kind: str) -> Any:
    """Return the object of an entry point.

    Raises
    ------
    UserError
        The package cannot be imported.
    """
    try:
        return entry.load()
    except Exception as error:
        reason = one_line(f"{type(error).__name__}: {error}")
        raise UserError(
            f"the {kind} {entry.name!r} of {owner(entry)} ({entry.value}) cannot be used: {reason}"
        ) from error


@functools.cache
def _any_of_ours() -> bool:
    """Return whether a package on the import path may have entry points for this project.

    This takes 4 ms, where `importlib.metadata` takes 70, a third of the start of the command line.
    """
    for folder in sys.path:
        if os.path.isfile(folder):  # a wheel, whose files this does not look at
            return True
        try:
            packages = [name for name in os.listdir(folder or ".") if name.endswith(_METADATA)]
        except OSError:
            continue
        for name in packages:
            try:
                content = Path(folder, name, "entry_points.txt").read_bytes()
            except OSError:  # the package has none
                continue
            if b"[redpajama." in content:
                return True
    return False


def owner(entry: EntryPoint) -> str:
    """Return name and version of the package that an entry point is of."""
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else "a package"
