"""The true Jaccard similarity of pairs, from their texts: what `dedup --verify jaccard` compares by.

Only pairs that the estimate does not rule out are compared. The texts of a star come to one task in a
stream, its centre first, so that a task holds the shingles of the centre and of one batch; a star of
many documents is parted, and its centre sent to each part.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from jobs.steps.dedup.candidates import EDGES
from jobs.steps.dedup.verify import Compare
from udfs.near_duplicates import shingles
from udfs.near_duplicates.minhash_v2 import PERMUTATIONS
from udfs.near_duplicates.normal_bytes import normal_bytes

PART = 5_000
"""Documents that one task compares with a centre."""

_JUDGED = T.StructType([*EDGES.fields, T.StructField("true", T.DoubleType())])


def by_jaccard(estimate: Compare, texts: DataFrame, ngram: int, threshold: float) -> Compare:
    """Compare by the texts; by estimate where a text is not there (it lies in an older root).

    Parameters
    ----------
    texts
        `node` and `text`.
    threshold
        Pairs whose estimate is more than three standard deviations below it are not compared.
    """
    doubt = 3 * math.sqrt(threshold * (1 - threshold) / PERMUTATIONS)

    def compare(pairs: DataFrame) -> DataFrame:
        estimated = estimate(pairs)
        close = estimated.where(F.col("similarity") >= threshold - doubt)
        true = true_similarities(close, texts, ngram)
        both = estimated.join(true, EDGES.names, "left")
        similarity = F.coalesce("true", "similarity")
        return both.select(*EDGES.names, similarity.alias("similarity"))

    return compare


def true_similarities(pairs: DataFrame, texts: DataFrame, ngram: int) -> DataFrame:
    """`node`, `centre` and `true` for the pairs whose texts are both there."""
    counts = pairs.groupBy("centre").agg(F.ceil(F.count("*") / PART).cast("int").alias("parts"))
    wanted = pairs.select("node").unionByName(pairs.select(F.col("centre").alias("node")))
    texts = texts.join(wanted.distinct(), "node", "left_semi")
    part = F.pmod(F.xxhash64("node"), F.col("parts")).cast("int")
    members = (
        pairs.select(*EDGES.names)
        .join(counts, "centre", "inner")
        .join(texts, "node", "inner")
        .select("centre", part.alias("part"), "node", "text")
    )
    part = F.explode(F.sequence(F.lit(0), F.col("parts") - 1))
    centres = (
        counts.select("centre", part.alias("part"))
        .join(texts.withColumnRenamed("node", "centre"), "centre", "inner")
        .select("centre", "part", F.lit(None).cast("long").alias("node"), "text")
    )
    order = [F.col("centre"), F.col("part"), F.col("node").asc_nulls_first()]
    rows = centres.unionByName(members).repartition("centre", "part").sortWithinPartitions(*order)
    return rows.mapInArrow(_compare(ngram), _JUDGED)


def _compare(
    ngram: int,
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        group: tuple[int, int] | None = None
        of_centre = np.empty(0, np.uint64)
        for batch in batches:
            made: list[tuple[int, int, float]] = []
            places = [batch.column(name).to_pylist() for name in ("centre", "part", "node")]
            for centre, part, node, text in zip(*places, batch.column("text"), strict=True):
                found = np.unique(shingles.shingle_hashes(normal_bytes(text.as_py()), ngram))
                if node is None:
                    group, of_centre = (centre, part), found
                elif group == (centre, part):
                    made.append((node, centre, shingles.similarity(of_centre, found)))
            yield pa.RecordBatch.from_pydict(
                {
                    "node": pa.array([node for node, _, _ in made], pa.int64()),
                    "centre": pa.array([centre for _, centre, _ in made], pa.int64()),
                    "true": pa.array([true for _, _, true in made], pa.float64()),
                }
            )

    return work
