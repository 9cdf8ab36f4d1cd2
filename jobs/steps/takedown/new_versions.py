"""New versions of the tables: files that hold a document are rewritten, the others stay in place."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pyspark.sql import DataFrame

from jobs import storage
from jobs.runtime.context import Context
from jobs.steps.takedown import files
from jobs.steps.takedown.rewrite_files import Task, rewrite
from jobs.steps.takedown.sweep import SearchResult
from jobs.tables import lineage, manifest
from jobs.tables.file_scan import StoredFile
from jobs.tables.manifest import Folder, Manifest
from jobs.tables.table_handle import TableHandle
from schemas.tables import TABLES

_ORDER = (
    ("documents",),
    ("paragraphs",),
    ("annotated",),
    ("copies", "duplicates"),
    ("passages",),
    ("contamination",),
    ("corpus",),
    ("mixture",),
)
"""Tables in the order in which they are made; those of a group are made together."""


@dataclass
class NewVersions:
    """Folders of the new versions, and the number of rewritten files, by table."""

    folders: dict[str, list[Folder]] = field(default_factory=dict)
    rewritten: dict[str, int] = field(default_factory=dict)


def without(
    context: Context,
    now: Mapping[str, Manifest],
    result: SearchResult,
    run: str,
    whole: Sequence[str],
    *,
    removed: Callable[[str, int, str], str | None] | None = None,
) -> NewVersions:
    """Rewrite the files that hold documents to remove.

    Parameters
    ----------
    whole
        Tables that lose all documents of a touched cluster, since `added` adds them again.
    removed
        Returns the address for the rows that a file loses, by table, number of the folder and path below
        it, or None; by default nothing of them is kept.
    """
    root = context.root
    affected = {
        table: {
            hit.path
            for hit in result.hits
            if hit.table == table and (hit.touched if table in whole else hit.taken)
        }
        for table in now
    }
    tasks = [
        Task(
            StoredFile(table, file.path, file.bytes, True),
            storage.join(root, table, file.path),
            storage.join(root, table, _target(run, number, folder, file.path)),
            removed(table, number, file.path[len(folder.path) + 1 :]) if removed else None,
            result.touched_files if table in whole else result.taken_files,
        )
        for table, version in now.items()
        for number, folder in enumerate(version.folders)
        for file in folder.files
        if file.path in affected[table]
    ]
    rewrite(context, tasks)
    versions = NewVersions()
    for table, version in now.items():
        folders = [
            _split(context.table(table), folder, _path(run, number, folder), affected[table])
            for number, folder in enumerate(version.folders)
        ]
        versions.folders[table] = [folder for parts in folders for folder in parts]
        versions.rewritten[table] = sum(file.path in affected[table] for file in version.files)
    return versions


def _path(run: str, number: int, folder: Folder) -> str:
    return f"{run}/kept-{number}{folder.keys}"


def _target(run: str, number: int, folder: Folder, path: str) -> str:
    return f"{_path(run, number, folder)}{path[len(folder.path) :]}"


def _split(table: TableHandle, folder: Folder, path: str, affected: set[str]) -> list[Folder]:
    """Return a folder without its rewritten files, and the folder of these."""
    kept = tuple(file for file in folder.files if file.path not in affected)
    if len(kept) == len(folder.files):
        return [folder]
    # rows keep the run that made them, with its settings and inputs
    rewritten = table.with_files(dataclasses.replace(folder, path=path, partial=False))
    return [
        dataclasses.replace(folder, files=kept, partial=True),
        *([rewritten] if rewritten.files else []),
    ]


def added(
    context: Context,
    now: Mapping[str, Manifest],
    versions: NewVersions,
    run: str,
    table: str,
    rows: DataFrame,
) -> Folder:
    """Add rows to the new version of a table, in the name of the run that made it."""
    handle = context.table(table)
    folder = handle.write(rows, run=run, below="added")
    folder = dataclasses.replace(folder, run=now[table].made_by)
    if folder.rows:
        versions.folders[table].append(folder)
    else:
        storage.remove_tree(handle.uri(folder.path))
    return folder


def publish(
    root: str,
    now: Mapping[str, Manifest],
    versions: NewVersions,
    run: str,
    stale: Sequence[str] = (),
) -> dict[str, Manifest]:
    """Publish the new versions, also of tables whose inputs have new versions.

    Parameters
    ----------
    stale
        Tables that have to be made again.

    Returns
    -------
    dict
        The current versions, by table.

    Raises
    ------
    storage.Conflict
        Another run has published one of the tables.
    """
    after = dict(now)
    for group in _ORDER:
        present = [table for table in group if table in now]
        for table in present:
            before, folders = now[table], versions.folders[table]
            current = {name: published.version for name, published in after.items()}
            inputs, digest = lineage.carried(root, before, now, current)
            if table in stale:
                inputs, digest = [_of_no_version(read) for read in inputs], ""
            if (tuple(folders), inputs) != (before.folders, before.inputs):
                kept = tuple(_without_empty(folders, before.folders))
                after[table] = Manifest(table, run, kept, digest, inputs)
        if _differ(root, now, [after[table] for table in present]):
            after |= {table: dataclasses.replace(after[table], version=run) for table in present}
    for table in files.TABLES:
        if table in now and after[table] is not now[table]:
            manifest.publish(root, after[table], replacing=now[table])
    return after


def _of_no_version(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return inputs that no current version of a table equals."""
    return {name: "" if name in TABLES else value for name, value in inputs.items()}


def _differ(root: str, now: Mapping[str, Manifest], group: Sequence[Manifest]) -> bool:
    """Return whether tables that one run made have different versions after the takedown."""
    origins = {lineage.origin(root, new.table, now[new.table].version) for new in group}
    return len(origins) == 1 and len({new.version for new in group}) > 1


def _without_empty(folders: Sequence[Folder], before: Sequence[Folder]) -> list[Folder]:
    """Drop folders that were empty before, if another folder names the same run."""
    runs = {folder.run for folder in folders if folder.files}
    return [
        folder
        for folder in folders
        if folder.files or folder not in before or folder.run not in runs
    ]
