"""Scan Parquet files: in this process if they are few and small, else in a Spark job.

A Spark job costs seconds before it reads anything. The columns that name documents take milliseconds a file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import types as T
from pyspark.sql.pandas.types import to_arrow_schema

from jobs import storage
from jobs.runtime.context import Context
from jobs.tables import damage, parquet_footers
from jobs.tables.manifest import Manifest

FEW_FILES = 500
FEW_BYTES = 1 << 30
"""Files and bytes up to which this process reads the files itself."""

_THREADS = 8
_FILES_A_TASK = 8  # of most files only a footer and a few columns are read
_BATCH = 10_000  # rows


class StoredFile(NamedTuple):
    """A Parquet file: its table, its path below it, its size, and whether a current version has it."""

    table: str
    path: str
    bytes: int
    is_current: bool


_FILES = "table string, path string, bytes long, is_current boolean"

Work = Callable[[StoredFile], Iterable[dict[str, Any]]]


def listed(root: str, current: Mapping[str, Manifest], tables: Iterable[str]) -> list[StoredFile]:
    """Return all Parquet files of some tables, also of older versions and killed runs."""
    files = []
    for table in tables:
        base = storage.join(root, table)
        current_paths = {file.path for file in current[table].files} if table in current else set()
        for stored in parquet_footers.parquet_objects(base):
            path = stored.uri[len(base) + 1 :]
            files.append(StoredFile(table, path, stored.size, path in current_paths))
    return files


def of_version(version: Manifest) -> list[StoredFile]:
    """Return the files of a version of a table."""
    return [StoredFile(version.table, file.path, file.bytes, True) for file in version.files]


def are_few(files: Sequence[StoredFile]) -> bool:
    """Return whether this process scans the files itself."""
    return len(files) <= FEW_FILES and sum(file.bytes for file in files) <= FEW_BYTES


def scan(
    context: Context,
    files: Sequence[StoredFile],
    work: Work,
    schema: T.StructType,
    scratch: str | None = None,
) -> Iterator[dict[str, Any]]:
    """Yield the rows that `work` returns for each file, file by file in no order.

    Parameters
    ----------
    schema
        Of the rows.
    scratch
        Folder that a Spark job writes the rows to; it must not exist. None to collect them, if they are few.
    """
    if are_few(files):
        # the first alone: what `work` loads is loaded once, and not in each thread
        for file in files[:1]:
            yield from list(work(file))
        with ThreadPoolExecutor(_THREADS) as pool:
            for rows in pool.map(lambda file: list(work(file)), files[1:]):
                yield from rows
        return

    rows_schema = to_arrow_schema(schema)

    def in_task(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for row in batch.to_pylist():
                rows = list(work(StoredFile(**row)))
                if rows:
                    yield pa.RecordBatch.from_pylist(rows, rows_schema)

    frame = context.spark.createDataFrame([tuple(file) for file in files], _FILES)
    tasks = -(-len(files) // _FILES_A_TASK)
    rows_of_files = frame.repartition(tasks).mapInArrow(in_task, schema)
    if scratch is None:
        yield from (row.asDict() for row in rows_of_files.collect())
        return
    rows_of_files.write.parquet(scratch)
    for stored in parquet_footers.parquet_objects(scratch):
        for batch in batches(stored.uri, schema.names):
            yield from batch.to_pylist()


def batches(uri: str, names: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """Yield those of the columns that a file has, a batch at a time.

    Raises
    ------
    damage.DamagedFileError
        The file cannot be read.
    """
    with damage.named(uri), storage.open_seekable(uri) as stream:
        file = pq.ParquetFile(stream)
        columns = file.schema_arrow.names
        present = [name for name in names if name.partition(".")[0] in columns]
        yield from file.iter_batches(batch_size=_BATCH, columns=present)
