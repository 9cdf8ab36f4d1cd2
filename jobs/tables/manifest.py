"""`ROOT/TABLE/_CURRENT.json`: which immutable folders make up a table now.

A run writes fresh Parquet folders below `ROOT/TABLE/RUN/` and publishes them, last of all, with this one
small object. So a reader sees one complete version at any time, a killed run leaves nothing but
folders that no manifest names, and no store has to rename or copy data.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, field
from typing import Any

from jobs import storage

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
        """Whether a row with this index value can be in the file (all can where nothing is known)."""
        return self.first is None or self.last is None or self.first <= key <= self.last


@dataclass(frozen=True)
class Folder:
    """A Parquet folder, its path below the table, the run that made its rows, and what it holds.

    Of a `partial` one only `files` are part of the table: a takedown has written the others anew, to
    another folder, and removes them when the new version is published. So it is read by its files.
    """

    path: str
    run: str
    job: str
    labels: dict[str, str] = field(default_factory=dict)  # slice and snapshot, where it is one
    files: tuple[DataFile, ...] = ()
    partial: bool = False

    @property
    def rows(self) -> int:
        """Rows of all files."""
        return sum(file.rows for file in self.files)

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
        Of the inputs and configuration that it was made from: equal digests, equal tables.
    inputs
        Objects for `ingest` (uri, version, size, slice, snapshot), else the versions of the tables read.
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

    def made_by(self, job: str) -> str:
        """The run of this job that made the table, whatever a takedown has left out of it since."""
        made = [folder.run for folder in self.folders if folder.job == job]
        return made[-1] if made else self.version

    def to_json(self) -> str:
        """As stored: readable, keys in the order above, with the sums beside the folders."""
        content = dataclasses.asdict(self)
        content["rows"], content["bytes"] = self.rows, self.bytes
        return json.dumps(content, indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, data: str) -> Manifest:
        """Read what `to_json` wrote."""
        content = json.loads(data)
        del content["rows"], content["bytes"]
        content["folders"] = tuple(
            Folder(**{**folder, "files": tuple(DataFile(**file) for file in folder["files"])})
            for folder in content["folders"]
        )
        return cls(**content)


def current(root: str, table: str) -> Manifest | None:
    """The version of the table that readers see now; None before the first."""
    found = storage.read_versioned(storage.join(root, table, CURRENT))
    return None if found is None else Manifest.from_json(found[0].decode())


def publish(root: str, manifest: Manifest, *, replacing: Manifest | None) -> None:
    """Make this version the current one, in one step, if the one it was made from still is.

    Raises
    ------
    storage.Conflict
        Another run has published the table since `replacing` was read.
    """
    uri = storage.join(root, manifest.table, CURRENT)
    found = storage.read_versioned(uri)
    now = None if found is None else Manifest.from_json(found[0].decode())
    if (now and now.version) != (replacing and replacing.version):
        raise storage.Conflict(f"{uri} was published by {now and now.version} in the meantime")
    if found is None:
        storage.write_bytes(uri, manifest.to_json().encode(), create=True)
    else:
        storage.write_bytes(uri, manifest.to_json().encode(), if_version=found[1])
