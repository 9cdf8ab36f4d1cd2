"""The texts of a few documents out of many: only files that can hold them are opened."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from jobs import storage, tables
from jobs.manifest import Folder
from schemas.tables import TABLES


def of(
    spark: SparkSession, root: str, wanted: pa.Table, columns: Sequence[str] = ("text",)
) -> DataFrame:
    """Rows of annotated/ for some ids, beside what comes with each id; none for one that is not there.

    Where there are more files than ids, the ids of all documents are read first, which is little, and
    then the texts of those files that hold one that is asked for. At most as many names of files are
    collected as there are ids.

    Parameters
    ----------
    wanted
        `id`, and other columns that the rows get.
    columns
        Of annotated/, none of those that it is partitioned by.
    """
    # a table of Arrow's goes into the plan itself, so that the join ships it to the files
    ids = spark.createDataFrame(wanted)
    schema = TABLES["annotated"].schema
    parts = [spark.createDataFrame([], schema).select("id", *columns).join(ids, "id", "inner")]
    for folder in tables.required(root, "annotated").folders:
        paths = [
            storage.join(root, "annotated", path)
            for path in _files(spark, root, folder, ids, wanted)
        ]
        if paths:
            texts = spark.read.schema(schema).parquet(*paths).select("id", *columns)
            parts.append(texts.join(ids, "id", "inner"))
    return reduce(DataFrame.unionByName, parts[1:] or parts)


def _files(
    spark: SparkSession, root: str, folder: Folder, ids: DataFrame, wanted: pa.Table
) -> list[str]:
    """The files of a folder that can hold the ids, by their paths below the table."""
    paths = [file.path for file in folder.files]
    if len(paths) <= wanted.num_rows:
        return paths
    schema = TABLES["annotated"].schema
    rows = spark.read.schema(schema).parquet(tables.folder_uri(root, "annotated", folder))
    named = rows.select("id", F.col("_metadata.file_name").alias("file"))
    found = named.join(ids, "id", "left_semi").select("file").distinct().collect()
    names = {row["file"] for row in found}
    # the files of a task have one name in all partitions
    return [path for path in paths if path.rpartition("/")[2] in names]
