"""Repeated ids: the first by (uri, offset) stays, the others are quarantined."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.window import Window

from jobs.runtime.context import Context
from jobs.tables import few_rows, parquet_footers
from jobs.tables.manifest import Folder
from jobs.tables.table_handle import TableHandle

DUPLICATE_ID = "duplicate-id"


def without_repeated_ids(
    context: Context, folder: Folder, kept: list[Folder]
) -> tuple[Folder, DataFrame, int]:
    """Return the folder with each id once, quarantine rows for the other rows, and their number.

    The first row of an id by (uri, offset) stays, unless documents/ has the id already. Repeated ids
    are rare; without any, no text is read.
    """
    documents = context.table("documents")
    if few_rows.are_few([folder, *kept]) and _are_unique(documents, folder, kept):
        return folder, context.table("quarantine").read_folders([]), 0
    rows = documents.read_folders([folder])
    key = ["id", "uri", "offset", "digest"]
    order = Window.partitionBy("id").orderBy(*key[1:])
    ids = rows.select("id", "slice", "source.uri", "source.offset", "digest").withColumn(
        "rank", F.row_number().over(order)
    )
    bad = ids.where(F.col("rank") > 1)
    if kept:
        earlier = documents.read_folders(kept).select("id")
        bad = bad.join(earlier, "id", "left_anti").unionByName(ids.join(earlier, "id", "left_semi"))
    # stored, since it is used three times
    path = documents.uri(folder.run, "repeated")
    bad.coalesce(1).write.parquet(path)
    bad = context.spark.read.schema(bad.schema).parquet(path)
    notes = bad.select(
        "slice",
        "uri",
        "offset",
        F.lit("ingest").alias("stage"),
        F.lit(DUPLICATE_ID).alias("error"),
        F.concat(F.lit("another record has the id "), "id").alias("message"),
    )
    count = parquet_footers.count_rows(path)
    if not count:
        return folder, notes, 0
    # several rows may share an offset, like the pages of a dump's stream; one of them may be the first
    first = ids.where(F.col("rank") == 1).select(key)
    if kept:
        first = first.join(earlier, "id", "left_anti")
    dropped = bad.select(key).join(first, key, "left_anti")
    position = {"uri": F.col("source.uri"), "offset": F.col("source.offset")}
    unique = rows.withColumns(position).dropDuplicates(key).join(dropped, key, "left_anti")
    rewritten = documents.rewrite(unique, folder, below="unique")
    return rewritten, notes, count


def _are_unique(documents: TableHandle, folder: Folder, kept: list[Folder]) -> bool:
    """Return whether all ids of a folder are different, and those of the kept folders others."""
    new, earlier = set[str](), set[str]()
    for batch in few_rows.read(documents, [folder], "id"):
        new.update(batch.column("id").to_pylist())
    for batch in few_rows.read(documents, kept, "id"):
        earlier.update(batch.column("id").to_pylist())
    return len(new) == folder.rows and new.isdisjoint(earlier)
