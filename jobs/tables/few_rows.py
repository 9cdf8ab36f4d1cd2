"""Read a few rows' columns in this process: a Spark job takes longer to plan than they take to read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import functions as F

from jobs.tables import file_scan
from jobs.tables.manifest import Folder
from jobs.tables.table_handle import TableHandle

MAX_ROWS = 1_000_000
MAX_FILES = 200
"""Rows and files up to which this process reads some small columns itself."""

_THREADS = 8


def are_few(folders: Sequence[Folder]) -> bool:
    """Return whether this process reads columns of the folders itself."""
    files = sum(len(folder.files) for folder in folders)
    return files <= MAX_FILES and sum(folder.rows for folder in folders) <= MAX_ROWS


def sums(table: TableHandle, folders: Sequence[Folder], *columns: str) -> list[int]:
    """Return the sum of each column of integers over all rows of some folders of a table."""
    if not are_few(folders):
        row = table.read_folders(folders).agg(*map(F.sum, columns)).collect()[0]
        return [total or 0 for total in row]
    totals = dict.fromkeys(columns, 0)
    for batch in read(table, folders, *columns):
        for name in batch.schema.names:
            totals[name] += pc.sum(batch.column(name)).as_py() or 0
    return list(totals.values())


def read(table: TableHandle, folders: Sequence[Folder], *columns: str) -> Iterator[pa.RecordBatch]:
    """Yield those of the columns that each file of some folders has."""
    uris = [table.uri(file.path) for folder in folders for file in folder.files]
    with ThreadPoolExecutor(_THREADS) as pool:
        for batches in pool.map(lambda uri: list(file_scan.batches(uri, columns)), uris):
            yield from batches
