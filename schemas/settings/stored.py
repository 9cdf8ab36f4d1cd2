"""Store settings as JSON in run records and digests, and read them back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from schemas.settings.mapping import Field, by_current_names, fields_of, from_mapping

C = TypeVar("C")


def to_dict(settings: Any, *, without: Sequence[str] = ()) -> dict[str, Any]:
    """Return settings as JSON holds them in records and digests: by their former names, if renamed."""
    return dict(
        _stored(field, getattr(settings, field.name))
        for field in fields_of(type(settings))
        if field.name not in without and _has_effect(field, settings)
    )


def _has_effect(field: Field, settings: Any) -> bool:
    depends_on = field.metadata["depends_on"]
    return depends_on is None or bool(getattr(settings, depends_on))


def _stored(field: Field, value: Any) -> tuple[str, Any]:
    """Return the name and the value of an option as JSON holds them."""
    name, renamed = field.name, field.metadata["renamed"]
    if renamed is not None:
        former = {new: old for old, new in renamed.values.items()}
        name, value = renamed.name, former.get(value, value)
    return name, list(value) if isinstance(value, tuple) else value


def differing(settings: Any, stored: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return the stored value and the value of each option that differs and changes documents.

    Stored values are compared as they are, so that also those count that this version does not take.
    """
    pairs: dict[str, tuple[Any, Any]] = {}
    for field in fields_of(type(settings)):
        name, value = _stored(field, getattr(settings, field.name))
        if field.metadata["of_inputs"] or (field.required and name not in stored):
            continue
        unrecorded = field.metadata["unrecorded"]
        default = field.default if unrecorded is None else unrecorded
        before = stored[name] if name in stored else _stored(field, default)[1]
        if before != value:
            pairs[field.name] = before, value
    return pairs


def met_defaults(settings: Any, stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options that have their default here, and that the stored settings meet as they are.

    These are options that are newer than the stored settings, or were stored with a value that covers
    the default.
    """
    return {
        field.name: field.default
        for field in fields_of(type(settings))
        if getattr(settings, field.name) == field.default and _meets_default(field, stored)
    }


def _meets_default(field: Field, stored: Mapping[str, Any]) -> bool:
    name, covered_by = _stored(field, field.default)[0], field.metadata["covered_by"]
    return name not in stored or (covered_by is not None and stored[name] == covered_by)


def from_stored(
    settings: type[C], stored: Mapping[str, Any], *, where: str, strict: bool = False
) -> C:
    """Return the settings that `to_dict` stored.

    An option that was not stored has its default, or what runs did before the option was added.

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
    fields = fields_of(settings)
    names = {field.name for field in fields}
    before = {field.name: field.metadata["unrecorded"] for field in fields}
    unrecorded = {name: value for name, value in before.items() if value is not None}
    current = {**unrecorded, **by_current_names(settings, stored)}
    known = {name: value for name, value in current.items() if strict or name in names}
    return from_mapping(settings, known, where=where)
