"""Verify large clusters: each member is compared with the survivor.

A connected component is a chain of verified pairs, whose ends need not be similar. Members of a large
component that are not similar to its survivor leave the cluster. The edges among them make new clusters,
which are compared with their survivors in the same way, whatever their size.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.steps.dedup import components
from jobs.steps.dedup.scratch import Scratch

ROUNDS = 10
"""Maximum rounds of clustering rejected members again; those rejected in the last have no duplicates."""

REPORTED = 10
"""Maximum number of large clusters that are reported one by one."""

WithSurvivors = Callable[[DataFrame], DataFrame]
"""From (node, component) to those with `survivor_node`, `cluster_id` and `is_duplicate`."""


def verified(
    clusters: DataFrame,
    edges: DataFrame,
    with_survivors: WithSurvivors,
    scratch: Scratch,
    *,
    limit: int,
    in_memory: int,
) -> tuple[DataFrame, list[dict[str, Any]]]:
    """Return the clusters, the large ones without members that are not similar to the survivor.

    Parameters
    ----------
    clusters, edges
        `node` and `component`; `node` and `centre`.
    with_survivors
        Finds the survivor of each component, and whether a member is its duplicate.
    limit
        Maximum number of documents of a cluster that is not verified.
    in_memory
        As for `jobs.steps.dedup.components.find`.

    Returns
    -------
    tuple
        `node` and `component`; and `cluster_id`, `documents` and the number `kept` with the survivor of
        the largest clusters above the limit.
    """
    large, small = _by_size(clusters, limit, scratch)
    parts: list[DataFrame] = [small]
    reported: list[dict[str, Any]] = []
    for round_ in range(ROUNDS):
        if large.isEmpty():
            break
        folder = scratch.below(str(round_))
        compared = folder.store(with_survivors(large), "compared")
        reported = reported or _largest(compared)
        kept = compared.where("is_duplicate")
        parts.append(kept.select("node", F.col("survivor_node").alias("component")))
        remaining = _edges_among(edges, compared.where(~F.col("is_duplicate")))
        large = components.find(remaining, folder.below("components"), in_memory=in_memory)
    return reduce(DataFrame.unionByName, parts), reported


def _by_size(clusters: DataFrame, limit: int, scratch: Scratch) -> tuple[DataFrame, DataFrame]:
    """Return the rows of the clusters above the limit, and those of the others."""
    sizes = clusters.groupBy("component").agg(F.count("*").alias("documents"))
    names = scratch.store(sizes.where(F.col("documents") > limit).select("component"), "large")
    if names.isEmpty():
        return names.select(F.col("component").alias("node"), "component"), clusters
    large = clusters.join(names, "component", "left_semi").select("node", "component")
    return large, clusters.join(names, "component", "left_anti").select("node", "component")


def _edges_among(edges: DataFrame, members: DataFrame) -> DataFrame:
    """Return the edges whose ends are both members."""
    nodes = members.select("node")
    inside = edges.join(nodes, "node", "left_semi")
    return inside.join(nodes.withColumnRenamed("node", "centre"), "centre", "left_semi")


def _largest(compared: DataFrame) -> list[dict[str, Any]]:
    sizes = compared.groupBy("cluster_id").agg(
        F.count("*").alias("documents"), F.sum(F.col("is_duplicate").cast("long")).alias("kept")
    )
    largest = sizes.orderBy(F.desc("documents"), "cluster_id").limit(REPORTED).collect()
    return [row.asDict() for row in largest]
