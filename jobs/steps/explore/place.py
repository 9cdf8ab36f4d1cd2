"""Open what `explore` is pointed at: a root with its tables, an export, or a folder or file of documents."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from jobs.storage.local_path import local_path
from jobs.tables import manifest
from jobs.tables.manifest import Folder
from schemas.errors import UserError

PARQUET = (".parquet",)
JSON_LINES = (".jsonl", ".jsonl.gz", ".jsonl.zst", ".json.gz", ".ndjson")

SHOWN = ("corpus", "annotated", "documents", "mixture")
"""The tables of a root that hold texts; the first that exists is shown first."""

ASIDE = ("duplicates", "paragraphs", "copies", "passages", "contamination", "quarantine")
"""The tables that say more about a document."""

ROWS = "documents"
"""The name of the only table of a place that is not a root."""

FileGroups = tuple[tuple[str, ...], ...]
"""Paths of files; those of a group are read together, since the same columns are folders of them."""


@dataclass(frozen=True)
class Place:
    """Files of each table.

    Attributes
    ----------
    path
        The folder or file.
    is_root
        Whether it has manifests, and so traces.
    tables
        Table -> groups of files.
    version
        Changes when another version of a table is published.
    outside
        Files that were left out because they are links to another place.
    """

    path: Path
    is_root: bool
    tables: Mapping[str, FileGroups]
    version: str = ""
    outside: int = 0

    @property
    def shown(self) -> list[str]:
        """The tables that hold texts."""
        return [name for name in SHOWN if name in self.tables]


def find(name: str) -> Place:
    """Return what a place holds.

    Raises
    ------
    UserError
        It is on another machine, does not exist, or has no documents.
    """
    if name.startswith(("s3:", "s3a:", "http:", "https:")):
        raise UserError(f"explore reads a disk or a mounted volume, and {name} is neither")
    path = local_path(name.replace("dbfs:/", "/dbfs/", 1))
    if not path.exists():
        raise UserError(f"{name} does not exist")
    if path.is_dir() and any((path / table / manifest.CURRENT).is_file() for table in SHOWN):
        return root(path)
    return _files(path)


def root(path: Path) -> Place:
    """Return the current version of the tables of a root."""
    tables: dict[str, FileGroups] = {}
    versions = []
    for table in (*SHOWN, *ASIDE):
        current = manifest.current(str(path), table)
        if current is not None:
            tables[table] = tuple(_group(path, table, folder) for folder in current.folders)
            versions.append(current.version)
    return Place(path, True, tables, " ".join(versions))


def version(path: Path) -> str:
    """Return the version of a root as `root` does, from the manifests alone."""
    manifests = (manifest.current(str(path), table) for table in (*SHOWN, *ASIDE))
    return " ".join(current.version for current in manifests if current is not None)


def _group(path: Path, table: str, folder: Folder) -> tuple[str, ...]:
    files = [str(path / table / file.path) for file in folder.files]
    inside = _inside(files, path)
    if len(inside) != len(files):
        raise UserError(f"{path / table / manifest.CURRENT} names files outside of the root")
    return tuple(inside)


def _inside(files: Iterable[str], folder: Path) -> list[str]:
    """Return the files that are below a folder once links are followed."""
    base = os.path.realpath(folder)
    start = base if os.path.isfile(base) else base.rstrip("/") + "/"
    return [file for file in files if os.path.realpath(file).startswith(start)]


def _files(path: Path) -> Place:
    """Return the files of documents of an export or of any folder, in the order of their names."""
    folder = _documents_of_export(path)
    if path.is_file():
        names = [str(path)]
    else:
        names = sorted(
            os.path.join(parent, file)
            for parent, folders, files in os.walk(folder)
            if _visible(folders)
            for file in files
            if not file.startswith(("_", "."))
        )
    for endings in (PARQUET, JSON_LINES):
        chosen = [name for name in names if name.endswith(endings)]
        if chosen:
            inside = _inside(chosen, path)
            outside = len(chosen) - len(inside)
            if not inside:
                raise UserError(f"all files of {path} are links to another place: name that one")
            return Place(path, False, {ROWS: (tuple(inside),)}, outside=outside)
    raise UserError(
        f"{path} has no documents: name a root with tables, an export, or a folder with files "
        f"{', '.join(PARQUET + JSON_LINES)}"
    )


def _visible(folders: list[str]) -> bool:
    """Have `os.walk` leave out hidden folders; always True."""
    folders[:] = [folder for folder in folders if not folder.startswith(("_", "."))]
    return True


def _documents_of_export(path: Path) -> Path:
    """Return where an export has its texts, or the path itself if it is not an export.

    Raises
    ------
    UserError
        The export holds token ids.
    """
    try:
        content = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return path
    kind = content.get("format") if isinstance(content, dict) else None
    if kind in ("megatron", "mds"):
        raise UserError(
            f"{path} is an export in the format {kind}, which holds no documents: "
            "explore the root, or an export in parquet or jsonl"
        )
    return path / "documents" if kind == "redpajama-v2" else path
