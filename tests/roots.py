"""What is in a root, read without Spark: to see that two runs have made the same tables."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from jobs import storage
from jobs.tables import manifest
from schemas.tables import TABLES

MADE = ("documents", "paragraphs", "annotated", "duplicates", "copies", "corpus", "mixture")
"""The tables that a run of everything makes, in the order in which it does."""


def contents(root: str, *, prefix: str = "") -> dict[str, list[str]]:
    """The rows of every table, as JSON, sorted; `prefix` is left out of the addresses of inputs."""
    found = {}
    for name in (*MADE, "quarantine"):
        table = manifest.current(root, name)
        assert table is not None, name
        rows = [row for file in table.files for row in _rows(root, name, file.path)]
        found[name] = sorted(json.dumps(row, default=str).replace(prefix, "") for row in rows)
        assert len(rows) == table.rows
    return found


def _rows(root: str, name: str, path: str) -> list[dict[str, Any]]:
    with storage.open_seekable(storage.join(root, name, path)) as stream:
        rows: list[dict[str, Any]] = pq.ParquetFile(stream).read().to_pylist()
    parts = dict(part.split("=", 1) for part in Path(path).parts if "=" in part)
    place = {column: parts[column] for column in TABLES[name].partitions}
    return [{**place, **row} for row in rows]


def readable(root: str) -> set[str]:
    """The tables that can be read now; each of them whole, or this fails."""
    there = set()
    for name in MADE:
        table = manifest.current(root, name)
        if table is not None:
            assert sum(len(_rows(root, name, file.path)) for file in table.files) == table.rows
            there.add(name)
    return there
