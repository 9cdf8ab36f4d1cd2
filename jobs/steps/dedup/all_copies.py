"""Drop survivors too, for `dedup --keep none`."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from schemas.settings.dedup import DedupConfig
from schemas.tables.duplicates import DUPLICATES


def is_survivor() -> Column:
    """Return whether a row of duplicates/ is about a survivor."""
    same_root = F.col("root").eqNullSafe(F.col("survivor_root"))
    return (F.col("id") == F.col("survivor_id")) & same_root


def removals(duplicates: DataFrame, config: DedupConfig) -> DataFrame:
    """Return the duplicates, and with `--keep none` a row for each survivor: its own `survivor_id`.

    Its kind and similarity are those of the duplicate that is most like it, exact ones first.
    """
    if config.keep == "best":
        return duplicates
    closest = F.max_by(
        F.struct("kind", "similarity", "contained"),
        F.struct(F.col("kind") == "exact", F.coalesce("similarity", F.lit(0.0)), "id"),
    )
    survivors = duplicates.groupBy("survivor_id", "survivor_root", "cluster_id").agg(
        closest.alias("closest")
    )
    rows = survivors.select(
        F.col("survivor_id").alias("id"),
        "survivor_id",
        "cluster_id",
        "closest.*",
        F.col("survivor_root").alias("root"),
        "survivor_root",
    )
    return duplicates.unionByName(rows.select(*DUPLICATES.names))
