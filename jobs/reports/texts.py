"""The texts of a few documents out of many: only the files that hold them are opened."""

from __future__ import annotations

from collections.abc import Collection

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from jobs import storage, tables
from schemas.tables import TABLES

_IDS = "id string"


def of(
    spark: SparkSession, root: str, ids: Collection[str], columns: tuple[str, ...] = ("id", "text")
) -> DataFrame:
    """Rows of annotated/ for some ids; an id that is not there has none.

    The ids of all documents are read, which is little, and the texts of the files that hold those
    that are asked for. At most as many names of files are collected as there are ids.

    Parameters
    ----------
    columns
        None of those that annotated/ is partitioned by.
    """
    table = TABLES["annotated"]
    wanted = F.broadcast(spark.createDataFrame([(each,) for each in ids], _IDS))
    rows = spark.createDataFrame([], table.schema).select(*columns)
    for folder in tables.required(root, "annotated").folders:
        if not folder.files or not ids:
            continue
        base = spark.read.schema(table.schema).parquet(tables.folder_uri(root, "annotated", folder))
        named = base.select("id", F.col("_metadata.file_name").alias("file"))
        found = named.join(wanted, "id", "left_semi").select("file").distinct().collect()
        names = {row["file"] for row in found}
        # the files of a task have one name in all partitions
        files = [each.path for each in folder.files if each.path.rpartition("/")[2] in names]
        if files:
            paths = [storage.join(root, "annotated", path) for path in files]
            texts = spark.read.schema(base.select(*columns).schema).parquet(*paths)
            rows = rows.unionByName(texts.join(wanted, "id", "left_semi").select(*columns))
    return rows
