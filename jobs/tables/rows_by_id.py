"""Look up a few rows of a large table by their ids, without reading the rest of it.

Parquet is stored by column: where a table has more files than there are ids, only the ids are read from
all files, and the other columns from the files that hold one of the ids.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import reduce
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.tables.manifest import Folder
from jobs.tables.table_handle import TableHandle

# ids up to which a Parquet reader can skip the parts of a file that cannot hold one
_FEW = 100


def joined(table: TableHandle, wanted: pa.Table, columns: Sequence[str]) -> DataFrame:
    """Return the rows of a table for some ids, joined with what comes with each id.

    At most as many file names are collected as there are ids.

    Parameters
    ----------
    wanted
        `id`, and other columns that the rows get.
    columns
        Columns of the table besides the id.
    """
    rows = _rows(table, wanted.column("id").to_pylist(), columns)
    # an Arrow table goes into the plan itself, so that the join ships it to the files
    return rows.join(table.context.spark.createDataFrame(wanted), "id", "inner")


def rows_by_id(
    table: TableHandle, ids: Collection[str], columns: Sequence[str]
) -> list[dict[str, Any]]:
    """Return the id and the columns of all rows that have one of these ids."""
    if not ids:
        return []
    wanted = sorted(set(ids))
    few = len(wanted) <= _FEW
    rows = _rows(table, wanted, columns) if few else joined(table, _ids(wanted), columns)
    return [row.asDict(recursive=True) for row in rows.collect()]


def _rows(table: TableHandle, ids: Sequence[str], columns: Sequence[str]) -> DataFrame:
    """Return the rows of the files that can hold the ids; only rows with these ids if they are few."""
    _ = table.context.spark  # columns can be named only in a session
    few = ids if len(ids) <= _FEW else []
    folders = _folders_with(table, ids, few)
    if not folders:
        return table.read_folders([]).select("id", *columns)
    parts = (_filtered(table, folder, few).select("id", *columns) for folder in folders)
    return reduce(DataFrame.unionByName, parts)


def _filtered(table: TableHandle, folder: Folder, few: Sequence[str]) -> DataFrame:
    rows = table.read_folders([folder])
    return rows.where(F.col("id").isin(*few)) if few else rows


def _folders_with(table: TableHandle, ids: Sequence[str], few: Sequence[str]) -> list[Folder]:
    """Return the folders of a table; those with more files than ids only with files that hold one."""
    folders = [folder for folder in table.required().folders if folder.files]
    large = [folder for folder in folders if len(folder.files) > len(ids)]
    if not large:
        return folders
    file = F.col("_metadata.file_name").alias("file")
    rows_and_files = reduce(
        DataFrame.union,
        (_filtered(table, folder, few).select("id", file) for folder in large),
    )
    if not few:
        rows_and_files = rows_and_files.join(
            table.context.spark.createDataFrame(_ids(ids)), "id", "left_semi"
        )
    names = {row["file"] for row in rows_and_files.select("file").distinct().collect()}
    # files of several partitions share a name
    chosen = [_only(folder, names) if folder in large else folder for folder in folders]
    return [folder for folder in chosen if folder.files]


def _only(folder: Folder, names: Collection[str]) -> Folder:
    files = tuple(file for file in folder.files if _name(file.path) in names)
    return replace(folder, partial=True, files=files)


def _ids(ids: Sequence[str]) -> pa.Table:
    return pa.table({"id": pa.array(ids, pa.string())})


def _name(path: str) -> str:
    return path.rpartition("/")[2]
