"""Rewrite Parquet files without some documents: one file in, one file out, rows in the same order."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import IO, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import types as T

from jobs import storage
from jobs.runtime.context import Context
from jobs.steps.takedown.files import mask_of
from jobs.tables import damage, file_scan, taken_down
from jobs.tables.file_scan import StoredFile
from udfs.addresses.takedown_keys import Named

_THREADS = 4  # each holds a row group
_TASKS = "source string, target string, removed string, entries array<string>"
_DONE = T.StructType([T.StructField("source", T.StringType())])


class Task(NamedTuple):
    """A file to rewrite.

    Attributes
    ----------
    file
        The file, whose size decides where it is rewritten; None in a worker.
    source, target
        Its address, and that of the new file.
    removed
        Address of a file for the rows that are dropped; None to keep nothing of them.
    entries
        Files of entries of the documents to remove.
    """

    file: StoredFile | None
    source: str
    target: str
    removed: str | None
    entries: tuple[str, ...]


def rewrite(context: Context, tasks: Sequence[Task]) -> None:
    """Rewrite the files: in this process if they are few and small, else a Spark task each."""
    if file_scan.are_few([task.file for task in tasks if task.file]):
        with ThreadPoolExecutor(_THREADS) as pool:
            list(pool.map(_rewrite, tasks))
        return

    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for row in batch.to_pylist():
                _rewrite(Task(**{**row, "file": None, "entries": tuple(row["entries"])}))
                yield pa.RecordBatch.from_pylist([{"source": row["source"]}])

    rows = [(*task[1:4], list(task.entries)) for task in tasks]
    frame = context.spark.createDataFrame(rows, _TASKS).repartition(len(rows))
    frame.mapInArrow(work, _DONE).collect()


def _rewrite(task: Task) -> None:
    entries = taken_down.load(task.entries)
    with damage.named(task.source):
        write_without(task.source, task.target, entries, removed=task.removed)


def write_without(source: str, target: str, entries: Named, *, removed: str | None = None) -> int:
    """Write a file without the documents in some entries; return the number of dropped rows.

    Row groups, compression and Spark's metadata stay the same. One row group is in memory at a time;
    a temporary file holds the result until it is complete. No file is written if no row remains.

    Parameters
    ----------
    removed
        Address of a file for the dropped rows; None to keep nothing of them.
    """
    dropped = 0
    with ExitStack() as files:
        file = pq.ParquetFile(files.enter_context(storage.open_seekable(source)))
        kept_rows = _Output(file, target, files.enter_context(tempfile.TemporaryFile()))
        removed_rows = None
        if removed is not None:
            removed_rows = _Output(file, removed, files.enter_context(tempfile.TemporaryFile()))
        for output in filter(None, (kept_rows, removed_rows)):
            files.callback(output.abandon)
        for group in range(file.num_row_groups):
            table = file.read_row_group(group, use_threads=False)
            mask = mask_of(table.column("id").to_pylist(), entries)
            dropped += int(mask.sum())
            kept_rows.write(table.filter(pa.array(~mask)) if mask.any() else table)
            if removed_rows is not None and mask.any():
                removed_rows.write(table.filter(pa.array(mask)))
        # the removed rows first: an interrupted takedown must not lose them
        if removed_rows is not None:
            removed_rows.close()
        kept_rows.close()
    return dropped


class _Output:
    """A file like another one that is written when it is closed, if it has rows."""

    def __init__(self, like: pq.ParquetFile, uri: str, local: IO[bytes]) -> None:
        self._like = like
        self._uri = uri
        self._local = local
        self._writer: pq.ParquetWriter | None = None

    def write(self, rows: pa.Table) -> None:
        """Write a row group."""
        if not rows.num_rows:
            return
        if self._writer is None:
            self._writer = pq.ParquetWriter(
                self._local,
                rows.schema,
                compression=_codec(self._like),
                store_schema=False,
                write_page_checksum=True,  # as Spark writes them; `check --deep` verifies them
            )
        self._writer.write_table(rows, row_group_size=rows.num_rows)

    def close(self) -> None:
        """Store the file."""
        if self._writer is not None:
            self._writer.close()
            storage.write_file(self._uri, self._local)

    def abandon(self) -> None:
        """End writing before the temporary file is closed; nothing is stored."""
        if self._writer is not None:
            self._writer.close()


def _codec(file: pq.ParquetFile) -> str:
    codec = str(file.metadata.row_group(0).column(0).compression).lower()
    return "none" if codec == "uncompressed" else codec
