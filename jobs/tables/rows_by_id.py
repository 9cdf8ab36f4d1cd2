"""A few rows of a large table by their ids, without reading the rest of it.

Parquet is stored by column: where there are more files than ids, ids are read of all files, and the
wanted columns of those files alone that have one of the ids.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import reduce
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from jobs import tables
from jobs.tables.manifest import Folder
from schemas.tables import TABLES

# up to so many, a reader of Parquet can skip the parts of a file that no id falls into
_FEW = 100


def beside(
    spark: SparkSession, root: str, name: str, wanted: pa.Table, columns: Sequence[str]
) -> DataFrame:
    """Rows of a table for some ids, beside what comes with each id; none for one that is not there.

    At most as many names of files are collected as there are ids.

    Parameters
    ----------
    wanted
        `id`, and other columns that the rows get.
    columns
        Of the table, beside the id.
    """
    rows = _held(spark, root, name, wanted.column("id").to_pylist(), columns)
    # a table of Arrow's goes into the plan itself, so that the join ships it to the files
    return rows.join(spark.createDataFrame(wanted), "id", "inner")


def rows_by_id(
    spark: SparkSession, root: str, name: str, ids: Collection[str], columns: Sequence[str]
) -> list[dict[str, Any]]:
    """The id and the columns of all rows that have one of these ids."""
    if not ids:
        return []
    wanted = sorted(set(ids))
    if len(wanted) <= _FEW:
        rows = _held(spark, root, name, wanted, columns)
    else:
        rows = beside(spark, root, name, _table(wanted), columns)
    return [row.asDict(recursive=True) for row in rows.collect()]


def _held(
    spark: SparkSession, root: str, name: str, ids: Sequence[str], columns: Sequence[str]
) -> DataFrame:
    """The rows of the files that can hold the ids: where those are few, these rows alone."""
    few = ids if len(ids) <= _FEW else []
    held = _with_files(spark, root, name, ids, few)
    if not held:
        return spark.createDataFrame([], TABLES[name].schema).select("id", *columns)
    parts = (_of_ids(spark, root, name, each, few).select("id", *columns) for each in held)
    return reduce(DataFrame.unionByName, parts)


def _of_ids(
    spark: SparkSession, root: str, name: str, folder: Folder, few: Sequence[str]
) -> DataFrame:
    rows = tables.read_folders(spark, root, name, [folder])
    return rows.where(F.col("id").isin(*few)) if few else rows


def _with_files(
    spark: SparkSession, root: str, name: str, ids: Sequence[str], few: Sequence[str]
) -> list[Folder]:
    """The folders of a table; of those with more files than there are ids, the files that hold one."""
    folders = [folder for folder in tables.required(root, name).folders if folder.files]
    many = [folder for folder in folders if len(folder.files) > len(ids)]
    if not many:
        return folders
    file = F.col("_metadata.file_name").alias("file")
    named = reduce(
        DataFrame.union,
        (_of_ids(spark, root, name, each, few).select("id", file) for each in many),
    )
    if not few:
        named = named.join(spark.createDataFrame(_table(ids)), "id", "left_semi")
    names = {row["file"] for row in named.select("file").distinct().collect()}
    # a job writes the files of its partitions by the same names
    some = [
        replace(each, partial=True, files=tuple(f for f in each.files if _name(f.path) in names))
        if each in many
        else each
        for each in folders
    ]
    return [each for each in some if each.files]


def _table(ids: Sequence[str]) -> pa.Table:
    return pa.table({"id": pa.array(ids, pa.string())})


def _name(path: str) -> str:
    return path.rpartition("/")[2]
