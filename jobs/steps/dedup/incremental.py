"""Older roots that dedup looks at: which versions, and what is said of their documents already."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs import tables
from jobs.runtime.context import Context
from jobs.tables import manifest
from schemas.errors import UserError
from schemas.tables.duplicates import DUPLICATES

_SAID = ("survivor_id", "cluster_id", "kind", "similarity")


def versions(root: str, against: Sequence[str]) -> dict[str, str]:
    """The versions of annotated/ of older roots, as inputs of a run.

    Raises
    ------
    UserError
        One of them has none, or is the root itself.
    """
    if root in against:
        raise UserError(f"--against: {root} is the root itself")
    return {each: tables.required(each, "annotated").version for each in against}


def without_known(context: Context, rows: DataFrame, against: Sequence[str]) -> DataFrame:
    """Leave out what the older roots' duplicates/ say already.

    The rows that stay are those of this root's documents, and of older ones that have another survivor
    or cluster now: over the older rows they give what one run over everything would.
    """
    if not against:
        return rows
    known = None
    for place, root in enumerate(against):
        found = manifest.current(root, "duplicates")
        if found is None:
            continue
        said = tables.read_folders(context.spark, root, "duplicates", found.folders)
        said = said.select(
            F.coalesce("root", F.lit(root)).alias("root"),
            "id",
            F.struct(F.lit(place).alias("place"), *_SAID).alias("said"),
        )
        known = said if known is None else known.unionByName(said)
    if known is None:
        return rows
    # what a later root said of an earlier one's document holds
    last = known.groupBy("root", "id").agg(F.max("said").alias("said"))
    compared = rows.join(last, ["root", "id"], "left")
    same = F.lit(True)
    for column in _SAID:
        same = same & F.col(column).eqNullSafe(F.col(f"said.{column}"))
    return compared.where(F.col("said").isNull() | ~same).select(*DUPLICATES.names)
