"""Every Parquet file under a root, those of older versions and of killed runs too, and who is in it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import types as T

from jobs import storage
from jobs.tables import taken_down
from jobs.tables.manifest import Manifest
from udfs.addresses.takedown_keys import Named, key

# where a document stands: from what is made last to what is made first, which is changed last, so
# that a takedown that was broken off still finds by address what it has to remove
TABLES = (
    *("mixture", "corpus", "contamination", "copies", "duplicates"),
    *("annotated", "paragraphs", "documents"),
)
_A_TASK = 8  # files: of most no more is read than a footer and a column

_FILES = "table string, path string"
_FOUND = T.StructType([T.StructField("id", T.StringType()), T.StructField("key", T.StringType())])
_HITS = T.StructType(
    [
        T.StructField("table", T.StringType()),
        T.StructField("path", T.StringType()),
        T.StructField("taken", T.LongType()),
        T.StructField("touched", T.LongType()),
    ]
)


class Hit(NamedTuple):
    """A file with rows to remove.

    Attributes
    ----------
    path
        Below the table.
    taken
        Rows of documents that are taken down; -1 where the file cannot be read, as those that a
        killed run left.
    touched
        Rows of these and of the documents in their clusters.
    """

    table: str
    path: str
    taken: int
    touched: int


def listed(root: str, tables: Iterable[str] = TABLES) -> list[tuple[str, str]]:
    """Table and path below it of each Parquet file."""
    found = []
    for table in tables:
        base = storage.join(root, table)
        found += [
            (table, each.uri[len(base) + 1 :])
            for each in storage.list_names(base)
            if each.uri.endswith(".parquet")
        ]
    return found


def named(manifests: Mapping[str, Manifest]) -> set[tuple[str, str]]:
    """The files that are part of the current versions."""
    return {(name, file.path) for name, found in manifests.items() for file in found.files}


def matches(
    spark: SparkSession, root: str, files: list[tuple[str, str]], entries: tuple[str, ...]
) -> DataFrame:
    """`id` and `key` for each takedown that names a document in the files.

    Tables without addresses say nothing that the others do not.
    """

    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        taken = taken_down.load(entries)
        for table, path in _rows(batches):
            with contextlib.suppress(pa.ArrowInvalid):  # cut short: `hits` says so
                for columns in _columns(storage.join(root, table, path), taken_down.KEYS):
                    pairs = _matches(columns, taken)
                    if pairs:
                        yield pa.RecordBatch.from_pylist(pairs)

    return _of_files(spark, files).mapInArrow(work, _FOUND)


def _matches(columns: dict[str, list[Any]], taken: Named) -> list[dict[str, str]]:
    ids = columns["id"]
    told = taken.matches(*(columns.get(name) or [None] * len(ids) for name in taken_down.KEYS))
    return [
        {"id": id_, "key": each} for id_, keys in zip(ids, told, strict=True) for each in keys or ()
    ]


def hits(
    spark: SparkSession,
    root: str,
    files: list[tuple[str, str]],
    taken: tuple[str, ...],
    touched: tuple[str, ...],
) -> list[Hit]:
    """The files that hold one of these documents, by the ids alone.

    Parameters
    ----------
    taken, touched
        Parquet files of entries, as `jobs.tables.taken_down.load` takes them.
    """

    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        sets = taken_down.load(taken), taken_down.load(touched)
        for table, path in _rows(batches):
            counts = np.zeros(2, np.int64)
            try:
                for columns in _columns(storage.join(root, table, path), ("id",)):
                    counts += [int(mask_of(columns["id"], each).sum()) for each in sets]
            except pa.ArrowInvalid:  # cut short
                counts[:] = -1
            if counts.any():
                yield pa.RecordBatch.from_pylist(
                    [dict(zip(_HITS.names, (table, path, *map(int, counts)), strict=True))]
                )

    found = _of_files(spark, files).mapInArrow(work, _HITS)
    return sorted(Hit(*row) for row in found.collect())


def mask_of(ids: list[str | None], entries: Named) -> npt.NDArray[np.bool_]:
    """Which ids a set of entries (`udfs.addresses.takedown_keys.Named`) holds."""
    return entries.holds([key("id", each or "") for each in ids])


def _columns(uri: str, names: tuple[str, ...]) -> Iterator[dict[str, list[Any]]]:
    """The columns that there are of these, a batch at a time; nothing of a file without ids."""
    with storage.open_seekable(uri) as stream:
        file = pq.ParquetFile(stream)
        there = [name for name in names if name in file.schema_arrow.names]
        if "id" in there:
            for batch in file.iter_batches(batch_size=10_000, columns=there):
                yield batch.to_pydict()


def _of_files(spark: SparkSession, files: list[tuple[str, str]]) -> DataFrame:
    tasks = -(-len(files) // _A_TASK) or 1
    return spark.createDataFrame(files, _FILES).repartition(tasks)


def _rows(batches: Iterator[pa.RecordBatch]) -> Iterator[tuple[Any, ...]]:
    for batch in batches:
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
