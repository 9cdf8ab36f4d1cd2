"""Rewrite Parquet files without some documents: one file in, one file out, rows in the same order."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import SparkSession
from pyspark.sql import types as T

from jobs import storage
from jobs.steps.takedown.files import mask_of
from jobs.tables import taken_down

_TASKS = "source string, target string, entries array<string>"
_DROPPED = T.StructType(
    [T.StructField("source", T.StringType()), T.StructField("dropped", T.LongType())]
)


class Task(NamedTuple):
    """A file to rewrite: its address, that of the new file, and files of entries to remove."""

    source: str
    target: str
    entries: tuple[str, ...]


def rewrite(spark: SparkSession, tasks: list[Task]) -> dict[str, int]:
    """Rewrite the files, a task each; return the number of dropped rows by old address."""
    if not tasks:
        return {}

    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for row in batch.to_pylist():
                entries = taken_down.load(tuple(row["entries"]))
                dropped = write_without(row["source"], row["target"], entries)
                yield pa.RecordBatch.from_pylist([{"source": row["source"], "dropped": dropped}])

    rows = [(task.source, task.target, list(task.entries)) for task in tasks]
    frame = spark.createDataFrame(rows, _TASKS).repartition(len(rows))
    return {row["source"]: row["dropped"] for row in frame.mapInArrow(work, _DROPPED).collect()}


def write_without(source: str, target: str, entries: Any) -> int:
    """Write a file without the documents in some entries; return the number of dropped rows.

    Row groups, compression and Spark's metadata stay the same. One row group is in memory at a time;
    a temporary file holds the result until it is complete. No file is written if no row remains.
    """
    dropped = 0
    with storage.open_seekable(source) as stream, tempfile.TemporaryFile() as local:
        file = pq.ParquetFile(stream)
        writer = None
        for group in range(file.num_row_groups):
            table = file.read_row_group(group, use_threads=False)
            removed = mask_of(table.column("id").to_pylist(), entries)
            dropped += int(removed.sum())
            kept = table.filter(pa.array(~removed)) if removed.any() else table
            if kept.num_rows:
                if writer is None:
                    writer = pq.ParquetWriter(
                        local, kept.schema, compression=_codec(file), store_schema=False
                    )
                writer.write_table(kept, row_group_size=kept.num_rows)
        if writer is not None:
            writer.close()
            storage.write_file(target, local)
    return dropped


def _codec(file: pq.ParquetFile) -> str:
    codec = str(file.metadata.row_group(0).column(0).compression).lower()
    return "none" if codec == "uncompressed" else codec
