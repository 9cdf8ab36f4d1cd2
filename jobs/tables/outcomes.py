"""What became of each input record: kept, put into quarantine, or counted under a reason.

A job that reads its input once must learn all three from that one pass. So it makes rows of one form
(`schemas.tables.outcomes`), written once, to two folders of the run: what is kept, and what is not. Of the
latter, the job then makes quarantine rows and counts.
"""

from __future__ import annotations

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T

from jobs import storage, tables
from jobs.tables.manifest import Folder
from schemas.tables import TABLES
from schemas.tables.outcomes import COUNTED, KEPT, QUARANTINED, REJECTED
from schemas.tables.quarantine import QUARANTINE


def write(
    rows: DataFrame,
    root: str,
    name: str,
    *,
    run: str,
    job: str,
    labels: dict[str, str] | None = None,
) -> Folder:
    """Write outcome rows, and return the folder of those that are kept.

    A rejected row has only its note; it travels as JSON in the column `text`, so that the Parquet
    files of the table have the table's columns and no others.
    """
    table = TABLES[name]
    note = F.to_json(F.struct(*REJECTED.names))
    kept = F.col("outcome") == KEPT
    columns = [
        F.when(kept, F.col("text")).otherwise(note).alias("text") if column == "text" else column
        for column in table.schema.names
    ]
    folded = rows.select(*columns, F.when(kept, KEPT).otherwise("rejected").alias("outcome"))
    folded.write.mode("error").partitionBy("outcome", *table.partitions).parquet(
        storage.join(root, name, run)
    )
    return tables.inspect(root, name, Folder(f"{run}/outcome={KEPT}", run, job, labels or {}))


def rejected(spark: SparkSession, root: str, name: str, run: str) -> DataFrame:
    """The notes of a run's rejected rows: outcome, stage, reason, message, uri, at, n and slice."""
    path = storage.join(root, name, run, "outcome=rejected")
    table = TABLES[name]
    if not storage.exists(path):
        return spark.createDataFrame([], T.StructType([*REJECTED.fields, table.schema["slice"]]))
    noted = spark.read.schema(table.schema).parquet(path)
    return noted.select(F.from_json("text", REJECTED).alias("note"), "slice").select(
        "note.*", "slice"
    )


def quarantined(rejections: DataFrame) -> DataFrame:
    """Rows of quarantine/."""
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
    """How many input records were left out under each reason, most first.

    Quarantine rows count as one each, under `quarantine:` and the name of the error.
    """
    reason = F.when(
        F.col("outcome") == QUARANTINED, F.concat(F.lit("quarantine:"), F.col("reason"))
    ).otherwise(F.col("reason"))
    named = rejections.where(F.col("outcome").isin(QUARANTINED, COUNTED))
    totals = named.groupBy(reason.alias("reason")).agg(F.sum("n").alias("n")).collect()
    return {row["reason"]: row["n"] for row in sorted(totals, key=lambda row: (-row["n"], row[0]))}
