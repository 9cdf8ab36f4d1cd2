"""What dedup removed: by kind, by the size of its cluster, and from which slice for which."""

from __future__ import annotations

from typing import Any

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from schemas.settings.slices import SLICES

LARGEST = 10
"""Clusters that are named."""

OTHER = "other"
"""What an id's slice is called that is none of ours, so that ids cannot add to a table's rows."""


def kinds(duplicates: DataFrame) -> dict[str, dict[str, int]]:
    """Documents by kind: `removed` from this root, and of `older` ones, which have another survivor now."""
    here = F.col("root").isNull().alias("here")
    counted = (
        duplicates.groupBy(here, "kind").agg(F.count("*").alias("n")).orderBy("kind").collect()
    )
    return {
        name: {row["kind"]: row["n"] for row in counted if row["here"] == of_this}
        for name, of_this in (("removed", True), ("older", False))
    }


def sizes(clusters: DataFrame) -> list[dict[str, Any]]:
    """Clusters and their documents by powers of two of their size."""
    # the digits of the binary number: a logarithm would be off by one at some powers
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
        for row in rows.orderBy("power").collect()
    ]


def largest(clusters: DataFrame) -> list[dict[str, Any]]:
    """The clusters of most documents, largest first."""
    rows = clusters.orderBy(F.desc("size"), "cluster_id").limit(LARGEST).collect()
    return [row.asDict() for row in rows]


def of(duplicates: DataFrame) -> DataFrame:
    """The clusters, a row each: `size` with the survivor, and what is known of its documents."""
    return duplicates.groupBy("cluster_id").agg(
        F.min("survivor_id").alias("survivor_id"),
        F.min("survivor_root").alias("survivor_root"),
        (F.count("*") + 1).alias("size"),
        *(F.count_if(F.col("kind") == kind).alias(kind) for kind in ("exact", "near", "simhash")),
        F.min("similarity").alias("least_similarity"),
    )


def slice_pairs(duplicates: DataFrame) -> list[dict[str, Any]]:
    """How many documents of a slice are left out for one of another, at most slices squared rows."""
    pairs = duplicates.where(F.col("root").isNull()).select(
        slice_of("id").alias("slice"), slice_of("survivor_id").alias("survivor_slice")
    )
    counted = pairs.groupBy("slice", "survivor_slice").agg(F.count("*").alias("documents"))
    return [row.asDict() for row in counted.orderBy("slice", "survivor_slice").collect()]


def slice_of(column: str) -> Column:
    """The slice of a document, which its id starts with."""
    first = F.substring_index(column, "/", 1)
    return F.when(first.isin(*SLICES), first).otherwise(OTHER)
