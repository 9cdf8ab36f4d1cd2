"""CCNet's paragraph dedup: which lines of each web document are left.

A paragraph (a line) that stands in two or more documents of a group goes. The default group is one
archive: its documents are in one file of documents/, so that one task sees them all and nothing is
shuffled. For wider groups see `jobs.steps.paragraphs.groups`.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T
from pyspark.sql.pandas.types import to_arrow_schema

from jobs import slices, storage, tables
from jobs.runtime.context import Context
from jobs.steps.paragraphs import groups
from jobs.steps.paragraphs.groups import Archive, DuplicatesOf, by_archive
from jobs.tables import archive_lookup, manifest, runs, taken_down
from jobs.tables.archive_lookup import Lookup
from jobs.tables.manifest import Folder
from jobs.tables.runs import Record
from schemas.settings.paragraphs import ParagraphsConfig
from schemas.tables.outcomes import KEPT
from schemas.tables.paragraphs import PARAGRAPHS
from udfs.ccnet import paragraphs as rules

NOTHING_LEFT = "no-paragraph-left"
_ROWS = T.StructType([*PARAGRAPHS.fields, T.StructField("outcome", T.StringType())])


def run(context: Context, config: ParagraphsConfig) -> Record:
    """Find the lines that are left of each web document, and publish paragraphs/."""
    group = groups.parse(config.group)
    documents = tables.required(context.root, "documents")
    inputs = {"documents": documents.version}
    key = runs.digest(config, inputs)
    same = runs.unchanged(context, config, "paragraphs", "paragraphs", inputs)
    if same:
        return same
    before = manifest.current(context.root, "paragraphs")
    folders = [
        folder for folder in documents.folders if slices.load(folder.labels["slice"]).traits.web
    ]
    with runs.record(context, "paragraphs", config, inputs) as record:
        context.say(f"paragraphs: {sum(each.rows for each in folders):,} web documents")
        read = tables.read_folders(context.spark, context.root, "documents", folders)
        rows = taken_down.without(read, context.root).select(
            "id", "text", "source.uri", "source.offset", "snapshot", "slice"
        )
        scratch = storage.join(context.root, "paragraphs", record.run, "scratch")
        with whole_files(context.spark) as whole:
            if group == "archive" and whole and each_archive_in_one_file(folders):
                work = within_archive(config.keep)
            else:
                found = _duplicates(rows, group, scratch)
                work = across_archives(DuplicatesOf(found, config.keep))
            rows.mapInArrow(work, _ROWS).write.partitionBy("outcome", "slice").parquet(
                storage.join(context.root, "paragraphs", record.run, "rows")
            )
        storage.remove_tree(scratch)
        kept, gone = (
            tables.inspect(
                context.root,
                "paragraphs",
                Folder(f"{record.run}/rows/outcome={outcome}", record.run, "paragraphs"),
            )
            for outcome in (KEPT, "rejected")
        )
        record.rows_in = sum(folder.rows for folder in folders)
        record.rows_out = kept.rows
        record.reasons = {NOTHING_LEFT: gone.rows} if gone.rows else {}
        record.reasons |= taken_down.reasons(read, context.root)
        record.check()
        sums = tables.read_folders(context.spark, context.root, "paragraphs", [kept, gone])
        record.characters_in, record.characters_out = sums.agg(
            F.sum("original_length"), F.sum("length")
        ).collect()[0]
        tables.publish_whole(context.root, "paragraphs", kept, before, digest=key, inputs=inputs)
    return record


def each_archive_in_one_file(folders: Sequence[Folder]) -> bool:
    """Whether no two files of documents/ can hold documents of the same archive."""
    files = [file for folder in folders for file in folder.files]
    if any(file.first is None or file.last is None for file in files):
        return False
    bounds = sorted((str(file.first), str(file.last)) for file in files)
    return all(left[1] < right[0] for left, right in itertools.pairwise(bounds))


@contextmanager
def whole_files(spark: SparkSession) -> Iterator[bool]:
    """Have Spark read each Parquet file in one task, and no two in one; says whether it will.

    Not every platform lets a job set this.
    """
    keys = ("spark.sql.files.maxPartitionBytes", "spark.sql.files.openCostInBytes")
    if not all(spark.conf.isModifiable(key) for key in keys):
        yield False
        return
    before = [spark.conf.get(key) for key in keys]
    for key in keys:
        spark.conf.set(key, str(2**40))
    try:
        yield True
    finally:
        for key, value in zip(keys, before, strict=True):
            spark.conf.set(key, str(value))


def within_archive(
    keep: rules.Keep,
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """Rows of paragraphs/ for archives that are whole in the task, each a group of its own."""

    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for uri, archive in by_archive(batches):
            offsets = np.array(archive.offsets, np.int64)
            yield from _rows(uri, archive, rules.archive_line_ids(archive.hashes, offsets, keep))

    return work


def across_archives(
    duplicates: DuplicatesOf,
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """Rows of paragraphs/ for any documents, given the duplicate hashes of their archives."""

    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for uri, archive in by_archive(iter([batch])):
                offsets = np.array(archive.offsets, np.int64)
                line_ids = rules.line_ids_given(archive.hashes, offsets, *duplicates(uri))
                yield from _rows(uri, archive, line_ids)

    return work


def _duplicates(rows: DataFrame, group: str | int, scratch: str) -> Lookup:
    """The duplicate hashes of each archive in its group."""
    counts = rows.select("id", "text", "uri", "offset", "slice").mapInArrow(
        groups.hash_counts, groups.HASHES
    )
    archives = rows.select("uri", "slice", "snapshot").distinct()
    group_of = groups.groups(archives, group)
    return archive_lookup.stored(groups.duplicates(counts, group_of), scratch, index="uri")


def _rows(uri: str, archive: Archive, kept: Sequence[rules.LineIds]) -> Iterator[pa.RecordBatch]:
    schema = to_arrow_schema(_ROWS)
    for start in range(0, len(kept), 1000):
        part = range(start, min(start + 1000, len(kept)))
        lines = [archive.lengths[i] for i in part]
        yield pa.RecordBatch.from_pydict(
            {
                "id": [archive.ids[i] for i in part],
                "uri": [uri] * len(part),
                "offset": [archive.offsets[i] for i in part],
                "line_ids": [kept[i] for i in part],
                "original_nlines": [len(each) for each in lines],
                "original_length": [int(each.sum()) + len(each) - 1 for each in lines],
                "nlines": [len(kept[i]) for i in part],
                "length": [rules.kept_length(archive.lengths[i], kept[i]) for i in part],
                "slice": [archive.slices[i] for i in part],
                "outcome": [KEPT if len(kept[i]) else "rejected" for i in part],
            },
            schema=schema,
        )


if __name__ == "__main__":
    from jobs.cli import main

    sys.exit(main(["paragraphs", *sys.argv[1:]]))
