"""The spans that documents repeat: equal blocks first, then equal windows of blocks that differ.

Rows of one block or window are ordered by document and place; the first keeps it, so each other one is
compared with it alone, however many there are. Only hashes, digests and places are shuffled for this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F
from pyspark.sql import types as T

from jobs.runtime.arrow import in_parts
from jobs.steps.dedup.scratch import Scratch
from udfs.passages import anchors
from udfs.passages.anchors import Passages, Spans
from udfs.passages.cover import Repeats, cover
from udfs.passages.units import Ints

SPANS = T.StructType(
    [
        T.StructField("anchor", T.LongType()),
        T.StructField("left", T.LongType()),  # the two halves of the digest
        T.StructField("right", T.LongType()),
        T.StructField("number", T.LongType()),
        T.StructField("start", T.IntegerType()),
        T.StructField("length", T.IntegerType()),
    ]
)
"""A block or window of a document."""

REPEATS = T.StructType([T.StructField(name, T.LongType()) for name in Repeats._fields])
"""A span that a document repeats (`udfs.passages.cover.Repeats`)."""

_DIGEST = ("left", "right")
_ROWS = 1 << 20  # that `cover` joins at once

Map = Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]


def find(
    texts: Callable[[DataFrame | None], DataFrame], passages: Passages, scratch: Scratch
) -> DataFrame:
    """Return rows of `REPEATS`, as few as cover what documents repeat, stored in the scratch folder.

    Parameters
    ----------
    texts
        Returns `number` and `text` of all documents, or, for rows with `number` and other columns, of
        those documents with the columns.
    """
    blocks = _with_keepers(texts(None).mapInArrow(_blocks(passages), SPANS))
    of_anchor = Window.partitionBy("anchor")
    differ = F.min("left").over(of_anchor) != F.max("left").over(of_anchor)
    is_cut = F.max("overlaps").over(of_anchor)
    marked = blocks.withColumn(
        "is_searched", (differ | is_cut) & (F.col("is_keeper") | F.col("overlaps"))
    ).drop("anchor", *_DIGEST)
    known = scratch.store(marked.where(~F.col("is_keeper") | F.col("is_searched")), "blocks")
    starts = known.where("is_searched").groupBy("number")
    searched = texts(starts.agg(F.collect_list("start").alias("starts")))
    windows = _with_keepers(searched.mapInArrow(_windows(passages), SPANS))
    repeated = _repeated(known).unionByName(_repeated(windows))
    by_document = repeated.repartition("number").sortWithinPartitions("number")
    return scratch.store(by_document.mapInArrow(_covers, REPEATS), "repeats")


def _with_keepers(spans: DataFrame) -> DataFrame:
    """Add the keeper of each span, whether the row is about it or overlaps it, and the documents."""
    equal = Window.partitionBy("anchor", *_DIGEST)
    ordered = equal.orderBy("number", "start")
    is_other = F.coalesce(F.col("number") != F.lag("number").over(ordered), F.lit(True))
    rows = spans.repartition("anchor").withColumns(
        {
            "keeper": F.first("number").over(ordered),
            "keeper_start": F.first("start").over(ordered),
            "is_keeper": F.row_number().over(ordered) == 1,
            "is_other": is_other.cast("long"),
        }
    )
    is_inside = F.col("start") < F.col("keeper_start") + F.col("length")
    overlaps = (F.col("number") == F.col("keeper")) & is_inside & ~F.col("is_keeper")
    return rows.withColumns(
        {"documents": F.sum("is_other").over(equal), "overlaps": overlaps}
    ).drop("is_other")


def _repeated(spans: DataFrame) -> DataFrame:
    rows = spans.where(~F.col("is_keeper") & ~F.col("overlaps"))
    return rows.select(*(F.col(field.name).cast(field.dataType) for field in REPEATS))


def _blocks(passages: Passages) -> Map:
    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in in_parts(batches):
            numbers = batch.column("number").to_numpy()
            for spans in anchors.blocks(batch.column("text").to_pylist(), passages):
                yield _batch(spans, spans.anchor.view(np.int64), numbers)

    return work


def _windows(passages: Passages) -> Map:
    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in in_parts(batches):
            numbers = batch.column("number").to_numpy()
            starts = batch.column("starts").to_pylist()
            for spans in anchors.windows(batch.column("text").to_pylist(), starts, passages):
                # rows of one digest meet by its first half
                yield _batch(spans, spans.digests[:, 0], numbers)

    return work


def _batch(spans: Spans, anchor: Ints, numbers: Ints) -> pa.RecordBatch:
    columns = [
        *(pa.array(column) for column in (anchor, *spans.digests.T, numbers[spans.text])),
        *(pa.array(column, pa.int32()) for column in (spans.start, spans.end - spans.start)),
    ]
    return pa.RecordBatch.from_arrays(columns, names=SPANS.names)


def _covers(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield the cover of documents, whose rows come one document after the other."""
    pending: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        pending.append(batch)
        rows += batch.num_rows
        if rows >= _ROWS:
            table = pa.Table.from_batches(pending).combine_chunks()
            numbers = table.column("number").to_numpy()
            whole = int(np.searchsorted(numbers, numbers[-1]))  # before the last document
            yield _covered(table.slice(0, whole))
            pending = table.slice(whole).to_batches()
            rows = table.num_rows - whole
    if pending:
        yield _covered(pa.Table.from_batches(pending))


def _covered(table: pa.Table) -> pa.RecordBatch:
    columns = (table.column(name).to_numpy() for name in Repeats._fields)
    found = cover(Repeats(*columns))
    return pa.RecordBatch.from_arrays([pa.array(column) for column in found], names=Repeats._fields)
