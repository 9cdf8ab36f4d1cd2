"""Read the tables of a root without Spark, to compare two runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from jobs import storage
from jobs.tables import manifest
from schemas.tables import TABLES

MADE = ("documents", "paragraphs", "annotated", "duplicates", "copies", "corpus", "mixture")
"""Tables that `run` makes, in their order."""


def contents(root: str, *, prefix: str = "") -> dict[str, list[str]]:
    """Return the rows of every table as sorted JSON, without `prefix` in the URIs of inputs."""
    rows_by_table = {}
    for name in (*MADE, "quarantine"):
        table = manifest.current(root, name)
        assert table is not None, name
        rows = [row for file in table.files for row in _rows(root, name, file.path)]
        rows_by_table[name] = sorted(
            json.dumps(row, default=str).replace(prefix, "") for row in rows
        )
        assert len(rows) == table.rows
    return rows_by_table


def _rows(root: str, name: str, path: str) -> list[dict[str, Any]]:
    with storage.open_seekable(storage.join(root, name, path)) as stream:
        rows: list[dict[str, Any]] = pq.ParquetFile(stream).read().to_pylist()
    parts = dict(part.split("=", 1) for part in Path(path).parts if "=" in part)
    partition = {column: parts[column] for column in TABLES[name].partitions}
    return [{**partition, **row} for row in rows]


def readable(root: str) -> set[str]:
    """Return the names of the published tables; fail if one is incomplete."""
    published = set()
    for name in MADE:
        table = manifest.current(root, name)
        if table is not None:
            assert sum(len(_rows(root, name, file.path)) for file in table.files) == table.rows
            published.add(name)
    return published
