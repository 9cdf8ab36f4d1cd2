"""`ROOT/TABLE/_CURRENT.json`: which immutable folders make up a table now.

A run writes fresh Parquet folders below `ROOT/TABLE/RUN/` and publishes them, last of all, with this one
small object. So a reader sees one complete version at any time, a killed run leaves nothing but
folders that no manifest names, and no store has to rename or copy data.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from jobs import storage
from jobs.tables import stored_json
from jobs.tables.content_hash import added
from schemas.tables import TABLES

CURRENT = "_CURRENT.json"


@dataclass(frozen=True)
class DataFile:
    """A Parquet file: its path below the table, its rows and bytes.

    `first` and `last` bound the table's index column in the file; None where it has none.
    """

    path: str
    rows: int
    bytes: int
    first: str | None = None
    last: str | None = None

    def may_hold(self, key: str) -> bool:
        """Return whether the file can hold a row with this index value; True where it has no bounds."""
        return self.first is None or self.last is None or self.first <= key <= self.last


@dataclass(frozen=True)
class Folder:
    """A Parquet folder: its path below the table, the run that made its rows, and its files.

    Only the `files` of a `partial` folder belong to the table: a takedown has rewritten the others
    into another folder, and removes them once the new version is published. So such a folder is read
    file by file.

    `content_hash` is that of the rows (`jobs.tables.content_hash`); None where files were rewritten since,
    or an earlier version wrote them.
    """

    path: str
    run: str
    job: str
    labels: dict[str, str] = field(default_factory=dict)  # slice and snapshot, where it is one
    files: tuple[DataFile, ...] = ()
    partial: bool = False
    content_hash: str | None = None

    @property
    def rows(self) -> int:
        """Rows of all files."""
        return sum(file.rows for file in self.files)

    @property
    def keys(self) -> str:
        """The end of the path that reads as columns, as `/outcome=kept`; empty for none.

        A folder that replaces this one ends in the same, since DuckDB refuses to read files together
        that differ in it.
        """
        keys = takewhile(lambda part: "=" in part, reversed(self.path.split("/")))
        return "".join(f"/{part}" for part in reversed([*keys]))

    @property
    def bytes(self) -> int:
        """Bytes of all files, as stored."""
        return sum(file.bytes for file in self.files)


@dataclass(frozen=True)
class Manifest:
    """One version of a table.

    Attributes
    ----------
    version
        The run that published it.
    digest
        Digest of the inputs and settings that it was made from: equal digests, equal tables.
    inputs
        Input objects for documents/ (uri, version, size, run); else one mapping of the versions of
        the tables and models that were read.
    """

    table: str
    version: str
    folders: tuple[Folder, ...]
    digest: str = ""
    inputs: list[dict[str, Any]] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """Rows of the table."""
        return sum(folder.rows for folder in self.folders)

    @property
    def bytes(self) -> int:
        """Bytes of the table, as stored."""
        return sum(folder.bytes for folder in self.folders)

    @property
    def files(self) -> list[DataFile]:
        """The files of all folders."""
        return [file for folder in self.folders for file in folder.files]

    @property
    def content_hash(self) -> str | None:
        """The hash of the table's rows; None where it is not known without reading them."""
        hashes = []
        for folder in self.folders:
            if folder.content_hash is None or folder.partial:
                return None
            hashes.append(folder.content_hash)
        return added(hashes)

    @property
    def made_by(self) -> str:
        """The run that made the table's rows, whatever takedowns followed it."""
        job = TABLES[self.table].job
        runs = [folder.run for folder in self.folders if folder.job == job]
        return runs[-1] if runs else self.version

    def to_json(self) -> str:
        """Return the manifest as stored: readable, with the sums of rows, bytes and hashes."""
        content = dataclasses.asdict(self)
        content["rows"], content["bytes"] = self.rows, self.bytes
        content["content_hash"] = self.content_hash
        return stored_json.dumps(content)

    @classmethod
    def from_json(cls, data: str, uri: str) -> Manifest:
        """Read what `to_json` wrote, of this version or another.

        Raises
        ------
        UserError
            `uri` is damaged, or has a later format (`jobs.tables.stored_json`).
        """
        return _read(data.encode(), uri)


def _read(data: bytes, uri: str) -> Manifest:
    return stored_json.read(data, uri, _manifest, repair=_repair(uri))


def _manifest(content: dict[str, Any]) -> Manifest:
    folders = tuple(_folder(folder) for folder in content["folders"])
    return stored_json.build(Manifest, {**content, "folders": folders})


def _repair(uri: str) -> str:
    """Return how to do without a manifest."""
    table = uri.rpartition("/")[0].rpartition("/")[2]
    if table == "takedowns":
        return f"remove it and {takedowns_again(uri.rpartition('/takedowns/')[0])}"
    if table == "quarantine":
        return "remove it, which loses the rows of earlier runs"
    job = TABLES[table].job if table in TABLES else "JOB"
    return f"remove it and run `redpajama {job}` again"


def takedowns_again(root: str) -> str:
    """Return how to record all takedowns again."""
    return f"run each `redpajama takedown` again, as {root}/_runs/*-takedown-*.json have them"


def _folder(content: dict[str, Any]) -> Folder:
    files = tuple(stored_json.build(DataFile, file) for file in content.get("files", ()))
    return stored_json.build(Folder, {**content, "files": files})


def current(root: str, table: str) -> Manifest | None:
    """Return the version of the table that readers see now; None before the first."""
    uri = storage.join(root, table, CURRENT)
    stored = storage.read_versioned(uri)
    return None if stored is None else _read(stored[0], uri)


def publish(root: str, manifest: Manifest, *, replacing: Manifest | None) -> None:
    """Make this version the current one, in one step, if the one that it replaces still is.

    Raises
    ------
    storage.Conflict
        Another run has published the table since `replacing` was read.
    """
    uri = storage.join(root, manifest.table, CURRENT)
    stored = storage.read_versioned(uri)
    now = None if stored is None else _read(stored[0], uri)
    if (now and now.version) != (replacing and replacing.version):
        by = f"published by {now.version}" if now else "removed"
        raise storage.Conflict(f"{uri} was {by} in the meantime")
    if stored is None:
        storage.write_bytes(uri, manifest.to_json().encode(), create=True)
    else:
        storage.write_bytes(uri, manifest.to_json().encode(), if_version=stored[1])
