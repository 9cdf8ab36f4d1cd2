"""Edges between books whose SimHashes are near.

Books with equal SimHashes become a star, a row for each copy. Different SimHashes are distributed over
tables (`udfs.near_duplicates.hamming`), whose masks are chosen by a sample and the number of hashes. A
task compares one part of a table and returns at most as many edges as the part has rows.

For n different hashes that are spread evenly the cost is n times the number of tables: 6, 21 or 56, more
for more hashes. A task holds one part, about a million hashes at 16 bytes, and its pairs. The worst case is
hashes that differ in few bits: then all n are in one part, and one task compares all pairs.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs import slices
from jobs.steps.dedup.candidates import EDGES, scope_value, stars
from udfs.near_duplicates.hamming import SAMPLE, Numbers, pairs_in_table, plan
from udfs.near_duplicates.spanning_forest import forest
from udfs.quality_signals.arrays import Ints

PART = 1_000_000
"""Hashes of a table that one task compares, about."""

# cost of a row that crosses from Spark into Python, in comparisons of a nanosecond
_ROW_COST = 1500.0


def simhash_edges(documents: DataFrame, within: int, scope: str | None = None) -> DataFrame | None:
    """Return edges that connect all documents with near SimHashes, directly or through others.

    Parameters
    ----------
    documents
        With `node`, `slice` and `simhash`.
    within
        The largest Hamming distance of near SimHashes, in bits.
    scope
        Column whose values are deduplicated separately; None compares all documents.

    Returns
    -------
    DataFrame or None
        None if no document has a SimHash.
    """
    # by slice as well, so that the files of other slices are not opened
    in_slice = F.col("slice").isin(*slices.simhashed())
    hashed = documents.where(in_slice & F.col("simhash").isNotNull()).select(
        "node", "simhash", scope_value(scope).alias("scope")
    )
    distinct = hashed.groupBy("scope", "simhash").agg(F.min("node").alias("node"))
    order = (simhash_hash(), "simhash", "scope")
    rows = distinct.orderBy(*order).select("simhash").limit(SAMPLE).collect()
    sample = [row["simhash"] for row in rows]
    if not sample:
        return None
    equal = stars(hashed.select("node", F.struct("simhash", "scope").alias("key")))
    equal = equal.select(*EDGES.names)
    count = len(sample) if len(sample) < SAMPLE else distinct.count()
    if not within or count < 2:
        return equal
    tables = masks(np.array(sample, np.int64), count, within)
    return equal.unionByName(_edges_between(distinct, tables, count, within))


def simhash_hash() -> Column:
    """Return the number by which the sample of SimHashes is drawn: the lowest are in it."""
    return F.xxhash64("simhash")


def masks(sample: Ints, count: int, within: int) -> list[int]:
    """Return the masks of the tables in which `count` SimHashes are compared, planned by a sample."""
    return plan(sample.view(np.uint64), count, within, _ROW_COST)


def near_edges(simhashes: Ints, nodes: Ints, mask: int, within: int) -> tuple[Ints, Ints]:
    """Return edges between different SimHashes of one part of a table: nodes and smaller nodes."""
    # sorted, so that the edges do not depend on the order of arrival
    order = np.argsort(simhashes)
    numbers: Numbers = simhashes[order].view(np.uint64)
    nodes = nodes[order]
    left, right = forest(len(numbers), pairs_in_table(numbers, mask, within))
    centres, others = np.sort(np.stack((nodes[left], nodes[right])), axis=0)
    return others, centres


def distance(one: str, other: str) -> Column:
    """Return the Hamming distance of two columns of SimHashes; null if one of them is null."""
    return F.bit_count(F.col(one).bitwiseXOR(F.col(other)))


def _edges_between(distinct: DataFrame, tables: list[int], count: int, within: int) -> DataFrame:
    """Return edges between different hashes that are near."""
    signed_masks = [mask - (1 << 64) if mask >> 63 else mask for mask in tables]
    table_mask = F.explode(F.array(*map(F.lit, signed_masks)))
    rows = distinct.select("node", "simhash", "scope", table_mask.alias("table_mask"))
    # hashes that agree in the bits of the mask are in one part
    key = F.xxhash64(F.col("simhash").bitwiseAND(F.col("table_mask")))
    parts = -(-count // PART)
    rows = rows.withColumn("part", F.pmod(key, F.lit(parts)))

    def compare(group: pa.Table) -> pa.Table:
        mask = int(group["table_mask"][0].as_py()) & ((1 << 64) - 1)
        simhashes, nodes = group["simhash"].to_numpy(), group["node"].to_numpy()
        others, centres = near_edges(simhashes, nodes, mask, within)
        return pa.table({"node": others, "centre": centres})

    return rows.groupBy("scope", "table_mask", "part").applyInArrow(compare, EDGES)
