"""A few rows of a large table by their ids, without reading the rest of it.

Parquet is stored by column: ids are read of all files, the wanted columns of those files alone that
have one of the ids.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import reduce
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs import tables
from jobs.context import Context
from jobs.manifest import Folder


def rows_by_id(
    context: Context, root: str, name: str, ids: Collection[str], columns: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """The columns of the rows that have one of these ids, by id; those that are not there are left out."""
    folders = [folder for folder in tables.required(root, name).folders if folder.files]
    if not ids or not folders:
        return {}
    wanted = F.col("id").isin(*ids)

    def found_in(folder: Folder, *selected: str) -> DataFrame:
        rows = tables.read_folders(context.spark, root, name, [folder])
        return rows.where(wanted).select(*selected)

    of_files = reduce(DataFrame.union, (found_in(each, "_metadata.file_name") for each in folders))
    names = {row[0] for row in of_files.distinct().collect()}
    # a job writes the files of its partitions by the same names
    some = [
        replace(each, partial=True, files=tuple(f for f in each.files if _name(f.path) in names))
        for each in folders
    ]
    parts = [found_in(each, "id", *columns) for each in some if each.files]
    rows = reduce(DataFrame.union, parts).collect() if parts else []
    return {row["id"]: row.asDict(recursive=True) for row in rows}


def _name(path: str) -> str:
    return path.rpartition("/")[2]
