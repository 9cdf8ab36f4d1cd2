"""Incremental dedup against earlier roots."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.runtime.context import Context
from schemas.errors import UserError
from schemas.tables.duplicates import DUPLICATES

_RECORDED = ("survivor_id", "cluster_id", "kind", "similarity")


def versions(context: Context, against: Sequence[str]) -> dict[str, str]:
    """Return the versions of annotated/ of earlier roots, as inputs of a run.

    Raises
    ------
    UserError
        One of them has no annotated/, or is the root itself.
    """
    if context.root in against:
        raise UserError(f"--against: {context.root} is the root itself")
    return {root: context.at(root).table("annotated").required().version for root in against}


def rows(context: Context, against: Sequence[str]) -> int:
    """Return the number of documents of earlier roots."""
    return sum(context.at(root).table("annotated").required().rows for root in against)


def recorded(context: Context, against: Sequence[str]) -> DataFrame | None:
    """Return `root`, `id` and the row `recorded` about each duplicate of earlier roots; None without any."""
    known = None
    for root_order, root in enumerate(against):
        duplicates = context.at(root).table("duplicates")
        if duplicates.manifest is None:
            continue
        survivor_root = F.coalesce("survivor_root", F.lit(root)).alias("survivor_root")
        order = F.lit(root_order).alias("root_order")
        rows = duplicates.read().select(
            F.coalesce("root", F.lit(root)).alias("root"),
            "id",
            F.struct(order, *_RECORDED, survivor_root).alias("recorded"),
        )
        known = rows if known is None else known.unionByName(rows)
    if known is None:
        return None
    # a later root's row about an earlier root's document overrides the earlier row
    return known.groupBy("root", "id").agg(F.max("recorded").alias("recorded"))


def without_known(context: Context, rows: DataFrame, against: Sequence[str]) -> DataFrame:
    """Drop rows that duplicates/ of the earlier roots record already.

    The remaining rows are about this root's documents, and about earlier ones whose survivor or
    cluster has changed: laid over the earlier rows they equal one run over everything.
    """
    last = recorded(context, against)
    if last is None:
        return rows
    compared = rows.join(last, ["root", "id"], "left")
    same = F.lit(True)
    for column in _RECORDED:
        same = same & F.col(column).eqNullSafe(F.col(f"recorded.{column}"))
    return compared.where(F.col("recorded").isNull() | ~same).select(*DUPLICATES.names)
