"""Threads of one tree are not near-duplicates of each other, although they share their first messages.

They are not compared with each other: of the documents that share a key with a thread, it is compared with
the smallest one that is not of its tree.
"""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.steps.dedup.verify import Compare

TREE = "tree"
"""Column of the documents that dedup compares: the name of a thread's tree, null for other documents."""


def of_documents(documents: DataFrame) -> DataFrame:
    """Return `node` and `tree` of the documents that have one."""
    return documents.where(F.col(TREE).isNotNull()).select("node", TREE)


def other_centres(edges: DataFrame, keyed: DataFrame, trees: DataFrame) -> DataFrame:
    """Return edges with a centre outside of the document's tree; an edge is left out where there is none.

    Parameters
    ----------
    edges
        `node`, `key` and `centre`, as from `jobs.steps.dedup.candidates.stars`.
    keyed
        `node` and `key` of all documents.
    """
    marked = _with_trees(edges, trees)
    own = marked.where(_is_own()).select("node", "key", TREE)
    others = (
        keyed.join(own.select("key").distinct(), "key", "left_semi")
        .join(trees, "node", "left")
        .select("key", F.col("node").alias("centre"), F.col(TREE).alias("centre_tree"))
    )
    replaced = (
        own.join(others, "key", "inner")
        .where(~_is_own())
        .groupBy("node", "key")
        .agg(F.min("centre").alias("centre"))
    )
    kept = marked.where(~_is_own()).select("node", "key", "centre")
    return kept.unionByName(replaced)


def outside(compare: Compare, trees: DataFrame) -> Compare:
    """Return the comparison without a similarity for two threads of one tree."""

    def compared(pairs: DataFrame) -> DataFrame:
        marked = _with_trees(pairs, trees)
        columns = ("node", "centre")
        own = marked.where(_is_own()).select(
            *columns, F.lit(None).cast("double").alias("similarity")
        )
        return compare(marked.where(~_is_own()).select(*columns)).unionByName(own)

    return compared


def _with_trees(edges: DataFrame, trees: DataFrame) -> DataFrame:
    centres = trees.select(F.col("node").alias("centre"), F.col(TREE).alias("centre_tree"))
    return edges.join(trees, "node", "left").join(centres, "centre", "left")


def _is_own() -> Column:
    return F.coalesce(F.col(TREE) == F.col("centre_tree"), F.lit(False))
