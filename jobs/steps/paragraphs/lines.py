"""Rows of paragraphs/: the line numbers that paragraph dedup keeps of each web document."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import types as T
from pyspark.sql.pandas.types import to_arrow_schema

from jobs.runtime import session
from jobs.steps.paragraphs import groups
from jobs.steps.paragraphs.groups import Archive, DuplicatesOf, by_archive
from jobs.tables import archive_lookup
from jobs.tables.archive_lookup import Lookup
from jobs.tables.manifest import Folder
from schemas.tables.outcomes import KEPT
from schemas.tables.paragraphs import PARAGRAPHS
from udfs.ccnet import paragraphs as rules

NOTHING_LEFT = "no-paragraph-left"
"""Reason under which documents without a line that is kept are counted."""

REJECTED = "rejected"
"""Outcome of a document without a line that is kept."""

ROWS = T.StructType([*PARAGRAPHS.fields, T.StructField("outcome", T.StringType())])

_BATCH = 1000  # rows

Batches = Iterator[pa.RecordBatch]


def each_archive_in_one_file(folders: Sequence[Folder]) -> bool:
    """Return whether no two files of documents/ can hold documents of the same archive."""
    files = [file for folder in folders for file in folder.files]
    if any(file.first is None or file.last is None for file in files):
        return False
    bounds = sorted((str(file.first), str(file.last)) for file in files)
    return all(left[1] < right[0] for left, right in itertools.pairwise(bounds))


@contextmanager
def whole_files(spark: SparkSession) -> Iterator[bool]:
    """Have Spark read each Parquet file in one task, and one file a task.

    Yield False where the platform does not let a job set this.
    """
    keys = ("spark.sql.files.maxPartitionBytes", "spark.sql.files.openCostInBytes")
    with session.overridden(spark, dict.fromkeys(keys, str(2**40))) as allowed:
        yield allowed


def within_archive(keep: rules.Keep) -> Callable[[Batches], Batches]:
    """Return the function that makes rows of whole archives, each compared within itself."""

    def work(batches: Batches) -> Batches:
        for uri, archive in by_archive(batches):
            offsets = np.array(archive.offsets, np.int64)
            yield from _rows(uri, archive, rules.archive_line_ids(archive.hashes, offsets, keep))

    return work


def across_archives(duplicates: DuplicatesOf) -> Callable[[Batches], Batches]:
    """Return the function that makes rows of documents, given their archives' duplicate hashes."""

    def work(batches: Batches) -> Batches:
        for batch in batches:
            for uri, archive in by_archive(iter([batch])):
                offsets = np.array(archive.offsets, np.int64)
                line_ids = rules.line_ids_given(archive.hashes, offsets, *duplicates(uri))
                yield from _rows(uri, archive, line_ids)

    return work


def duplicate_hashes(rows: DataFrame, group: str | int, scratch: str) -> Lookup:
    """Return the duplicate hashes of each archive in its group."""
    counts = rows.select("id", "text", "uri", "offset", "slice").mapInArrow(
        groups.hash_counts, groups.HASHES
    )
    archives = rows.select("uri", "slice", "snapshot").distinct()
    group_of = groups.groups(archives, group)
    return archive_lookup.stored(groups.duplicates(counts, group_of), scratch, index="uri")


def _rows(uri: str, archive: Archive, kept: Sequence[rules.LineIds]) -> Iterator[pa.RecordBatch]:
    schema = to_arrow_schema(ROWS)
    for start in range(0, len(kept), _BATCH):
        part = range(start, min(start + _BATCH, len(kept)))
        lines = [archive.lengths[i] for i in part]
        yield pa.RecordBatch.from_pydict(
            {
                "id": [archive.ids[i] for i in part],
                "uri": [uri] * len(part),
                "offset": [archive.offsets[i] for i in part],
                "line_ids": [kept[i] for i in part],
                "original_nlines": [len(lengths) for lengths in lines],
                "original_length": [int(lengths.sum()) + len(lengths) - 1 for lengths in lines],
                "nlines": [len(kept[i]) for i in part],
                "length": [rules.kept_length(archive.lengths[i], kept[i]) for i in part],
                "slice": [archive.slices[i] for i in part],
                "outcome": [KEPT if len(kept[i]) else REJECTED for i in part],
            },
            schema=schema,
        )
