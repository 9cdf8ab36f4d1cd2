"""The root that version 0.1 wrote (`tests/data/README.md`), to be read and changed by this version."""

from __future__ import annotations

import io
import os
import shlex
import tarfile
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyarrow.parquet as pq
from command_lines import settings_of
from pyspark.sql import SparkSession

from jobs import cli, storage
from jobs.runtime.context import Context
from jobs.tables import manifest
from schemas.tables import TABLES

ARCHIVE = Path(__file__).parent / "data" / "root-0.1.tar.xz"
PLACE = Path("/tmp/redpajama-root-0.1")
"""Where it was written: the address of its inputs in manifests and documents."""

STORED = tuple(name for name in TABLES if name != "passages")
"""The tables that it has: those that are newer than version 0.1 are not there."""

NO_VALUE = "__HIVE_DEFAULT_PARTITION__"
"""Spark's name of a partition whose value is null or empty."""


def put_inputs() -> Path:
    """Put the inputs where they were, each in one step, so that several tests can at the same time."""
    with tarfile.open(ARCHIVE) as archive:
        for entry in archive:
            path = PLACE / entry.name
            if not entry.isfile() or entry.name.startswith("root/") or _is(path, entry):
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            content = archive.extractfile(entry)
            assert content is not None
            with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
                file.write(content.read())
            os.utime(file.name, (entry.mtime, entry.mtime))
            os.replace(file.name, path)
    return PLACE / "inputs"


def _is(path: Path, entry: tarfile.TarInfo) -> bool:
    return path.exists() and (path.stat().st_size, path.stat().st_mtime) == (
        entry.size,
        entry.mtime,
    )


def unpack_root(folder: Path) -> str:
    """Unpack the root into a folder, and return where it is."""
    with tarfile.open(ARCHIVE) as archive:
        members = [entry for entry in archive if entry.name.startswith("root/")]
        archive.extractall(folder, members, filter="data")
    return str(folder / "root")


def redpajama(spark: SparkSession | None, root: str, line: str) -> tuple[Any, str]:
    """Run `redpajama LINE --root ROOT` in this process; what the job returned and printed."""
    job, settings = settings_of([*shlex.split(line), "--root", root])
    context = Context(root, spark, out=io.StringIO())
    returned = cli.run(job, settings, context)
    assert isinstance(context.out, io.StringIO)
    return returned, context.out.getvalue()


def stored_rows(root: str, name: str) -> list[dict[str, Any]]:
    """The rows of a table as its files have them, read without Spark."""
    made = manifest.current(root, name)
    assert made is not None, name
    rows = []
    for file in made.files:
        with storage.open_seekable(storage.join(root, name, file.path)) as stream:
            stored = pq.ParquetFile(stream).read().to_pylist()
        parts = (part.split("=", 1) for part in Path(file.path).parts if "=" in part)
        folders = {column: None if value == NO_VALUE else unquote(value) for column, value in parts}
        partition = {column: folders[column] for column in TABLES[name].partitions}
        rows += [{**partition, **row} for row in stored]
    assert len(rows) == made.rows
    return rows
