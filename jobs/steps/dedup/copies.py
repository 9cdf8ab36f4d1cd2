"""Count the copies of each clustered document, survivors and duplicates alike."""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.steps.dedup.trees import TREE
from schemas.tables.copies import COPIES, HISTORY

OF_PAGES = (*(field.name for field in HISTORY), "version_of")
"""Columns about versions of pages, which are added later."""


def copies(documents: DataFrame, clusters: DataFrame) -> DataFrame:
    """Return rows of copies/: each document of this root that is in a cluster.

    Parameters
    ----------
    documents
        As from `jobs.steps.dedup.documents.read`, with `node`.
    clusters
        `node` and `component`, over all documents whatever the scope.
    """
    # threads of one tree are one document: what they share is no copy
    tree = F.col(TREE) if TREE in documents.columns else F.lit(None).cast("string")
    members = documents.join(clusters, "node", "inner").select(
        "component", "id", "digest", "slice", "date", "root", F.coalesce(tree, "id").alias("whole")
    )
    summaries = members.groupBy("component").agg(
        F.min("id").alias("cluster_id"),
        F.count_distinct("whole").alias("documents"),
        F.array_sort(F.collect_set("slice")).alias("slices"),
        F.min("date").alias("first_date"),
        F.max("date").alias("last_date"),
    )
    equal = (
        members.where(F.col("digest").isNotNull())
        .groupBy("component", "digest")
        .agg(F.count_distinct("whole").alias("equal"))
    )
    own = members.where(F.col("root").isNull()).select("component", "id", "digest")
    rows = own.join(equal, ["component", "digest"], "left").join(summaries, "component", "inner")
    exact = F.coalesce("equal", F.lit(1)) - 1
    return rows.select(
        "id",
        "cluster_id",
        exact.cast("int").alias("exact"),
        (F.col("documents") - 1 - exact).cast("int").alias("near"),
        "slices",
        "first_date",
        "last_date",
        *(F.lit(None).cast(COPIES[name].dataType).alias(name) for name in OF_PAGES),
    ).select(*COPIES.names)
