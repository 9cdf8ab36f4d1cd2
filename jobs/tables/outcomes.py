"""Outcome of each input record: kept, quarantined, or counted under a reason.

A job that reads its input once must learn all three from that one pass. So it makes rows of one form
(`schemas.tables.outcomes`), written once, to two folders of the run: kept and rejected rows. The job
then makes quarantine rows and counts from the rejected ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import orjson
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T
from pyspark.sql.pandas.types import to_arrow_schema

from jobs import storage
from jobs.runtime import arrow
from jobs.tables import content_hash, few_values, file_scan, parquet_footers
from jobs.tables.manifest import Folder
from jobs.tables.table_handle import TableHandle
from schemas.tables import TABLES
from schemas.tables.outcomes import COUNTED, KEPT, QUARANTINED, REJECTED
from schemas.tables.quarantine import QUARANTINE

_NOTES = T.StructType([*REJECTED.fields, QUARANTINE["slice"]])


def write(
    rows: DataFrame, table: TableHandle, *, run: str, labels: dict[str, str] | None = None
) -> Folder:
    """Write outcome rows, and return the folder of those that are kept.

    A rejected row has only its note, stored as JSON in the column `text`, so that the Parquet files
    of the table have the table's columns and no others.
    """
    declared = TABLES[table.name]
    note = F.to_json(F.struct(*REJECTED.names))
    kept = F.col("outcome") == KEPT
    columns = [
        F.when(kept, F.col("text")).otherwise(note).alias("text") if column == "text" else column
        for column in declared.schema.names
    ]
    folded = rows.select(*columns, F.when(kept, KEPT).otherwise("rejected").alias("outcome"))
    folded, content = content_hash.observed(folded, declared.schema, F.col("outcome") == KEPT)
    folded.write.mode("error").partitionBy("outcome", *declared.partitions).parquet(table.uri(run))
    folder = Folder(f"{run}/outcome={KEPT}", run, declared.job, labels or {})
    return table.with_files(folder, content())


def rejected(table: TableHandle, run: str) -> DataFrame:
    """Return the notes of a run's rejected rows: outcome, stage, reason, message, uri, at, n, slice."""
    spark, schema = table.context.spark, TABLES[table.name].schema
    path = table.uri(run, "outcome=rejected")
    if not storage.exists(path):
        return arrow.empty(spark, _NOTES)
    files = parquet_footers.data_files(path, "", None)
    if sum(file.rows for file in files) <= few_values.MOST:
        values = [values for file in files for values in _notes(path, file.path)]
        notes = pa.Table.from_pylist(values, to_arrow_schema(_NOTES))
        return spark.createDataFrame(notes, _NOTES)
    noted = spark.read.schema(schema).parquet(path)
    return noted.select(F.from_json("text", REJECTED).alias("note"), "slice").select(
        "note.*", "slice"
    )


def _notes(uri: str, path: str) -> Iterator[dict[str, Any]]:
    """Yield the notes in a file below the folder of a run's rejected rows."""
    slice_ = path.split("slice=")[1].partition("/")[0]
    for batch in file_scan.batches(storage.join(uri, path), ["text"]):
        for text in batch.column("text").to_pylist():
            yield {**orjson.loads(text), "slice": slice_}


def quarantined(rejections: DataFrame) -> DataFrame:
    """Return rows of quarantine/."""
    return (
        rejections.where(F.col("outcome") == QUARANTINED)
        .select(
            "slice",
            "uri",
            F.col("at").alias("offset"),
            "stage",
            F.col("reason").alias("error"),
            "message",
        )
        .select(*QUARANTINE.names)
    )


def counts(rejections: DataFrame) -> dict[str, int]:
    """Return how many input records were dropped under each reason, the most frequent first.

    Quarantine rows count as one each, under `quarantine:` and the name of the error.
    """
    reason = F.when(
        F.col("outcome") == QUARANTINED, F.concat(F.lit("quarantine:"), F.col("reason"))
    ).otherwise(F.col("reason"))
    with_reason = rejections.where(F.col("outcome").isin(QUARANTINED, COUNTED)).select(
        reason.alias("reason"), "n"
    )
    few, totals = few_values.collected(with_reason), Counter[str]()
    if few is None:
        sums = with_reason.groupBy("reason").agg(F.sum("n").alias("n"))
        few = [row.asDict() for row in sums.collect()]
    for row in few:
        totals[row["reason"]] += row["n"]
    return dict(sorted(totals.items(), key=lambda item: (-item[1], item[0])))
