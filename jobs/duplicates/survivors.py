"""Of each cluster one document stays: the best, by rules that do not depend on chance."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.duplicates import simhash
from jobs.duplicates.edges import with_similarity
from schemas.duplicates import DUPLICATES
from udfs.simhash import BITS

BUCKETS = ("head", "middle", "all", "tail")


def rank(slice_priority: Sequence[str]) -> Column:
    """Order within a cluster, the survivor first.

    By slice (as configured; others after), bucket, perplexity (none after any), length (longest
    first), and last the id, so that there is one answer.
    """
    return F.struct(
        _place("slice", slice_priority).alias("slice"),
        _place("bucket", BUCKETS).alias("bucket"),
        F.coalesce("perplexity", F.lit(float("inf"))).alias("perplexity"),
        (-F.col("length")).alias("length"),
        F.col("id").alias("id"),
    )


def _place(column: str, order: Sequence[str]) -> Column:
    found: Column = F.array_position(F.array(*map(F.lit, order)), F.col(column))
    return F.when(found == 0, len(order) + 1).otherwise(found)


def duplicates(
    documents: DataFrame, clusters: DataFrame, slice_priority: Sequence[str], threshold: float
) -> DataFrame:
    """Rows of duplicates/: each clustered document but the survivor, with the evidence.

    A cluster may be a chain, whose ends are not as alike as its links. So two books that share no
    digest and whose MinHashes are not similar are `simhash`, and documents without one `near`, whatever
    the distance or similarity, which is stored.

    Parameters
    ----------
    documents
        With `node`, `id`, `digest`, `minhash`, `simhash` and what `rank` orders by.
    clusters
        `node` and `component`.
    threshold
        Similarity of MinHashes from which two books are `near`.
    """
    members = documents.join(clusters, "node", "inner")
    survivors = members.groupBy("component").agg(
        F.min(rank(slice_priority))["id"].alias("survivor_id"), F.min("id").alias("cluster_id")
    )
    of_survivor = documents.select(
        F.col("id").alias("survivor_id"),
        F.col("digest").alias("of_survivor"),
        F.col("minhash").alias("survivor_minhash"),
        F.col("simhash").alias("survivor_simhash"),
    )
    pairs = (
        members.select("component", "id", "digest", "minhash", "simhash")
        .join(survivors, "component", "inner")
        .where(F.col("id") != F.col("survivor_id"))
        .join(of_survivor, "survivor_id", "inner")
    )
    exact = F.coalesce(F.col("digest") == F.col("of_survivor"), F.lit(False))
    named = pairs.select(
        "id",
        "survivor_id",
        "cluster_id",
        exact.alias("exact"),
        simhash.distance("simhash", "survivor_simhash").alias("distance"),
        "minhash",
        "survivor_minhash",
    )
    compared = with_similarity(named, "minhash", "survivor_minhash")
    similar = F.coalesce(F.col("similarity") >= F.lit(threshold), F.lit(False))
    by_simhash = ~similar & F.col("distance").isNotNull()
    kind = F.when(F.col("exact"), "exact").when(by_simhash, "simhash").otherwise("near")
    similarity = (
        F.when(F.col("kind") == "exact", 1.0)
        .when(F.col("kind") == "simhash", 1 - F.col("distance") / BITS)
        .otherwise(F.col("similarity"))
    )
    here = F.lit(None).cast("string")
    told = compared.withColumn("kind", kind).withColumns(
        {"similarity": similarity, "root": here, "survivor_root": here}
    )
    return told.select(*DUPLICATES.names)


def shared_names(documents: DataFrame, clusters: DataFrame) -> int:
    """How many documents of clusters share their node with another document."""
    members = documents.join(clusters.select("node"), "node", "left_semi")
    shared = members.groupBy("node").agg(F.count("*").alias("n")).where(F.col("n") > 1)
    return shared.count()
