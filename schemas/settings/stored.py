"""Store settings as JSON in run records and digests, and read them back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from schemas.settings.mapping import by_current_names, fields_of, from_mapping

C = TypeVar("C")


def to_dict(settings: Any, *, without: Sequence[str] = ()) -> dict[str, Any]:
    """Return settings as JSON holds them in records and digests: by their former names, if renamed."""
    stored: dict[str, Any] = {}
    for field in fields_of(type(settings)):
        if field.name in without:
            continue
        name, value = field.name, getattr(settings, field.name)
        renamed = field.metadata["renamed"]
        if renamed is not None:
            former = {new: old for old, new in renamed.values.items()}
            name, value = renamed.name, former.get(value, value)
        stored[name] = list(value) if isinstance(value, tuple) else value
    return stored


def from_stored(
    settings: type[C], stored: Mapping[str, Any], *, where: str, strict: bool = False
) -> C:
    """Return the settings that `to_dict` stored.

    Parameters
    ----------
    where
        Name of the record in errors.
    strict
        Refuse keys that this version does not have, rather than ignore them.

    Raises
    ------
    UserError
        As `schemas.settings.mapping.from_mapping`.
    """
    names = {field.name for field in fields_of(settings)}
    current = by_current_names(settings, stored)
    known = {name: value for name, value in current.items() if strict or name in names}
    return from_mapping(settings, known, where=where)
