"""Who is in a cluster with documents that are taken down."""

from __future__ import annotations

from functools import reduce

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.runtime.context import Context


def clustered(context: Context) -> DataFrame:
    """`cluster`, `id` and `older` for each document of a cluster.

    `older` says that the cluster holds a document of an older root. A document is in one cluster of
    duplicates/, within dedup's scope, and in one of copies/, over everything.
    """
    duplicates = context.table("duplicates").read()
    older = F.col("root").isNotNull() | F.col("survivor_root").isNotNull()
    within = duplicates.withColumns({"cluster": F.concat(F.lit("d"), "cluster_id"), "older": older})
    copies = context.table("copies").read()
    # where an older root has documents of it as well, not all of them have a row
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
    """`id` and `older` for the documents in the clusters of these ones, themselves among them."""
    clusters = clustered.join(documents.select("id"), "id", "left_semi").select("cluster")
    found = clustered.join(clusters.distinct(), "cluster", "left_semi")
    return found.groupBy("id").agg(F.max("older").alias("older"))
