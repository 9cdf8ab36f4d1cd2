"""Find the documents in all Parquet files of a root, also of older versions and killed runs."""

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
from jobs.tables import parquet_footers, taken_down
from jobs.tables.manifest import Manifest
from udfs.addresses.takedown_keys import Named, key

# tables that hold documents, the last made first: documents/ is changed last, so that an interrupted
# takedown still finds by address what it has to remove
TABLES = (
    *("mixture", "corpus", "contamination", "copies", "duplicates"),
    *("annotated", "paragraphs", "documents"),
)
_FILES_A_TASK = 8  # of most files only a footer and a column are read

_FILES = "table string, path string"
_MATCHES = T.StructType([T.StructField("id", T.StringType()), T.StructField("key", T.StringType())])
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
        Rows of documents that are taken down; -1 for a file that cannot be read, such as a killed
        run's.
    touched
        Rows of these documents and of the others in their clusters.
    """

    table: str
    path: str
    taken: int
    touched: int


def listed(root: str, tables: Iterable[str] = TABLES) -> list[tuple[str, str]]:
    """Return the table and the path below it of each Parquet file."""
    paths = []
    for table in tables:
        base = storage.join(root, table)
        stored = parquet_footers.parquet_objects(base)
        paths += [(table, file.uri[len(base) + 1 :]) for file in stored]
    return paths


def named(manifests: Mapping[str, Manifest]) -> set[tuple[str, str]]:
    """Return table and path of the files that belong to the current versions."""
    return {(name, file.path) for name, version in manifests.items() for file in version.files}


def matches(
    spark: SparkSession, root: str, files: list[tuple[str, str]], entries: tuple[str, ...]
) -> DataFrame:
    """Return `id` and `key` for each takedown entry that names a document in the files.

    Only tables with addresses need to be searched: the others hold the same ids.
    """

    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        taken = taken_down.load(entries)
        for table, path in _rows(batches):
            with contextlib.suppress(pa.ArrowInvalid):  # a truncated file, which `hits` reports
                for columns in _columns(storage.join(root, table, path), taken_down.KEYS):
                    pairs = _matches(columns, taken)
                    if pairs:
                        yield pa.RecordBatch.from_pylist(pairs)

    return _of_files(spark, files).mapInArrow(work, _MATCHES)


def _matches(columns: dict[str, list[Any]], taken: Named) -> list[dict[str, str]]:
    ids = columns["id"]
    matched = taken.matches(*(columns.get(name) or [None] * len(ids) for name in taken_down.KEYS))
    return [
        {"id": id_, "key": key_}
        for id_, keys in zip(ids, matched, strict=True)
        for key_ in keys or ()
    ]


def hits(
    spark: SparkSession,
    root: str,
    files: list[tuple[str, str]],
    taken: tuple[str, ...],
    touched: tuple[str, ...],
) -> list[Hit]:
    """Return the files that hold one of these documents, found by id.

    Parameters
    ----------
    taken, touched
        Parquet files of entries, in the form that `jobs.tables.taken_down.load` reads.
    """

    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        sets = taken_down.load(taken), taken_down.load(touched)
        for table, path in _rows(batches):
            counts = np.zeros(2, np.int64)
            try:
                for columns in _columns(storage.join(root, table, path), ("id",)):
                    counts += [int(mask_of(columns["id"], entries).sum()) for entries in sets]
            except pa.ArrowInvalid:  # a truncated file
                counts[:] = -1
            if counts.any():
                yield pa.RecordBatch.from_pylist(
                    [dict(zip(_HITS.names, (table, path, *map(int, counts)), strict=True))]
                )

    rows = _of_files(spark, files).mapInArrow(work, _HITS).collect()
    return sorted(Hit(*row) for row in rows)


def mask_of(ids: list[str | None], entries: Named) -> npt.NDArray[np.bool_]:
    """Return a mask of the ids that a set of entries holds."""
    return entries.holds([key("id", id_ or "") for id_ in ids])


def _columns(uri: str, names: tuple[str, ...]) -> Iterator[dict[str, list[Any]]]:
    """Yield those of the columns that the file has, a batch at a time; nothing without `id`."""
    with storage.open_seekable(uri) as stream:
        file = pq.ParquetFile(stream)
        present = [name for name in names if name in file.schema_arrow.names]
        if "id" in present:
            for batch in file.iter_batches(batch_size=10_000, columns=present):
                yield batch.to_pydict()


def _of_files(spark: SparkSession, files: list[tuple[str, str]]) -> DataFrame:
    tasks = -(-len(files) // _FILES_A_TASK) or 1
    return spark.createDataFrame(files, _FILES).repartition(tasks)


def _rows(batches: Iterator[pa.RecordBatch]) -> Iterator[tuple[Any, ...]]:
    for batch in batches:
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
