"""`ROOT/_removed/RUN/`: the rows that a takedown removed, until `vacuum` deletes them.

`takedown --restore` puts them back. No job reads them otherwise, and no table names them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Any

from jobs import storage
from jobs.steps.takedown import entries
from jobs.steps.takedown.files import mask_of
from jobs.steps.takedown.rewrite_files import write_without
from jobs.tables import file_scan, lineage, parquet_footers, stored_json, taken_down
from jobs.tables.manifest import Folder, Manifest
from udfs.addresses.takedown_keys import Named, key

FOLDER = "_removed"
TABLES = ("documents", "paragraphs", "annotated", "contamination")
"""Tables that rows are put back into; later jobs make the others again."""

_ABOUT = "takedown.json"
_ENTRIES = "entries.parquet"


@dataclass(frozen=True)
class KeptFolder:
    """Rows of one folder of a table.

    Attributes
    ----------
    path
        Below `_removed/`.
    origin
        The version of the table before any takedown.
    run, job, labels
        As in the folder that the rows were in.
    """

    table: str
    path: str
    origin: str
    run: str
    job: str
    labels: dict[str, str]


@dataclass(frozen=True)
class Kept:
    """The rows that one takedown removed.

    Attributes
    ----------
    nanoseconds
        When it began, since 1970: two runs may begin in one second.
    entries
        The file of the entries that it recorded.
    """

    run: str
    nanoseconds: int
    folders: tuple[KeptFolder, ...]
    entries: tuple[str, ...]


def addresses(root: str, run: str) -> Callable[[str, int, str], str | None]:
    """Return a function that gives the address for the rows that a file loses, None for no address."""

    def address(table: str, number: int, path: str) -> str | None:
        if table not in TABLES:
            return None
        return storage.join(root, FOLDER, run, table, str(number), path)

    return address


def describe(
    root: str, run: str, now: Mapping[str, Manifest], new: Iterable[tuple[str, str]]
) -> None:
    """Write what the rows of a run belong to, and the entries that the run is going to record."""
    folders = [
        KeptFolder(
            table,
            f"{run}/{table}/{number}",
            lineage.origin(root, table, version.version),
            folder.run,
            folder.job,
            folder.labels,
        )
        for table, version in now.items()
        if table in TABLES
        for number, folder in enumerate(version.folders)
    ]
    base = storage.join(root, FOLDER, run)
    entries.write(new, storage.join(base, _ENTRIES))
    about = {"folders": [asdict(folder) for folder in folders], "nanoseconds": time.time_ns()}
    content = stored_json.dumps(about)
    storage.write_bytes(storage.join(base, _ABOUT), content.encode())


def all_of(root: str) -> list[Kept]:
    """Return what takedowns have removed and `vacuum` has not deleted, the last first."""
    kept = []
    for run in storage.list_folders(storage.join(root, FOLDER)):
        uri = storage.join(root, FOLDER, run, _ABOUT)
        stored = storage.read_versioned(uri)
        if stored is not None:
            entry_file = storage.join(root, FOLDER, run, _ENTRIES)
            build = partial(_kept, run, entry_file)
            repair = f"remove {storage.join(root, FOLDER, run)}, whose documents are then lost"
            kept.append(stored_json.read(stored[0], uri, build, repair=repair))
    return sorted(kept, key=lambda takedown: -takedown.nanoseconds)


def _kept(run: str, entry_file: str, content: Mapping[str, Any]) -> Kept:
    folders = tuple(stored_json.build(KeptFolder, folder) for folder in content["folders"])
    return Kept(run, content["nanoseconds"], folders, (entry_file,))


def files_of(root: str, folder: KeptFolder) -> list[str]:
    """Return the addresses of the files of a folder."""
    files = parquet_footers.parquet_objects(storage.join(root, FOLDER, folder.path))
    return [stored.uri for stored in files]


def ids_named(root: str, kept: Iterable[Kept], named: Named) -> set[str]:
    """Return the ids of the kept documents that entries name."""
    ids_named: set[str] = set()
    for takedown in kept:
        for folder in takedown.folders:
            for uri in files_of(root, folder):
                for batch in file_scan.batches(uri, taken_down.COLUMNS):
                    columns = batch.to_pydict()
                    ids = columns["id"]
                    values = [columns.get(name) or [None] * len(ids) for name in taken_down.KEYS]
                    matches = zip(ids, named.matches(*values), strict=True)
                    ids_named.update(id_ for id_, keys in matches if keys)
    return ids_named


def forget(root: str, entries_: Iterable[tuple[str, str]]) -> int:
    """Delete the rows of documents that entries name for good; return the number of rows.

    What a killed takedown was writing when it ended is deleted with them: it may hold any document.
    """
    for stored in storage.list_names(storage.join(root, FOLDER)):
        if stored.uri.endswith(".tmp"):
            storage.remove_tree(stored.uri)
    kept = all_of(root)
    ids = ids_named(root, kept, Named(key(*entry) for entry in entries_))
    named = Named(key("id", id_) for id_ in ids)
    rows = 0
    for takedown in kept:
        for folder in takedown.folders:
            for uri in files_of(root, folder):
                present = [row["id"] for row in taken_down.rows_of([uri], "id")]
                held = int(mask_of(present, named).sum())
                if held == len(present):
                    storage.remove_tree(uri)
                elif held:
                    write_without(uri, uri, named)
                rows += held
    return rows


def expired(root: str, days: float) -> list[str]:
    """Return the folders of takedowns that are older than some days."""
    until = datetime.now(timezone.utc) - timedelta(days=days)
    base = storage.join(root, FOLDER)
    return [
        storage.join(base, run)
        for run in sorted(storage.list_folders(base))
        if _started(run) <= until
    ]


def _started(run: str) -> datetime:
    """Return when a run started, which its name begins with."""
    try:
        return datetime.strptime(run.partition("-")[0], "%Y%m%dT%H%M%SZ").replace(
            tzinfo=timezone.utc
        )
    except ValueError:  # no run of a takedown
        return datetime.now(timezone.utc)


def restored_folder(folder: KeptFolder, path: str) -> Folder:
    """Return a folder of the table for rows that are put back at a path below it."""
    return Folder(path, folder.run, folder.job, folder.labels)
