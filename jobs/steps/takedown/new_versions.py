"""The new versions of the tables: what holds a document is written anew, the rest stays where it is."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pyspark.sql import DataFrame

from jobs import storage
from jobs.runtime.context import Context
from jobs.steps.takedown import files
from jobs.steps.takedown.rewrite_files import Task, rewrite
from jobs.steps.takedown.sweep import Found
from jobs.tables import lineage, manifest
from jobs.tables.manifest import Folder, Manifest
from jobs.tables.table_handle import TableHandle

_BY_CLUSTER = ("duplicates", "copies", "corpus")
"""Tables that say something of a document's cluster: all of it is written anew."""

_ORDER = (
    ("documents",),
    ("paragraphs",),
    ("annotated",),
    ("copies", "duplicates"),
    ("contamination",),
    ("corpus",),
    ("mixture",),
)
"""What is made of what, and what is made together."""


@dataclass
class Replaced:
    """Folders of the new versions, by table, and how many files each table had written anew."""

    folders: dict[str, list[Folder]] = field(default_factory=dict)
    rewritten: dict[str, int] = field(default_factory=dict)


def without(
    context: Context, now: Mapping[str, Manifest], found: Found, run: str, whole: Sequence[str]
) -> Replaced:
    """Write the files that hold what goes anew, without it.

    Parameters
    ----------
    whole
        Tables of which all that is in a touched cluster goes, since it is added again.
    """
    root = context.root
    gone = {
        table: {
            hit.path
            for hit in found.hits
            if hit.table == table and (hit.touched if table in whole else hit.taken)
        }
        for table in now
    }
    tasks = [
        Task(
            storage.join(root, table, file.path),
            storage.join(root, table, _target(run, number, folder, file.path)),
            found.touched_files if table in whole else found.taken_files,
        )
        for table, version in now.items()
        for number, folder in enumerate(version.folders)
        for file in folder.files
        if file.path in gone[table]
    ]
    rewrite(context.spark, tasks)
    made = Replaced()
    for table, version in now.items():
        folders = [
            _split(context.table(table), folder, _place(run, number), gone[table])
            for number, folder in enumerate(version.folders)
        ]
        made.folders[table] = [each for parts in folders for each in parts]
        made.rewritten[table] = sum(file.path in gone[table] for file in version.files)
    return made


def _place(run: str, number: int) -> str:
    return f"{run}/kept-{number}"


def _target(run: str, number: int, folder: Folder, path: str) -> str:
    return f"{_place(run, number)}{path[len(folder.path) :]}"


def _split(table: TableHandle, folder: Folder, place: str, gone: set[str]) -> list[Folder]:
    """A folder without its files that were written anew, and these."""
    kept = tuple(file for file in folder.files if file.path not in gone)
    if len(kept) == len(folder.files):
        return [folder]
    # the run that made the rows stays: its settings and its inputs are theirs
    rewritten = table.with_files(dataclasses.replace(folder, path=place, partial=False))
    return [
        dataclasses.replace(folder, files=kept, partial=True),
        *([rewritten] if rewritten.files else []),
    ]


def added(
    context: Context,
    now: Mapping[str, Manifest],
    made: Replaced,
    run: str,
    table: str,
    rows: DataFrame,
) -> Folder:
    """Add rows to the new version of a table, as by the run that made it."""
    handle = context.table(table)
    folder = handle.write(rows, run=run, below="added")
    folder = dataclasses.replace(folder, run=now[table].made_by)
    if folder.rows:
        made.folders[table].append(folder)
    else:
        storage.remove_tree(handle.uri(folder.path))
    return folder


def publish(
    root: str, now: Mapping[str, Manifest], made: Replaced, run: str, stale: Sequence[str] = ()
) -> dict[str, Manifest]:
    """Publish the new versions, and those whose inputs have new versions.

    Parameters
    ----------
    stale
        Tables that have to be made again.

    Returns
    -------
    dict
        The versions that there are now.

    Raises
    ------
    storage.Conflict
        Another run has published one of the tables.
    """
    after = dict(now)
    for group in _ORDER:
        there = [table for table in group if table in now]
        for table in there:
            before, folders = now[table], made.folders[table]
            current = {name: each.version for name, each in after.items()}
            inputs, digest = lineage.carried(root, before, now, current)
            if table in stale:
                inputs, digest = [{**inputs[0], "annotated": ""}], ""
            if (tuple(folders), inputs) != (before.folders, before.inputs):
                kept = tuple(_without_empty(folders, before.folders))
                after[table] = Manifest(table, run, kept, digest, inputs)
        if _parted(root, now, [after[table] for table in there]):
            after |= {table: dataclasses.replace(after[table], version=run) for table in there}
    for table in files.TABLES:
        if table in now and after[table] is not now[table]:
            manifest.publish(root, after[table], replacing=now[table])
    return after


def _parted(root: str, now: Mapping[str, Manifest], group: Sequence[Manifest]) -> bool:
    """Whether tables of one run have different versions; the one that they have says it."""
    origins = {lineage.origin(root, each.table, now[each.table].version) for each in group}
    return len(origins) == 1 and len({each.version for each in group}) > 1


def _without_empty(folders: Sequence[Folder], before: Sequence[Folder]) -> list[Folder]:
    """Leave out folders that had nothing left before this, where another tells of their run."""
    runs = {folder.run for folder in folders if folder.files}
    return [each for each in folders if each.files or each not in before or each.run not in runs]
