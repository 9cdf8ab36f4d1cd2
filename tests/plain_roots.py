"""Small roots for the tests of jobs that need no session: tables written by pyarrow."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import types as T
from pyspark.sql.pandas.types import to_arrow_schema

from jobs import storage
from jobs.runtime.context import Context
from jobs.tables import taken_down
from jobs.tables.manifest import Folder
from schemas.tables import TABLES


def context(root: Path | str) -> Context:
    """Return a context without a session, whose output is kept."""
    return Context(str(root), out=io.StringIO())


def fill(
    root: Path | str,
    name: str,
    rows: Iterable[Mapping[str, Any]],
    *,
    run: str = "first",
    inputs: Iterable[Mapping[str, Any]] = (),
    files: int = 1,
) -> None:
    """Publish rows as a table, each of its partitions in some files; missing columns are null."""
    kind, table = TABLES[name], context(root).table(name)
    fields = [field for field in kind.schema.fields if field.name not in kind.partitions]
    schema = to_arrow_schema(T.StructType(fields))
    parts: dict[str, list[dict[str, Any]]] = {}
    for number, row in enumerate(rows):
        folders = "".join(f"{column}={row[column]}/" for column in kind.partitions)
        values = {field.name: row.get(field.name) for field in fields}
        parts.setdefault(f"{folders}part-{number % files}.parquet", []).append(values)
    for path, values_of_part in parts.items():
        content = io.BytesIO()
        pq.write_table(pa.Table.from_pylist(values_of_part, schema), content, store_schema=False)
        storage.write_bytes(table.uri(run, "rows", path), content.getvalue())
    folder = table.with_files(Folder(f"{run}/rows", run, kind.job))
    table.publish([folder], run=run, replacing=table.manifest, inputs=list(inputs))


def rows_of(root: Path | str, name: str, *columns: str) -> list[tuple[Any, ...]]:
    """Return columns of the current version of a table as sorted tuples."""
    table = context(root).table(name)
    files = [table.uri(file.path) for file in table.required().files]
    rows = taken_down.rows_of(files, *columns)
    return sorted((tuple(row[name] for name in columns or row) for row in rows), key=str)
