"""Undo a takedown: withdraw its entries, and put back the rows that `_removed/` still keeps."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from jobs import storage
from jobs.runtime.context import Context
from jobs.steps.takedown import entries, kept_rows, new_versions
from jobs.steps.takedown.kept_rows import Kept, KeptFolder
from jobs.steps.takedown.new_versions import NewVersions
from jobs.tables import lineage, taken_down
from jobs.tables.manifest import Folder, Manifest
from schemas.errors import UserError
from udfs.addresses.takedown_keys import Named, key, key_of_stored

Pairs = frozenset[tuple[str, str]]

_DERIVED = ("duplicates", "copies", "passages", "corpus")
"""Tables that are made again from annotated/ after a restore."""


@dataclass
class Restored:
    """The rows that a restore puts back, and the tables that are then out of date.

    Attributes
    ----------
    ids
        Documents whose rows are put back into documents/.
    rows
        Rows by table.
    stale
        Tables that have to be made again.
    """

    ids: list[str] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    stale: tuple[str, ...] = ()


def withdrawn(context: Context, requested: Pairs, kept: list[Kept]) -> Pairs:
    """Return the entries to withdraw: the requested ones, or those of the last takedown.

    Raises
    ------
    UserError
        None of them is recorded, and nothing that they name is kept.
    """
    recorded = _recorded(context)
    if requested:
        known = recorded.union(*map(_entries, kept))
        unknown = sorted(requested - known)
        if unknown:
            kind, value = unknown[0]
            raise UserError(
                f"--restore: no takedown of {kind} {value} is recorded in {context.root}"
            )
        return requested
    for takedown in kept:
        last = frozenset(_entries(takedown) & recorded)
        if last:
            return last
    raise UserError(
        f"--restore: {context.root}/{kept_rows.FOLDER} has no takedown to undo: name what to "
        "let in again with --id, --url, --domain, --digest or --from"
    )


def _recorded(context: Context) -> set[tuple[str, str]]:
    return _stored(taken_down.files(context.root))


def _entries(kept: Kept) -> set[tuple[str, str]]:
    return _stored(kept.entries)


def _stored(entry_files: Sequence[str]) -> set[tuple[str, str]]:
    return set(map(_canonical, taken_down.rows_of(entry_files, "kind", "value")))


def _canonical(row: Mapping[str, str]) -> tuple[str, str]:
    """Return an entry that any release recorded, as this one writes it."""
    kind, _, value = key_of_stored(row["kind"], row["value"]).partition("\t")
    return kind, value


def withdraw(context: Context, entries_: Pairs, run: str) -> int:
    """Remove entries from takedowns/; return their number."""
    before, after = entries.change(
        context,
        run,
        lambda rows: [row for row in rows if _canonical(row) not in entries_],
    )
    return before - after


def put_back(
    context: Context,
    now: Mapping[str, Manifest],
    kept: list[Kept],
    entries_: Pairs,
    run: str,
    *,
    dry_run: bool,
) -> tuple[NewVersions, Restored]:
    """Write the kept rows of the withdrawn entries to new folders of the tables.

    A document stays out if a remaining entry names it too. Rows of a document that a table has again are
    left where they are, and so are rows of a table that its job has made again since.

    Parameters
    ----------
    kept
        The last takedown first: of a document that was removed twice the last rows are put back.
    """
    named = Named(key(*entry) for entry in entries_)
    others = Named(key(*entry) for entry in _recorded(context) - entries_)
    wanted = kept_rows.ids_named(context.root, kept, named)
    wanted -= kept_rows.ids_named(context.root, kept, others)
    versions, restored = NewVersions(), Restored()
    for table, version in now.items():
        versions.folders[table] = list(version.folders)
        if table in kept_rows.TABLES and wanted:
            missing = wanted - _present(context, version, wanted)
            folders, ids = _written(context, version, kept, missing, run)
            if dry_run:
                storage.remove_tree(context.table(table).uri(run))
            # rows that follow are of later runs: the last folder names the run that made the table
            versions.folders[table] = [*folders, *version.folders]
            restored.rows[table] = sum(folder.rows for folder in folders)
            if table == "documents":
                restored.ids = sorted(ids)
            if missing - ids:
                restored.stale += _stale(context, version, kept)
    if any(restored.rows.values()):
        restored.stale += tuple(table for table in _DERIVED if table in now)
    return versions, restored


def _present(context: Context, version: Manifest, ids: set[str]) -> set[str]:
    """Return those of the ids that a table has."""
    table = context.table(version.table)
    uris = [table.uri(file.path) for file in version.files]
    return ids & {row["id"] for row in taken_down.rows_of(uris, "id")}


def _written(
    context: Context, version: Manifest, kept: list[Kept], missing: set[str], run: str
) -> tuple[list[Folder], set[str]]:
    """Write the kept rows of the missing documents; return their folders and ids."""
    table, left, folders = context.table(version.table), set(missing), []
    origin = lineage.origin(context.root, version.table, version.version)
    for takedown in kept:
        written: set[str] = set()
        for folder in takedown.folders:
            if folder.table == version.table and _may_return(folder, origin):
                path = f"{run}/restored-{takedown.run}-{folder.path.rpartition('/')[2]}"
                written |= _copied(context.root, folder, table.uri(path), left)
                described = table.with_files(kept_rows.restored_folder(folder, path))
                folders += [described] if described.files else []
        left -= written
    return folders, missing - left


def _may_return(folder: KeptFolder, origin: str) -> bool:
    """Return whether rows fit a version: always into documents/, else only if the job has not run since."""
    return folder.table == "documents" or folder.origin == origin


def _copied(root: str, folder: KeptFolder, target: str, ids: set[str]) -> set[str]:
    """Copy the rows of some documents to a folder; return the ids of those that have rows."""
    base, copied = storage.join(root, kept_rows.FOLDER, folder.path), set[str]()
    wanted = Named(key("id", id_) for id_ in ids)
    for uri in kept_rows.files_of(root, folder):
        with storage.open_seekable(uri) as stream, tempfile.TemporaryFile() as local:
            rows = pq.ParquetFile(stream).read()
            names = rows.column("id").to_pylist()
            mask = np.array(wanted.holds([key("id", name) for name in names]), bool)
            if mask.any():
                copied |= {name for name, held in zip(names, mask, strict=True) if held}
                pq.write_table(
                    rows.filter(pa.array(mask)),
                    local,
                    compression="zstd",
                    store_schema=False,
                    write_page_checksum=True,
                )
                storage.write_file(target + uri[len(base) :], local)
    return copied


def _stale(context: Context, version: Manifest, kept: list[Kept]) -> tuple[str, ...]:
    """Return the table if its job has run since the takedown, so that it lacks the documents."""
    origin = lineage.origin(context.root, version.table, version.version)
    folders = [folder for takedown in kept for folder in takedown.folders]
    changed = any(f.table == version.table and not _may_return(f, origin) for f in folders)
    return (version.table,) if changed else ()


def publish(
    context: Context,
    now: Mapping[str, Manifest],
    versions: NewVersions,
    restored: Restored,
    run: str,
) -> dict[str, Manifest]:
    """Publish the tables with the rows that were put back."""
    return new_versions.publish(context.root, now, versions, run, restored.stale)
