"""Choose one survivor per cluster by a deterministic ranking, and compare the others with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.steps.dedup import simhash
from jobs.steps.dedup.ranking import Criterion, criteria, rank
from jobs.steps.dedup.trees import TREE
from jobs.steps.dedup.verify import with_similarity
from schemas.settings.dedup import DedupConfig
from schemas.tables.duplicates import DUPLICATES
from udfs.near_duplicates.simhash import BITS

_COMPARED = ("node", "root", "digest", "minhash", "simhash")  # of a survivor


@dataclass(frozen=True)
class SurvivorRules:
    """The ranking that chooses a survivor, and when a document is its duplicate.

    Attributes
    ----------
    ranking
        Criteria for the survivor, as from `jobs.steps.dedup.ranking.criteria`.
    threshold
        Minimum similarity of the MinHashes of duplicates.
    simhash_distance
        Maximum number of bits in which the SimHashes of duplicate books differ.
    """

    ranking: Sequence[Criterion]
    threshold: float
    simhash_distance: int

    @classmethod
    def of(cls, config: DedupConfig, snapshots: Iterable[str]) -> SurvivorRules:
        """Return the rules for documents of these snapshots."""
        return cls(criteria(config, snapshots), config.threshold, config.simhash_distance)


def with_survivors(clusters: DataFrame, documents: DataFrame, rules: SurvivorRules) -> DataFrame:
    """Return each clustered document, compared with the survivor of its cluster.

    Parameters
    ----------
    clusters
        `node` and `component`.
    documents
        As from `jobs.steps.dedup.documents.read`, with `node`.

    Returns
    -------
    DataFrame
        `node`, `component`, `id` and `root`; `survivor_node`, `survivor_id` and `survivor_root`;
        `cluster_id`, the smallest id of the cluster; `has_own`, whether it has a document of this root;
        `exact`, `same_tree`, the `distance` of SimHashes and the `similarity` of MinHashes; and
        `is_duplicate`, whether any of these makes it a duplicate, true for the survivor itself.
    """
    tree = F.col(TREE) if TREE in documents.columns else F.lit(None).cast("string")
    members = documents.join(clusters, "node", "inner").withColumn(TREE, tree)
    survivors = members.groupBy("component").agg(
        F.min(F.struct(rank(rules.ranking), F.col("node")))["node"].alias("survivor_node"),
        F.min("id").alias("cluster_id"),
        F.max(F.col("root").isNull()).alias("has_own"),
    )
    nodes = survivors.select(F.col("survivor_node").alias("node"))
    survivor_columns = documents.join(nodes, "node", "left_semi").select(
        F.col("id").alias("survivor_id"),
        *(F.col(name).alias(f"survivor_{name}") for name in _COMPARED),
        tree.alias("survivor_tree"),
    )
    pairs = members.join(survivors, "component", "inner").join(
        survivor_columns, "survivor_node", "inner"
    )
    exact = F.coalesce(F.col("digest") == F.col("survivor_digest"), F.lit(False))
    compared = pairs.select(
        "node",
        "component",
        "id",
        "root",
        "survivor_node",
        "survivor_id",
        "survivor_root",
        "cluster_id",
        "has_own",
        exact.alias("exact"),
        F.coalesce(F.col(TREE) == F.col("survivor_tree"), F.lit(False)).alias("same_tree"),
        simhash.distance("simhash", "survivor_simhash").alias("distance"),
        "minhash",
        "survivor_minhash",
    )
    near = F.coalesce(F.col("similarity") >= F.lit(rules.threshold), F.lit(False))
    near_simhash = F.coalesce(F.col("distance") <= rules.simhash_distance, F.lit(False))
    is_survivor = F.col("node") == F.col("survivor_node")
    return with_similarity(compared, "minhash", "survivor_minhash").withColumn(
        "is_duplicate",
        F.col("exact") | ((near | near_simhash) & ~F.col("same_tree")) | is_survivor,
    )


def duplicates(compared: DataFrame, threshold: float) -> DataFrame:
    """Return rows of duplicates/: each clustered document but the survivor, with the evidence.

    A cluster may be a chain, whose ends are less similar than its links. So the kind of two books with
    different digests and MinHashes that are not similar is `simhash`, and the kind of two documents
    without SimHashes `near`, whatever the distance or similarity, which is stored. Documents of earlier
    roots have a row if their cluster has a document of this one. Threads of one tree stay both.

    Parameters
    ----------
    compared
        As from `with_survivors`.
    threshold
        Minimum similarity of the MinHashes of two books that are `near`.
    """
    similar = F.coalesce(F.col("similarity") >= F.lit(threshold), F.lit(False))
    by_simhash = ~similar & F.col("distance").isNotNull()
    kind = F.when(F.col("exact"), "exact").when(by_simhash, "simhash").otherwise("near")
    similarity = (
        F.when(F.col("kind") == "exact", 1.0)
        .when(F.col("kind") == "simhash", 1 - F.col("distance") / BITS)
        .otherwise(F.col("similarity"))
    )
    others = compared.where((F.col("node") != F.col("survivor_node")) & F.col("has_own"))
    others = others.where(F.col("exact") | ~F.col("same_tree"))
    rows = others.withColumn("kind", kind).withColumn("similarity", similarity)
    rows = rows.withColumn("contained", F.lit(None).cast("double"))
    return rows.select(*DUPLICATES.names)


def node_collisions(documents: DataFrame) -> int:
    """Return the number of nodes that several documents share."""
    counts = documents.groupBy("node").agg(F.count("*").alias("n"))
    return counts.where(F.col("n") > 1).count()
