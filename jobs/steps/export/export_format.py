"""The interface of export formats, and loading them by name."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any, Protocol, cast

from jobs.runtime.context import Context
from jobs.steps.export.files import Written
from jobs.tables.runs import Record
from schemas import entry_points
from schemas.errors import UserError
from schemas.names import check_names
from schemas.settings.export import EXPORT_FORMATS, FORMATS, GROUP, SHIPPED_FORMATS, ExportConfig


class ExportFormat(Protocol):
    """A module of `jobs/steps/export/formats/`, or an object of an installed package.

    The module has the name of the format, with `_` for `-`. A package declares the object under the
    format's name in the entry points `redpajama.exports`. `jobs.steps.export.selection` selects rows and
    shards, and `jobs.steps.export.shards` writes the files of each shard in tasks.

    Attributes
    ----------
    FOLDERS
        The folders and files that the format writes below the output folder.
    OPTIONS
        The options that the format takes, of those that not all formats take.
    KEEPS_SHARDS
        True if it writes below `data/` by `shards.write` alone, which removes what it does not keep of an
        earlier export. Without it the job removes `FOLDERS` first.
    """

    FOLDERS: tuple[str, ...]
    OPTIONS: tuple[str, ...]

    def inputs(self, context: Context, config: ExportConfig, /) -> Mapping[str, Any]:
        """Return the versions of the tables that the format reads, for the run's record."""

    def plan(
        self, context: Context, config: ExportConfig, record: Record, /
    ) -> Callable[[], list[Written]]:
        """Count the selected documents, and return a function that writes all files and returns them.

        Raises
        ------
        UserError
            The format cannot represent the selected documents.
        """


def load(name: str) -> ExportFormat:
    """Return a format by its name.

    Raises
    ------
    UserError
        There is no such format, two packages declare it, or its package is broken.
    """
    check_names("--format", "format", [name], EXPORT_FORMATS)
    shipped = name in SHIPPED_FORMATS
    entry_points.address(GROUP, name, "format", shipped=shipped)
    if shipped:
        return cast("ExportFormat", importlib.import_module(f"{FORMATS}.{name.replace('-', '_')}"))
    packaged = entry_points.load(GROUP, name, "format")
    missing = [
        part for part in ("FOLDERS", "OPTIONS", "inputs", "plan") if not hasattr(packaged, part)
    ]
    if missing:
        raise UserError(f"the format {name!r} has no {' and no '.join(missing)}")
    return cast("ExportFormat", packaged)
