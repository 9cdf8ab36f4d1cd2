"""Passages that removed documents keep: without them, another document has to keep them."""

from __future__ import annotations

from collections.abc import Mapping

from pyspark.sql import functions as F

from jobs.runtime.context import Context
from jobs.steps.takedown.sweep import SearchResult
from jobs.tables import lineage
from jobs.tables.manifest import Manifest


def is_current(context: Context, now: Mapping[str, Manifest]) -> bool:
    """Return whether passages/ was made from the current annotated/ and duplicates/."""
    upstream = {name: now[name] for name in ("annotated", "duplicates") if name in now}
    return "passages" in now and lineage.belongs(context.root, now["passages"], upstream)


def are_kept_by_removed(context: Context, result: SearchResult) -> bool:
    """Return whether a document that is removed keeps a passage of another one."""
    rows = context.table("passages").read().where(F.col("keeper_root").isNull())
    removed = context.spark.read.parquet(*result.taken_files).select(
        F.col("value").alias("keeper_id")
    )
    others = rows.where(F.col("id") != F.col("keeper_id")).join(removed, "keeper_id", "left_semi")
    return bool(others.limit(1).count())


def are_in_corpus(now: Mapping[str, Manifest]) -> bool:
    """Return whether corpus/ was made with passages/."""
    return "corpus" in now and "passages" in now["corpus"].inputs[0]
