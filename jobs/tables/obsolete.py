"""Stored files and folders that belong to no current version of a table."""

from __future__ import annotations

from collections.abc import Sequence

from jobs import storage
from jobs.tables import parquet_footers
from jobs.tables.manifest import Folder
from jobs.tables.table_handle import TableHandle


def obsolete_files(table: TableHandle, folder: Folder) -> list[str]:
    """Return the Parquet files below a partial folder that no longer belong to the table."""
    if not folder.partial:
        return []
    current = {table.uri(file.path) for file in folder.files}
    stored = parquet_footers.parquet_objects(table.uri(folder.path))
    return [file.uri for file in stored if file.uri not in current]


def unnamed_folders(table: TableHandle, current_paths: Sequence[str]) -> list[str]:
    """Return the topmost folders below a table that hold none of the current folders."""
    unnamed, pending = [], storage.list_folders(table.uri())
    while pending:
        folder = pending.pop()
        if folder in current_paths:
            continue
        if any(path.startswith(folder + "/") for path in current_paths):
            pending += [f"{folder}/{name}" for name in storage.list_folders(table.uri(folder))]
        else:
            unnamed.append(folder)
    return sorted(unnamed)
