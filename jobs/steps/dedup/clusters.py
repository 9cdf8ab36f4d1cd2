"""Clusters that can be trusted: large ones are compared with their survivor, member by member.

A component is a chain of checked pairs, whose ends need not be alike. Where it is larger than a limit,
what is not like the survivor is let go; the edges among those that went make clusters of their own,
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
"""How often what was let go is clustered anew; what is left after that are no duplicates."""

REPORTED = 10
"""Clusters above the limit that are told one by one."""

WithSurvivors = Callable[[DataFrame], DataFrame]
"""From (node, component) to those, with `survivor_node`, `cluster_id` and `alike`."""


def trusted(
    clusters: DataFrame,
    edges: DataFrame,
    with_survivors: WithSurvivors,
    scratch: Scratch,
    *,
    limit: int,
    in_memory: int,
) -> tuple[DataFrame, list[dict[str, Any]]]:
    """The clusters, the large ones without what is not like their survivor.

    Parameters
    ----------
    clusters, edges
        `node` and `component`; `node` and `centre`.
    with_survivors
        Finds the survivor of each component, and whether a member is its duplicate.
    limit
        Documents from which on a cluster is large.
    in_memory
        As for `jobs.steps.dedup.components.find`.

    Returns
    -------
    tuple
        `node` and `component`; and of the largest clusters `cluster_id`, `documents`, and how many of
        them were `kept` together with the survivor.
    """
    large, small = _by_size(clusters, limit, scratch)
    done: list[DataFrame] = [small]
    told: list[dict[str, Any]] = []
    for round_ in range(ROUNDS):
        if large.isEmpty():
            break
        here = scratch.below(str(round_))
        judged = here.store(with_survivors(large), "judged")
        told = told or _told(judged)
        done.append(judged.where("alike").select("node", F.col("survivor_node").alias("component")))
        between = _within(edges, judged.where(~F.col("alike")))
        large = components.find(between, here.below("again"), in_memory=in_memory)
    return reduce(DataFrame.unionByName, done), told


def _by_size(clusters: DataFrame, limit: int, scratch: Scratch) -> tuple[DataFrame, DataFrame]:
    """The rows of the clusters above the limit, and of the others."""
    sizes = clusters.groupBy("component").agg(F.count("*").alias("documents"))
    names = scratch.store(sizes.where(F.col("documents") > limit).select("component"), "large")
    if names.isEmpty():
        return names.select(F.col("component").alias("node"), "component"), clusters
    large = clusters.join(names, "component", "left_semi").select("node", "component")
    return large, clusters.join(names, "component", "left_anti").select("node", "component")


def _within(edges: DataFrame, members: DataFrame) -> DataFrame:
    """The edges between members."""
    nodes = members.select("node")
    inside = edges.join(nodes, "node", "left_semi")
    return inside.join(nodes.withColumnRenamed("node", "centre"), "centre", "left_semi")


def _told(judged: DataFrame) -> list[dict[str, Any]]:
    sizes = judged.groupBy("cluster_id").agg(
        F.count("*").alias("documents"), F.sum(F.col("alike").cast("long")).alias("kept")
    )
    largest = sizes.orderBy(F.desc("documents"), "cluster_id").limit(REPORTED).collect()
    return [row.asDict() for row in largest]
