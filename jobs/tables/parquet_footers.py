"""Rows, bytes and column bounds of Parquet files, read from their footers alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pyarrow.parquet as pq

from jobs import storage
from jobs.storage import ObjectInfo
from jobs.tables.manifest import DataFile

_THREADS = 16


def parquet_objects(uri: str) -> list[ObjectInfo]:
    """Return the Parquet files below a folder."""
    return [stored for stored in storage.list_names(uri) if stored.uri.endswith(".parquet")]


def data_files(uri: str, path: str, index: str | None) -> tuple[DataFile, ...]:
    """Describe the Parquet files below a folder, sorted by path.

    Parameters
    ----------
    path
        The folder's path below its table, which the files' paths begin with.
    index
        Column whose bounds are read; None for none.
    """
    with ThreadPoolExecutor(_THREADS) as pool:
        files = pool.map(
            lambda stored: data_file(stored, path + stored.uri[len(uri) :], index),
            parquet_objects(uri),
        )
        return tuple(sorted(files, key=lambda file: file.path))


def count_rows(uri: str) -> int:
    """Return the number of rows in the Parquet files below a folder, without a Spark job."""
    return sum(file.rows for file in data_files(uri, "", None))


def data_file(stored: ObjectInfo, path: str, index: str | None) -> DataFile:
    """Describe one Parquet file: its rows, and the bounds of the index column where it has them."""
    with storage.open_seekable(stored.uri) as stream:
        metadata = pq.read_metadata(stream)
    file = DataFile(path, metadata.num_rows, stored.size)
    if index is None or not metadata.num_row_groups:
        return file
    column = _column_number(metadata, index)
    groups = range(metadata.num_row_groups)
    bounds = [metadata.row_group(group).column(column).statistics for group in groups]
    if any(statistics is None or not statistics.has_min_max for statistics in bounds):
        return file
    return replace(
        file,
        first=min(statistics.min for statistics in bounds),
        last=max(statistics.max for statistics in bounds),
    )


def _column_number(metadata: pq.FileMetaData, path: str) -> int:
    group = metadata.row_group(0)
    return next(i for i in range(group.num_columns) if group.column(i).path_in_schema == path)
