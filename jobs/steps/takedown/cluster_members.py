"""Members of the clusters that hold documents which are taken down."""

from __future__ import annotations

from functools import reduce

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.runtime.context import Context


def clustered(context: Context) -> DataFrame:
    """Return `cluster`, `id` and `older` for each document of a cluster.

    `older` is true if the cluster holds a document of an earlier root. A document is in one cluster of
    duplicates/, within dedup's scope, and in one of copies/, over all slices.
    """
    duplicates = context.table("duplicates").read()
    older = F.col("root").isNotNull() | F.col("survivor_root").isNotNull()
    within = duplicates.withColumns({"cluster": F.concat(F.lit("d"), "cluster_id"), "older": older})
    copies = context.table("copies").read()
    # a cluster with documents of an earlier root does not have a row for each of them
    sizes = copies.groupBy("cluster_id").agg(
        (F.count("*") < F.max(F.col("exact") + F.col("near")) + 1).alias("older")
    )
    over_all = copies.join(sizes, "cluster_id", "inner").withColumn(
        "cluster", F.concat(F.lit("c"), "cluster_id")
    )
    parts = [
        within.select("cluster", "id", "older"),
        within.select("cluster", F.col("survivor_id").alias("id"), "older"),
        over_all.select("cluster", "id", "older"),
    ]
    return reduce(DataFrame.unionByName, parts).distinct()


def of(clustered: DataFrame, documents: DataFrame) -> DataFrame:
    """Return `id` and `older` for all documents in the clusters of these documents."""
    clusters = clustered.join(documents.select("id"), "id", "left_semi").select("cluster")
    members = clustered.join(clusters.distinct(), "cluster", "left_semi")
    return members.groupBy("id").agg(F.max("older").alias("older"))
