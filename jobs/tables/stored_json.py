"""JSON that a root stores: its format number, and keys that this version does not know.

A key may be added without a new format number, so readers ignore the keys that they do not know and
give missing ones their defaults. A new number says that earlier versions cannot read what is stored.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any, TypeVar

from schemas.errors import UserError

FORMAT = 1
"""Format of manifests and run records. Those of version 0.1 have no number and mean this one."""

D = TypeVar("D")


def dumps(content: Mapping[str, Any]) -> str:
    """Return indented JSON with the format number first; what JSON has no type for is text."""
    numbered = {"format": FORMAT, **content}
    return json.dumps(numbered, indent=1, ensure_ascii=False, default=str) + "\n"


def loads(data: bytes | str, uri: str) -> dict[str, Any]:
    """Return the object that `dumps` wrote to `uri`.

    Raises
    ------
    UserError
        A later version wrote it in a format that this one cannot read.
    """
    content: dict[str, Any] = json.loads(data)
    number = content.pop("format", FORMAT)
    if number != FORMAT:
        raise UserError(
            f"{uri} has format {number}, and this version reads format {FORMAT}: "
            "upgrade redpajama-spark"
        )
    return content


def build(kind: type[D], content: Mapping[str, Any]) -> D:
    """Return a dataclass from the stored keys that are its fields."""
    names = {field.name for field in dataclasses.fields(kind)}  # type: ignore[arg-type]
    return kind(**{name: value for name, value in content.items() if name in names})
