"""Count duplicates by kind, cluster size, and slices of duplicate and survivor."""

from __future__ import annotations

from typing import Any

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.steps.dedup import page_versions
from schemas.settings.slices import SLICES
from udfs.chat.parts import ANSWER, PROMPT

LARGEST = 10
"""Number of clusters that are listed."""

OTHER = "other"
"""Name for unknown slices of ids, so that ids cannot add rows to a table."""


def kinds(duplicates: DataFrame) -> dict[str, dict[str, int]]:
    """Count by kind the documents `removed` from this root, and `older` ones that have a new survivor."""
    is_own = F.col("root").isNull().alias("is_own")
    counts = duplicates.groupBy(is_own, "kind").agg(F.count("*").alias("n"))
    rows = sorted(counts.collect(), key=lambda row: row["kind"])
    return {
        name: {row["kind"]: row["n"] for row in rows if row["is_own"] == own}
        for name, own in (("removed", True), ("older", False))
    }


def sizes(clusters: DataFrame) -> list[dict[str, Any]]:
    """Count clusters and their documents by powers of two of the size."""
    # the number of binary digits; a logarithm would be off by one at some powers
    power = F.length(F.bin("size")) - 1
    rows = clusters.groupBy(power.alias("power")).agg(
        F.count("*").alias("clusters"), F.sum("size").alias("documents")
    )
    return [
        {
            "from": 1 << row["power"],
            "to": (2 << row["power"]) - 1,
            "clusters": row["clusters"],
            "documents": row["documents"],
        }
        for row in sorted(rows.collect(), key=lambda row: row["power"])
    ]


def largest(clusters: DataFrame) -> list[dict[str, Any]]:
    """Return the largest clusters, largest first."""
    rows = clusters.orderBy(F.desc("size"), "cluster_id").limit(LARGEST).collect()
    return [row.asDict() for row in rows]


def clusters_of(duplicates: DataFrame) -> DataFrame:
    """Return a row for each cluster: `size`, survivor, documents by kind, and lowest similarity."""
    return duplicates.groupBy("cluster_id").agg(
        F.min("survivor_id").alias("survivor_id"),
        F.min("survivor_root").alias("survivor_root"),
        (F.count("*") + 1).alias("size"),
        *(F.count_if(F.col("kind") == kind).alias(kind) for kind in ("exact", "near", "simhash")),
        F.count_if(F.col("kind").isin(ANSWER, PROMPT)).alias("part"),
        F.count_if(F.col("kind") == page_versions.KIND).alias("version"),
        F.min("similarity").alias("least_similarity"),
    )


def slice_pairs(duplicates: DataFrame) -> list[dict[str, Any]]:
    """Count duplicates by their slice and the survivor's slice, at most slices squared rows."""
    pairs = duplicates.where(F.col("root").isNull()).select(
        slice_of("id").alias("slice"), slice_of("survivor_id").alias("survivor_slice")
    )
    counts = pairs.groupBy("slice", "survivor_slice").agg(F.count("*").alias("documents"))
    rows = [row.asDict() for row in counts.collect()]
    return sorted(rows, key=lambda row: (row["slice"], row["survivor_slice"]))


def slice_of(column: str) -> Column:
    """Return the slice of a document, the first part of its id."""
    name = F.substring_index(column, "/", 1)
    return F.when(name.isin(*SLICES), name).otherwise(OTHER)
