"""JSON that a root stores: its format number, and keys that this version does not know.

A key may be added without a new format number, so readers ignore the keys that they do not know and
give missing ones their defaults. A new number says that earlier versions cannot read what is stored.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from schemas.errors import UserError, one_line

FORMAT = 1
"""Format of manifests and run records. Those of version 0.1 have no number and mean this one."""

_SIMPLE: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "float": (int, float),
    "bool": (bool,),
}

D = TypeVar("D")


def dumps(content: Mapping[str, Any]) -> str:
    """Return indented JSON with the format number first; what JSON has no type for is text."""
    numbered = {"format": FORMAT, **content}
    return json.dumps(numbered, indent=1, ensure_ascii=False, default=str) + "\n"


def read(data: bytes, uri: str, build: Callable[[dict[str, Any]], D], *, repair: str) -> D:
    """Return what `build` makes of the object that `dumps` wrote to `uri`.

    Parameters
    ----------
    repair
        What the user can do about a damaged object, beside putting back a copy.

    Raises
    ------
    UserError
        The object is cut or is not what `dumps` wrote, or a later version wrote it in a format that
        this one cannot read.
    """
    try:
        return build(_loads(data, uri))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        reason = f"no key {error}" if isinstance(error, KeyError) else one_line(error)
        reason = "it is empty" if not data.strip() else reason
        raise UserError(
            f"{uri} is damaged ({reason}): put it back from a copy, or {repair}"
        ) from error


def _loads(data: bytes, uri: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(data)
    if not isinstance(content, dict):
        raise TypeError("it is no JSON object")
    number = content.pop("format", FORMAT)
    if number != FORMAT:
        raise UserError(
            f"{uri} has format {number}, and this version reads format {FORMAT}: "
            "upgrade redpajama-spark"
        )
    return content


def build(kind: type[D], content: Mapping[str, Any]) -> D:
    """Return a dataclass from the stored keys that are its fields.

    Raises
    ------
    TypeError
        A key is missing, or a text, number or truth value is of another type.
    """
    types = {field.name: str(field.type) for field in dataclasses.fields(kind)}  # type: ignore[arg-type]
    known = {name: value for name, value in content.items() if name in types}
    for name, value in known.items():
        wanted = _SIMPLE.get(types[name])
        if wanted and not isinstance(value, wanted):
            raise TypeError(f"{name} is {value!r}, and no {types[name]}")
    return kind(**known)
