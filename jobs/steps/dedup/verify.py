"""Candidates become edges: each pair is compared before it counts.

The documents that share a key are compared with one of them, its centre. Where that is unlike the
others, as with boilerplate, those that failed are compared with the smallest among themselves, a few
times over: a key costs a few comparisons a document, however many share it.
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
"""Centres that the documents of one key are compared with, at most."""

Compare = Callable[[DataFrame], DataFrame]
"""From (node, centre) to (node, centre, similarity)."""


def edges(candidates: DataFrame, compare: Compare, threshold: float, scratch: Scratch) -> DataFrame:
    """The pairs of the candidates whose similarity reaches the threshold.

    Parameters
    ----------
    candidates
        `node`, `key` and `centre`, as from `jobs.steps.dedup.candidates.stars`.
    compare
        Tells the similarity of pairs.
    """
    alike = F.col("similarity") >= F.lit(threshold)
    found = []
    for round_ in range(ROUNDS):
        pairs = candidates.select(*EDGES.names).distinct()
        judged = scratch.store(compare(pairs), f"judged-{round_}")
        found.append(judged.where(alike).select(*EDGES.names))
        failed = judged.where(~alike | F.col("similarity").isNull())
        left = candidates.join(failed, EDGES.names, "left_semi").select("node", "key")
        candidates = scratch.store(stars(left), f"left-{round_}")
        if round_ == ROUNDS - 1 or candidates.isEmpty():
            break
    return reduce(DataFrame.unionByName, found)


def by_estimate(documents: DataFrame) -> Compare:
    """Compare by signatures: the share of equal minima estimates the Jaccard similarity."""
    signatures = documents.select("node", "minhash")

    def compare(pairs: DataFrame) -> DataFrame:
        centres = signatures.join(pairs.select(F.col("centre").alias("node")), "node", "left_semi")
        centres = centres.select(F.col("node").alias("centre"), F.col("minhash").alias("of_centre"))
        both = pairs.join(signatures, "node", "inner").join(centres, "centre", "inner")
        return with_similarity(both, "minhash", "of_centre").select(*EDGES.names, "similarity")

    return compare


def with_similarity(pairs: DataFrame, first: str, second: str) -> DataFrame:
    """Put the estimated similarity of two signatures in their place.

    Null where one of them is null.
    """
    others = [column for column in pairs.columns if column not in (first, second)]
    schema = T.StructType(
        [*pairs.select(*others).schema.fields, T.StructField("similarity", T.DoubleType())]
    )

    def compare(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            estimated = similarities(batch.column(first), batch.column(second))
            columns = [batch.column(name) for name in others]
            yield pa.RecordBatch.from_arrays(
                [*columns, pa.array(estimated, pa.float64(), from_pandas=True)],
                names=[*others, "similarity"],
            )

    return pairs.mapInArrow(compare, schema)
