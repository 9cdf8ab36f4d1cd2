"""The documents that `passages` compares, numbered in the order in which they keep passages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import reduce

import pyarrow as pa
from pyspark import TaskContext
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from jobs.runtime.context import Context
from jobs.steps.dedup.documents import snapshot_names
from jobs.steps.dedup.ranking import criteria, rank
from jobs.steps.dedup.scratch import Scratch
from jobs.tables import runs, taken_down
from schemas.errors import UserError
from schemas.settings.dedup import DedupConfig
from schemas.settings.passages import PassagesConfig

NUMBERED = T.StructType(
    [
        T.StructField("number", T.LongType()),
        T.StructField("id", T.StringType()),
        T.StructField("root", T.StringType()),
    ]
)
"""A document; the smaller its number, the more it is preferred. `root` is null for this root."""

_RANKED_BY = ("slice", "snapshot", "bucket", "perplexity", "length", "id")
_OF_PARTITION = 40  # bits of the number of a document within its partition


def numbered(context: Context, config: PassagesConfig, scratch: Scratch) -> DataFrame:
    """Return rows of `NUMBERED`: documents that dedup leaves and that have not been taken down.

    They are in the order of survivors of the recorded run of dedup, documents of earlier roots first.
    """
    documents = reduce(
        DataFrame.unionByName,
        (_of_root(context, root, config) for root in (*config.against, None)),
    )
    deduped = replace(_recorded(context), against=config.against)
    prefers_snapshots = deduped.prefer_snapshot != "none"
    snapshots = snapshot_names(documents) if prefers_snapshots else []
    order = rank(criteria(deduped, snapshots)).alias("order")
    ranked = documents.select("id", "root", order).repartitionByRange("order")
    rows = ranked.sortWithinPartitions("order").select("id", "root")
    return scratch.store(rows.mapInArrow(_with_numbers(), NUMBERED), "numbered")


def texts(context: Context, config: PassagesConfig, numbers: DataFrame, *, few: bool) -> DataFrame:
    """Return `text` and the columns of `numbers`, some rows of `NUMBERED` with others.

    Parameters
    ----------
    few
        Whether each task can hold `numbers`, so that the texts are not shuffled.
    """
    how = "broadcast" if few else "shuffle_hash"
    parts = []
    for root in (*config.against, None):
        rows = context.at(root or context.root).table("annotated").read().select("id", "text")
        of_root = numbers.where(F.col("root").eqNullSafe(F.lit(root)))
        parts.append(rows.join(of_root.drop("root").hint(how), "id", "inner"))
    return reduce(DataFrame.unionByName, parts).drop("id")


def _of_root(context: Context, root: str | None, config: PassagesConfig) -> DataFrame:
    """Return the columns that rank the documents of a root which its dedup leaves."""
    at_root = context.at(root or context.root)
    rows = taken_down.exclude(at_root.table("annotated").read(), context.root)
    rows = rows.where(F.col("bucket").isin(*config.buckets)).select(*_RANKED_BY)
    duplicates = at_root.table("duplicates")
    if duplicates.manifest is not None:
        dropped = duplicates.read().where("root is null").select("id").distinct()
        rows = rows.join(dropped, "id", "left_anti")
    return rows.withColumn("root", F.lit(root).cast("string"))


def _recorded(context: Context) -> DedupConfig:
    """Return the settings that duplicates/ was made with; the default if they are not known."""
    record = runs.find(context.root, context.table("duplicates").required().made_by)
    try:
        if record is not None and record.job == "dedup":
            return record.settings(DedupConfig)
    except UserError:  # of another release
        pass
    return DedupConfig(root=context.root)


def _with_numbers() -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        task = TaskContext.get()
        number = (task.partitionId() if task else 0) << _OF_PARTITION
        for batch in batches:
            numbers = pa.array(range(number, number + batch.num_rows), pa.int64())
            number += batch.num_rows
            columns = [numbers, batch.column("id"), batch.column("root")]
            yield pa.RecordBatch.from_arrays(columns, names=NUMBERED.names)

    return work
