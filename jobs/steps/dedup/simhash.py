"""Books whose SimHashes are near: the edges between them.

Equal SimHashes are folded together first, so that copies cost a row each. The others go into tables
(`udfs.near_duplicates.hamming`), chosen by a sample and by how many there are: a row is a node and its
SimHash, and a part of a table is compared in one task, which gives back at most as many edges as it has rows.

Of n different hashes that are spread evenly the cost is n times the number of tables, of which there
are more for more hashes: 6, 21, 56. A task holds a part of a table, about a million hashes at 16 bytes,
and what it makes of them. The worst case is hashes that differ in few bits at all: then a group of n is
in one task, which compares all with all.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs import slices
from jobs.steps.dedup.candidates import EDGES, group, stars
from udfs.near_duplicates.hamming import SAMPLE, Numbers, pairs_in_table, plan
from udfs.near_duplicates.spanning_forest import forest

PART = 1_000_000
"""Hashes of a table that one task is meant to compare."""

# a row that crosses from Spark into Python, in comparisons of a nanosecond
_ROW_COST = 1500.0


def simhash_edges(documents: DataFrame, within: int, scope: str | None = None) -> DataFrame | None:
    """Edges that connect all documents whose SimHashes are near, directly or by others.

    Parameters
    ----------
    documents
        With `node`, `slice` and `simhash`.
    within
        The largest Hamming distance of near SimHashes, in bits.
    scope
        Column whose values are compared each by itself; null: all are compared.

    Returns
    -------
    DataFrame or None
        None where no document has a SimHash.
    """
    # by slice as well, so that the files of the others are not even opened
    in_slice = F.col("slice").isin(*slices.simhashed())
    hashed = documents.where(in_slice & F.col("simhash").isNotNull()).select(
        "node", "simhash", group(scope).alias("scope")
    )
    distinct = hashed.groupBy("scope", "simhash").agg(F.min("node").alias("node"))
    sample = (
        distinct.orderBy(F.xxhash64("simhash"), "simhash", "scope").select("simhash").limit(SAMPLE)
    )
    drawn = [row["simhash"] for row in sample.collect()]
    if not drawn:
        return None
    equal = stars(hashed.select("node", F.struct("simhash", "scope").alias("key")))
    equal = equal.select(*EDGES.names)
    count = len(drawn) if len(drawn) < SAMPLE else distinct.count()
    if not within or count < 2:
        return equal
    masks = plan(np.array(drawn, np.int64).view(np.uint64), count, within, _ROW_COST)
    return equal.unionByName(_between(distinct, masks, count, within))


def distance(one: str, other: str) -> Column:
    """The Hamming distance of two columns of SimHashes; null where one is null."""
    return F.bit_count(F.col(one).bitwiseXOR(F.col(other)))


def _between(distinct: DataFrame, masks: list[int], count: int, within: int) -> DataFrame:
    """Edges between different hashes that are near."""
    signed = [mask - (1 << 64) if mask >> 63 else mask for mask in masks]
    rows = distinct.select(
        "node", "simhash", "scope", F.explode(F.array(*map(F.lit, signed))).alias("mask")
    )
    # numbers that agree in the mask are in one part
    key = F.xxhash64(F.col("simhash").bitwiseAND(F.col("mask")))
    parts = -(-count // PART)
    parted = rows.withColumn("part", F.pmod(key, F.lit(parts)))

    def compare(group: pa.Table) -> pa.Table:
        simhashes = group["simhash"].to_numpy()
        # in their own order, whatever the order they came in
        order = np.argsort(simhashes)
        numbers: Numbers = simhashes[order].view(np.uint64)
        nodes = group["node"].to_numpy()[order]
        mask = int(group["mask"][0].as_py()) & ((1 << 64) - 1)
        left, right = forest(len(numbers), pairs_in_table(numbers, mask, within))
        ends = np.sort(np.stack((nodes[left], nodes[right])), axis=0)
        return pa.table({"node": ends[1], "centre": ends[0]})

    return parted.groupBy("scope", "mask", "part").applyInArrow(compare, EDGES)
