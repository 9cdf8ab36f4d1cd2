"""Connected components: label each node with the smallest node of its component.

Up to a number of edges that fit into memory, one task labels all components in one pass. Above it,
alternating large-star and small-star (Kiveris et al., "Connected Components in MapReduce and Beyond",
2014): no task holds more than a part of the edges, and the number of rounds grows with the logarithm of
the longest path. Both give the same rows.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from jobs.steps.dedup.candidates import EDGES
from jobs.steps.dedup.scratch import Scratch
from udfs.quality_signals.arrays import Ints

COMPONENTS = T.StructType(
    [
        T.StructField("node", T.LongType()),
        T.StructField("component", T.LongType()),  # the smallest node of the component
    ]
)


def find(edges: DataFrame, scratch: Scratch, *, in_memory: int) -> DataFrame:
    """Return the component of each node of the edges (`node`, `centre`).

    Parameters
    ----------
    scratch
        Folder for the result of each round; without it the plan would grow with every round.
    in_memory
        Maximum number of distinct edges for one task, at about 100 bytes an edge.
    """
    edges = scratch.store(edges.where(F.col("node") != F.col("centre")).distinct(), "edges")
    if edges.count() <= in_memory:
        labelled = edges.coalesce(1).mapInArrow(label_in_memory, COMPONENTS)
    else:
        labelled = alternate_stars(edges, scratch)
    return scratch.store(labelled, "components")


def label_in_memory(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Label all nodes in one task."""
    parts = [[np.asarray(batch.column(name)) for name in EDGES.names] for batch in batches]
    if not parts:
        return
    nodes, smallest = labels(*map(np.concatenate, zip(*parts, strict=True)))
    for start in range(0, len(nodes), 100_000):
        stop = start + 100_000
        yield pa.RecordBatch.from_arrays(
            [pa.array(nodes[start:stop]), pa.array(smallest[start:stop])], names=COMPONENTS.names
        )


def labels(left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """Return the nodes of some edges and the smallest node of the component of each.

    By SciPy's breadth-first search over a sparse matrix.
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    nodes, ends = np.unique(np.concatenate((left, right)), return_inverse=True)
    if not len(nodes):
        return nodes, nodes
    graph = coo_matrix(
        (np.ones(len(left), np.int8), (ends[: len(left)], ends[len(left) :])),
        shape=(len(nodes), len(nodes)),
    )
    _, numbers = connected_components(graph, directed=False)
    # nodes are sorted, so the first of a component is its smallest
    _, first = np.unique(numbers, return_index=True)
    return nodes, nodes[first][numbers]


def alternate_stars(edges: DataFrame, scratch: Scratch) -> DataFrame:
    """Alternate large-star and small-star until the edges no longer change: each component is a star."""
    previous = None
    round_ = 0
    while True:
        edges = small_star(large_star(edges)).distinct()
        edges = scratch.store(edges, f"round-{round_}")
        current = _fingerprint(edges)
        if current == previous:
            break
        previous = current
        round_ += 1
    members = edges.select("node", F.col("centre").alias("component"))
    centres = edges.select(F.col("centre").alias("node"), F.col("centre").alias("component"))
    return members.unionByName(centres.distinct())


def large_star(edges: DataFrame) -> DataFrame:
    """Link each node's larger neighbours to the smallest of its neighbours and itself."""
    both_ways = edges.unionByName(
        edges.select(F.col("centre").alias("node"), F.col("node").alias("centre"))
    )
    least = both_ways.groupBy("node").agg(F.least(F.min("centre"), F.col("node")).alias("least"))
    linked = both_ways.where(F.col("centre") > F.col("node")).join(least, "node", "inner")
    return linked.select(F.col("centre").alias("node"), F.col("least").alias("centre"))


def small_star(edges: DataFrame) -> DataFrame:
    """Link each node and its smaller neighbours to the smallest of them."""
    ordered = edges.select(
        F.greatest("node", "centre").alias("node"), F.least("node", "centre").alias("centre")
    )
    least = ordered.groupBy("node").agg(F.min("centre").alias("least"))
    linked = ordered.join(least, "node", "inner")
    moved = linked.select(F.col("centre").alias("node"), F.col("least").alias("centre"))
    kept = least.select("node", F.col("least").alias("centre"))
    return moved.where(F.col("node") != F.col("centre")).unionByName(kept)


def _fingerprint(edges: DataFrame) -> tuple[int, int]:
    """Return the number of edges and the sum of their hashes, equal for equal sets of edges."""
    total = F.sum(F.xxhash64("node", "centre").cast("decimal(38,0)"))
    count, hash_sum = edges.agg(F.count("*"), total).collect()[0]
    return count, int(hash_sum or 0)
