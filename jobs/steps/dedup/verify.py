"""Verify candidate pairs: those that are similar enough become edges.

Documents that share a key are first compared with the smallest of them, the centre. If the centre is
unlike the others, as boilerplate is, those that failed are compared with the smallest among themselves,
for a few rounds. So a key costs a few comparisons per document, however many documents share it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import reduce

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from jobs.steps.dedup.candidates import EDGES, stars
from jobs.steps.dedup.scratch import Scratch
from udfs.near_duplicates.minhash_v2 import similarities

ROUNDS = 4
"""Maximum number of centres that the documents of one key are compared with."""

Compare = Callable[[DataFrame], DataFrame]
"""From (node, centre) to (node, centre, similarity)."""


def edges(candidates: DataFrame, compare: Compare, threshold: float, scratch: Scratch) -> DataFrame:
    """Return the candidate pairs whose similarity reaches the threshold.

    Parameters
    ----------
    candidates
        `node`, `key` and `centre`, as from `jobs.steps.dedup.candidates.stars`.
    compare
        Computes the similarity of pairs.
    """
    is_similar = F.col("similarity") >= F.lit(threshold)
    verified = []
    for round_ in range(ROUNDS):
        pairs = candidates.select(*EDGES.names).distinct()
        compared = scratch.store(compare(pairs), f"compared-{round_}")
        verified.append(compared.where(is_similar).select(*EDGES.names))
        failed = compared.where(~is_similar | F.col("similarity").isNull())
        retried = candidates.join(failed, EDGES.names, "left_semi").select("node", "key")
        candidates = scratch.store(stars(retried), f"retried-{round_}")
        if round_ == ROUNDS - 1 or candidates.isEmpty():
            break
    return reduce(DataFrame.unionByName, verified)


def by_estimate(documents: DataFrame) -> Compare:
    """Compare by signatures: the share of equal minima estimates the Jaccard similarity."""
    signatures = documents.select("node", "minhash")

    def compare(pairs: DataFrame) -> DataFrame:
        nodes = pairs.select(F.col("centre").alias("node"))
        centres = signatures.join(nodes, "node", "left_semi").select(
            F.col("node").alias("centre"), F.col("minhash").alias("centre_minhash")
        )
        both = pairs.join(signatures, "node", "inner").join(centres, "centre", "inner")
        estimated = with_similarity(both, "minhash", "centre_minhash")
        return estimated.select(*EDGES.names, "similarity")

    return compare


def with_similarity(pairs: DataFrame, first: str, second: str) -> DataFrame:
    """Replace two columns of signatures by `similarity`, the estimate; null where one of them is null."""
    others = [column for column in pairs.columns if column not in (first, second)]
    schema = T.StructType(
        [*pairs.select(*others).schema.fields, T.StructField("similarity", T.DoubleType())]
    )

    def compare(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            estimates = similarities(batch.column(first), batch.column(second))
            columns = [batch.column(name) for name in others]
            yield pa.RecordBatch.from_arrays(
                [*columns, pa.array(estimates, pa.float64(), from_pandas=True)],
                names=[*others, "similarity"],
            )

    return pairs.mapInArrow(compare, schema)
