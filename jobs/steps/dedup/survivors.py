"""Of each cluster one document stays: the best, by rules that do not depend on chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.steps.dedup import simhash
from jobs.steps.dedup.verify import with_similarity
from schemas.tables.duplicates import DUPLICATES
from udfs.near_duplicates.simhash import BITS

BUCKET_PREFERENCE = ("head", "middle", "all", "tail")
"""Buckets, best first: a document without a model's bucket ranks before the tail."""


@dataclass(frozen=True)
class Rules:
    """Which document of a cluster stays, and what counts as like it.

    Attributes
    ----------
    slices, snapshots
        Names in the order of preference; those that are not named come after.
    threshold
        Similarity of MinHashes from which two documents are alike.
    simhash_distance
        Bits up to which the SimHashes of two books differ that are alike.
    """

    slices: Sequence[str]
    threshold: float
    simhash_distance: int
    snapshots: Sequence[str] = ()

    def rank(self) -> Column:
        """Order within a cluster, the survivor first.

        By root (the oldest first), slice, snapshot (where one is preferred), bucket, perplexity (none
        after any), length (longest first), and last the id, so that there is one answer.
        """
        return F.struct(
            F.col("place"),
            _place("slice", self.slices).alias("slice"),
            _place("snapshot", self.snapshots).alias("snapshot"),
            _place("bucket", BUCKET_PREFERENCE).alias("bucket"),
            F.coalesce("perplexity", F.lit(float("inf"))).alias("perplexity"),
            (-F.col("length")).alias("length"),
            F.col("id"),
            F.col("node"),
        )


def _place(column: str, order: Sequence[str]) -> Column:
    if not order:
        return F.lit(0)
    found = F.array_position(F.array(*map(F.lit, order)), F.coalesce(column, F.lit("")))
    return F.when(found == 0, len(order) + 1).otherwise(found)


def compared(clusters: DataFrame, documents: DataFrame, rules: Rules) -> DataFrame:
    """Each clustered document beside the survivor of its cluster.

    Parameters
    ----------
    clusters
        `node` and `component`.
    documents
        As from `jobs.steps.dedup.documents.read`, with `node`.

    Returns
    -------
    DataFrame
        `node`, `component`, `id`, `root`; `survivor_node`, `survivor_id`, `survivor_root`; `cluster_id`,
        the smallest id of the cluster; `is_new`, whether it has a document of this root; `exact`,
        `distance` (of SimHashes), `similarity` (of MinHashes), and `alike`, whether any of them says
        that the two are duplicates.
    """
    members = documents.join(clusters, "node", "inner")
    survivors = members.groupBy("component").agg(
        F.min(rules.rank())["node"].alias("survivor_node"),
        F.min("id").alias("cluster_id"),
        F.max(F.col("root").isNull()).alias("is_new"),
    )
    chosen = survivors.select(F.col("survivor_node").alias("node"))
    of_survivor = documents.join(chosen, "node", "left_semi").select(
        F.col("node").alias("survivor_node"),
        F.col("id").alias("survivor_id"),
        F.col("root").alias("survivor_root"),
        F.col("digest").alias("of_survivor"),
        F.col("minhash").alias("survivor_minhash"),
        F.col("simhash").alias("survivor_simhash"),
    )
    pairs = members.join(survivors, "component", "inner").join(
        of_survivor, "survivor_node", "inner"
    )
    exact = F.coalesce(F.col("digest") == F.col("of_survivor"), F.lit(False))
    told = pairs.select(
        *("node", "component", "id", "root"),
        *("survivor_node", "survivor_id", "survivor_root"),
        *("cluster_id", "is_new"),
        exact.alias("exact"),
        simhash.distance("simhash", "survivor_simhash").alias("distance"),
        *("minhash", "survivor_minhash"),
    )
    near = F.coalesce(F.col("similarity") >= F.lit(rules.threshold), F.lit(False))
    by_simhash = F.coalesce(F.col("distance") <= rules.simhash_distance, F.lit(False))
    itself = F.col("node") == F.col("survivor_node")
    return with_similarity(told, "minhash", "survivor_minhash").withColumn(
        "alike", F.col("exact") | near | by_simhash | itself
    )


def duplicates(judged: DataFrame, threshold: float) -> DataFrame:
    """Rows of duplicates/: each clustered document but the survivor, with the evidence.

    A cluster may be a chain, whose ends are not as alike as its links. So two books that share no
    digest and whose MinHashes are not similar are `simhash`, and documents without one `near`, whatever
    the distance or similarity, which is stored. Of older roots' documents those are told whose
    cluster has a document of this one.

    Parameters
    ----------
    judged
        As from `compared`.
    threshold
        Similarity of MinHashes from which two books are `near`.
    """
    similar = F.coalesce(F.col("similarity") >= F.lit(threshold), F.lit(False))
    by_simhash = ~similar & F.col("distance").isNotNull()
    kind = F.when(F.col("exact"), "exact").when(by_simhash, "simhash").otherwise("near")
    similarity = (
        F.when(F.col("kind") == "exact", 1.0)
        .when(F.col("kind") == "simhash", 1 - F.col("distance") / BITS)
        .otherwise(F.col("similarity"))
    )
    gone = judged.where((F.col("node") != F.col("survivor_node")) & F.col("is_new"))
    told = gone.withColumn("kind", kind).withColumn("similarity", similarity)
    return told.select(*DUPLICATES.names)


def shared_names(documents: DataFrame) -> int:
    """How many names more than one document has."""
    named = documents.groupBy("node").agg(F.count("*").alias("n"))
    return named.where(F.col("n") > 1).count()
