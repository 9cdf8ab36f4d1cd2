"""Run queries as the jobs do, in a Java that archives the classes it has loaded when it ends."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyspark.sql import Observation, SparkSession, Window
from pyspark.sql import functions as F

from jobs.runtime import class_archive, session

if TYPE_CHECKING:
    import pyarrow as pa

ROWS = 2000


def run_queries(spark: SparkSession, folder: str) -> None:
    """Use what the jobs use of Spark: Parquet, Arrow functions in Python, joins, windows, JSON."""
    rows = spark.range(0, ROWS, numPartitions=2).select(
        F.sha2(F.col("id").cast("string"), 256).alias("id"),
        F.concat(F.lit("a"), F.col("id") % 7).alias("slice"),
        F.repeat(F.lit("some words "), F.col("id").cast("int") % 50).alias("text"),
        F.array(F.col("id"), F.col("id") * 2).alias("hashes"),
        F.struct(F.col("id").alias("number"), F.current_timestamp().alias("time")).alias("source"),
        F.create_map(F.lit("key"), F.col("id").cast("double")).alias("signals"),
    )
    documents, copies = f"{folder}/documents", f"{folder}/copies"
    rows.write.partitionBy("slice").parquet(documents)
    read = spark.read.schema(rows.schema).parquet(documents)
    counted = read.mapInArrow(_unchanged, read.schema).observe(
        Observation(), F.count(F.lit(1)).alias("rows")
    )
    counted.repartition(3, "id").sortWithinPartitions("id").write.mode("overwrite").parquet(copies)
    bands = read.select("id", "slice", F.posexplode("hashes").alias("band", "value"))
    pairs = (
        bands.groupBy("band", "value")
        .agg(F.min("id").alias("id"), F.count("id").alias("members"), F.collect_set("slice"))
        .where("members > 0")
    )
    ranked = read.withColumn(
        "rank", F.row_number().over(Window.partitionBy("slice").orderBy(F.desc("id")))
    ).where("rank < 100 and signals['key'] >= 0 and xxhash64(text) <> 7")
    lengths = read.select("id", F.length("text").alias("length")).limit(20)
    joined = ranked.join(pairs, "id").join(F.broadcast(lengths), "id", "left")
    unmatched = joined.join(read.hint("merge"), "id", "left_anti").drop("source")
    joined.unionByName(unmatched, allowMissingColumns=True).orderBy("band").limit(10).toArrow()
    spark.createDataFrame(read.limit(10).toArrow()).select(F.to_json("source")).coalesce(
        1
    ).write.text(f"{folder}/json")
    read.groupBy().agg(F.sum("source.number"), F.approx_count_distinct("id")).collect()


def _unchanged(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    yield from batches


def main(archive: str) -> None:
    """Run the queries, have Java write the archive when it ends, and try it.

    Raises
    ------
    CalledProcessError
        A Java with the archive does not start: a disk was full, for example.
    """
    spark = session.local_session(java_options=f"{class_archive.MAKE}{archive} {session.QUICK}")
    with tempfile.TemporaryDirectory(prefix="redpajama-classes-") as folder:
        run_queries(spark, folder)
    java: Any = spark.sparkContext._gateway
    class_path = java.jvm.System.getProperty("java.class.path")
    spark.stop()
    java.proc.stdin.close()
    java.proc.wait()
    program = str(Path(os.environ["JAVA_HOME"], "bin", "java"))
    command = [program, "-cp", class_path, f"-XX:SharedArchiveFile={archive}", "-version"]
    subprocess.run(command, check=True)


if __name__ == "__main__":
    main(sys.argv[1])
