"""Read and write the tables of a root."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import reduce
from typing import Any

import pyarrow.parquet as pq
from pyspark.sql import DataFrame, SparkSession

from jobs import storage
from jobs.storage import ObjectInfo
from jobs.tables import manifest
from jobs.tables.manifest import DataFile, Folder, Manifest
from schemas.errors import UserError
from schemas.tables import TABLES


def read(spark: SparkSession, root: str, name: str) -> DataFrame:
    """The current version of a table, its columns as in `schemas.tables.TABLES`.

    Raises
    ------
    UserError
        There is no such table, or no job has written it yet.
    """
    while True:
        found = required(root, name)
        rows = read_folders(spark, root, name, found.folders)
        # a takedown removes files of a folder once it has published: what Spark has listed is the
        # whole of this version if that is current still
        if required(root, name).version == found.version:
            return rows


def required(root: str, name: str) -> Manifest:
    """The manifest of a table that must be there."""
    found = manifest.current(root, table_name(name))
    if found is None:
        raise UserError(f"{root} has no table {name} yet: run `redpajama {_MAKERS[name]}` first")
    return found


_MAKERS = {
    "documents": "ingest",
    "paragraphs": "paragraphs",
    "annotated": "annotate",
    "duplicates": "dedup",
    "copies": "dedup",
    "contamination": "decontaminate",
    "corpus": "curate",
    "mixture": "mix",
    "quarantine": "ingest",
    "takedowns": "takedown",
}


def table_name(name: str) -> str:
    """The name, if there is such a table."""
    if name not in TABLES:
        raise UserError(f"no table {name!r}: the tables are {', '.join(TABLES)}")
    return name


def read_folders(spark: SparkSession, root: str, name: str, folders: Iterable[Folder]) -> DataFrame:
    """The rows of some folders of a table."""
    schema = TABLES[name].schema
    parts = []
    # Spark finds partitions below one base only, so each folder is a read of its own
    for folder in folders:
        if folder.files:
            base = folder_uri(root, name, folder)
            paths = [base]
            if folder.partial:
                paths = [storage.join(root, name, file.path) for file in folder.files]
            found = spark.read.schema(schema).option("basePath", base).parquet(*paths)
            parts.append(found.select(*schema.names))
    return reduce(DataFrame.union, parts) if parts else spark.createDataFrame([], schema)


def folder_uri(root: str, name: str, folder: Folder) -> str:
    """Where a folder of a table is."""
    return storage.join(root, name, folder.path)


def left_over(root: str, name: str, folder: Folder) -> list[str]:
    """The Parquet files below a partial folder that are no longer part of the table."""
    if not folder.partial:
        return []
    base = storage.join(root, name)
    named = {file.path for file in folder.files}
    found = [each.uri for each in storage.list_names(storage.join(base, folder.path))]
    return [uri for uri in found if uri.endswith(".parquet") and uri[len(base) + 1 :] not in named]


def write(
    rows: DataFrame,
    root: str,
    name: str,
    *,
    run: str,
    job: str,
    labels: dict[str, str] | None = None,
    below: str = "rows",
) -> Folder:
    """Write rows to the run's folder of a table; nobody sees them before they are published.

    Rows keep the partitions and the order they come in: the caller says how many files there are.

    Parameters
    ----------
    below
        The folder's name inside the run's.
    """
    table = TABLES[name]
    path = f"{run}/{below}"
    # "error": the folder is fresh, so one that is there is another run's
    rows.select(*table.schema.names).write.mode("error").partitionBy(*table.partitions).parquet(
        storage.join(root, name, path)
    )
    return inspect(root, name, Folder(path, run, job, labels or {}))


def write_again(rows: DataFrame, root: str, name: str, folder: Folder, *, below: str) -> Folder:
    """Write what is to stay of a folder's rows, as the same run, to another folder of it."""
    return write(
        rows, root, name, run=folder.run, job=folder.job, labels=folder.labels, below=below
    )


def inspect(root: str, name: str, folder: Folder) -> Folder:
    """The folder with its files: rows, bytes and bounds of the index column, from their footers."""
    base = folder_uri(root, name, folder)
    objects = [found for found in storage.list_names(base) if found.uri.endswith(".parquet")]
    index = TABLES[name].index
    with ThreadPoolExecutor(max_workers=16) as pool:
        files = pool.map(
            lambda found: data_file(found, folder.path + found.uri[len(base) :], index), objects
        )
        return replace(folder, files=tuple(sorted(files, key=lambda file: file.path)))


def stored_rows(uri: str) -> int:
    """The rows of the Parquet files below a folder, by their footers: no job of Spark's is needed."""
    objects = [found for found in storage.list_names(uri) if found.uri.endswith(".parquet")]
    return sum(data_file(found, "", None).rows for found in objects)


def data_file(found: ObjectInfo, path: str, index: str | None) -> DataFile:
    """What the footer of a Parquet file says: rows, and the bounds of the index column."""
    with storage.open_seekable(found.uri) as stream:
        metadata = pq.read_metadata(stream)
    bare = DataFile(path, metadata.num_rows, found.size)
    if index is None or not metadata.num_row_groups:
        return bare
    column = _column(metadata, index)
    groups = range(metadata.num_row_groups)
    bounds = [metadata.row_group(group).column(column).statistics for group in groups]
    if any(each is None or not each.has_min_max for each in bounds):
        return bare
    return replace(
        bare, first=min(each.min for each in bounds), last=max(each.max for each in bounds)
    )


def _column(metadata: pq.FileMetaData, path: str) -> int:
    group = metadata.row_group(0)
    return next(i for i in range(group.num_columns) if group.column(i).path_in_schema == path)


def publish(
    root: str,
    name: str,
    *,
    run: str,
    folders: Iterable[Folder],
    replacing: Manifest | None,
    digest: str = "",
    inputs: Sequence[Mapping[str, Any]] = (),
) -> Manifest:
    """Make these folders the table, in one step (`jobs.tables.manifest`)."""
    made = Manifest(name, run, tuple(folders), digest, [dict(each) for each in inputs])
    manifest.publish(root, made, replacing=replacing)
    return made


def publish_whole(
    root: str,
    name: str,
    folder: Folder,
    replacing: Manifest | None,
    *,
    digest: str,
    inputs: Mapping[str, Any],
) -> Manifest:
    """Make this one folder the table, made anew from these versions of others."""
    return publish(
        root,
        name,
        run=folder.run,
        folders=[folder],
        replacing=replacing,
        digest=digest,
        inputs=[inputs],
    )


def add(
    root: str,
    name: str,
    folder: Folder,
    *,
    without: Callable[[Folder], bool],
) -> Manifest:
    """Publish a table that several jobs add to: with this folder, and without what it replaces.

    Where another job publishes at the same time, its folders are taken in and the step is repeated.
    """
    while True:
        before = manifest.current(root, name)
        others = [old for old in (before.folders if before else ()) if not without(old)]
        try:
            return publish(root, name, run=folder.run, folders=[*others, folder], replacing=before)
        except storage.Conflict:
            continue
