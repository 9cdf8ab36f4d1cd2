"""Fields of a record of a chat set: texts, and what may be missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from udfs.extract.errors import ExtractionError
from udfs.extract.json_line import BAD_RECORD, storable


def text(record: Mapping[str, Any], key: str, *, optional: bool = False) -> str:
    """Return a text field; "" where it is optional, and absent or null.

    Raises
    ------
    ExtractionError
        `bad-record`: it is missing, or no text.
    """
    value = record.get(key)
    if value is None and optional:
        return ""
    stored = storable(value)
    if stored is None:
        raise ExtractionError(BAD_RECORD, f"the record has no text {key!r}")
    return stored


def listed(record: Mapping[str, Any], *keys: str) -> list[Any]:
    """Return the first of some fields that is a list.

    Raises
    ------
    ExtractionError
        `bad-record`: none is.
    """
    for key in keys:
        value = record.get(key)
        if isinstance(value, list):
            return value
    raise ExtractionError(BAD_RECORD, f"the record has no list {keys[0]!r}")


def metadata(record: Mapping[str, Any], *keys: str, **renamed: str) -> dict[str, str]:
    """Return fields as texts, without those that are empty or not plain values.

    Parameters
    ----------
    renamed
        Further fields by the name that they get.
    """
    names = {**{key: key for key in keys}, **renamed}
    values = {name: plain(record.get(key)) for name, key in names.items()}
    return {name: value for name, value in values.items() if value}


def plain(value: Any) -> str | None:
    """Return a text, or a number or flag as text; None for anything else."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else storable(value)
