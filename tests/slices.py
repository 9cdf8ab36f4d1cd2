"""Read the outcomes of a slice's dumps without Spark."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from jobs import storage
from jobs.slices.reader import batches
from jobs.slices.slice import Slice
from jobs.sources.splits import ByteRange


def whole_file(path: Path) -> ByteRange:
    """Return the byte range of a whole file, which may be missing."""
    size = path.stat().st_size if path.exists() else 0
    return ByteRange(str(path), size, 0, size)


def outcome_rows(
    slice_: Slice[Any], *paths: Path, snapshot: str = "local", **settings: Any
) -> list[dict[str, Any]]:
    """Return the outcome rows of dumps, read as ingest's tasks read them."""
    config = slice_.config(root="", **settings)
    chosen, _ = slice_.chosen(storage.expand(list(map(str, paths))), config)
    outcomes = (
        outcome
        for split in slice_.splits(chosen, config)
        for byte_range in split.ranges
        for outcome in slice_.outcomes(byte_range, config)
    )
    table = pa.Table.from_batches(list(batches(outcomes, slice_.name, snapshot)))
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


def kept(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the documents among outcome rows."""
    return [row for row in rows if row["outcome"] == "kept"]


def rejected(rows: Sequence[dict[str, Any]]) -> dict[str, int]:
    """Return the counts of the other outcomes, such as `quarantine broken-json`."""
    counts: Counter[str] = Counter()
    for row in rows:
        if row["outcome"] != "kept":
            counts[f"{row['outcome']} {row['reason']}"] += row["n"]
    return dict(counts)
