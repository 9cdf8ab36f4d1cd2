"""Write a few rows as Parquet in this process: a Spark job takes longer to plan than they take to write."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import DataFrame
from pyspark.sql import types as T
from pyspark.sql.pandas.types import to_arrow_schema

from jobs import storage

MOST = 2_000
"""Rows that this process writes itself: at some 50 microseconds each, for their hash."""

_NULL = "__HIVE_DEFAULT_PARTITION__"


def collected(rows: DataFrame) -> list[dict[str, Any]] | None:
    """Return rows as Python values; None if they are many.

    No Spark job runs if the driver has the rows already. Otherwise one does, so this is for rows that are
    probably few.
    """
    few = rows.limit(MOST + 1).collect()
    return [row.asDict(recursive=True) for row in few] if len(few) <= MOST else None


def write(
    uri: str,
    rows: Iterable[Mapping[str, Any]],
    schema: T.StructType,
    partitions: Sequence[str] = (),
) -> None:
    """Write rows below a folder, a file for each value of the partitions; columns a row lacks are null.

    Parameters
    ----------
    partitions
        Columns of `schema` whose values are plain names: they become folders, as Spark makes them.
    """
    fields = [field for field in schema.fields if field.name not in partitions]
    arrow_schema = to_arrow_schema(T.StructType(fields))

    def folder(row: Mapping[str, Any]) -> str:
        values = ((column, row.get(column)) for column in partitions)
        return "".join(f"{column}={_NULL if v is None else v}/" for column, v in values)

    # a table without rows has a file too, as Spark writes it
    groups: dict[str, list[dict[str, Any]]] = {} if partitions else {"": []}
    for row in rows:
        values = {field.name: row.get(field.name) for field in fields}
        groups.setdefault(folder(row), []).append(values)
    for path, group in groups.items():
        content = io.BytesIO()
        table = pa.Table.from_pylist(group, arrow_schema)
        pq.write_table(table, content, compression="zstd", store_schema=False)
        storage.write_bytes(storage.join(uri, f"{path}part-0.zstd.parquet"), content.getvalue())
