"""True Jaccard similarity of candidate pairs, from their texts, for `dedup --verify jaccard`.

Pairs whose estimate is too low are not compared. A task holds the shingles of a centre and of one batch.
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
from jobs.steps.dedup.text_stars import text_stars
from jobs.steps.dedup.verify import Compare
from udfs.near_duplicates import shingles
from udfs.near_duplicates.minhash_v2 import PERMUTATIONS
from udfs.near_duplicates.shingling import Shingling

_SIMILARITIES = T.StructType([*EDGES.fields, T.StructField("jaccard", T.DoubleType())])


def by_jaccard(
    estimate: Compare, texts: DataFrame, shingling: Shingling, threshold: float
) -> Compare:
    """Compare by texts; by estimate if a text is missing, as those of earlier roots are.

    Parameters
    ----------
    texts
        `node` and `text`.
    shingling
        How they are cut into n-grams.
    threshold
        Pairs whose estimate is more than three standard deviations below it are not compared.
    """
    margin = 3 * math.sqrt(threshold * (1 - threshold) / PERMUTATIONS)

    def compare(pairs: DataFrame) -> DataFrame:
        estimated = estimate(pairs)
        close = estimated.where(F.col("similarity") >= threshold - margin)
        true = true_similarities(close, texts, shingling)
        both = estimated.join(true, EDGES.names, "left")
        similarity = F.coalesce("jaccard", "similarity")
        return both.select(*EDGES.names, similarity.alias("similarity"))

    return compare


def true_similarities(pairs: DataFrame, texts: DataFrame, shingling: Shingling) -> DataFrame:
    """Return `node`, `centre` and `jaccard` of the pairs that have both texts."""
    rows = text_stars(pairs.select(*EDGES.names), texts)
    return rows.mapInArrow(_compare(shingling), _SIMILARITIES)


def _compare(
    shingling: Shingling,
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def compare(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        current: tuple[int, int] | None = None
        centre_hashes = np.empty(0, np.uint64)
        for batch in batches:
            rows: list[tuple[int, int, float]] = []
            columns = [batch.column(name).to_pylist() for name in ("centre", "part", "node")]
            for centre, part, node, text in zip(*columns, batch.column("text"), strict=True):
                hashes = shingling.hashes(text.as_py())
                if node is None:
                    current, centre_hashes = (centre, part), hashes
                elif current == (centre, part):
                    rows.append((node, centre, shingles.similarity(centre_hashes, hashes)))
            yield pa.RecordBatch.from_pydict(
                {
                    "node": pa.array([node for node, _, _ in rows], pa.int64()),
                    "centre": pa.array([centre for _, centre, _ in rows], pa.int64()),
                    "jaccard": pa.array([similarity for _, _, similarity in rows], pa.float64()),
                }
            )

    return compare
