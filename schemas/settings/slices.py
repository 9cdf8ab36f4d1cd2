"""All slices, this project's and those of installed packages, with their settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemas import entry_points
from schemas.errors import UserError
from schemas.names import check_names
from schemas.settings.ingest import INGEST, IngestConfig
from schemas.settings.mapping import from_mapping

GROUP = "redpajama.slices"
"""The entry points by which installed packages add slices (`jobs.slices.slice.Slice`)."""

PACKAGED = tuple(name for name in entry_points.names(GROUP) if name not in INGEST)
"""The names of the slices that installed packages add."""

SLICES = (*INGEST, *PACKAGED)


def slice_settings(name: str) -> type[IngestConfig]:
    """Return the settings class of a slice; import its package if another one adds it.

    Raises
    ------
    UserError
        There is no such slice, two packages have it, or its package is broken.
    """
    if name in INGEST:
        return INGEST[name]
    check_names("", "slice", [name], SLICES)
    packaged = entry_points.load(GROUP, name, "slice")
    config: type[IngestConfig] | None = getattr(packaged, "config", None)
    if not (isinstance(config, type) and issubclass(config, IngestConfig)):
        raise UserError(f"the slice {name!r}: its `config` is no subclass of IngestConfig")
    if config.slice != name:
        raise UserError(f"the slice {name!r}: its settings name it {config.slice!r}")
    return config


def ingest_config(values: Mapping[str, Any], *, where: str) -> IngestConfig:
    """Return the settings of the slice that the mapping's key `slice` names.

    Raises
    ------
    UserError
        The slice is missing, or as `slice_settings` and `schemas.settings.mapping.from_mapping`.
    """
    rest = dict(values)
    name = rest.pop("slice", None)
    if name is None:
        raise UserError(f"{where}: slice is missing: one of {', '.join(SLICES)}")
    check_names(where, "slice", [name], SLICES)
    return from_mapping(slice_settings(name), rest, where=where)
