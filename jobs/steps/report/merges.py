"""False merges: the true similarity of a sample of the near-duplicates."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from typing import Any

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame, Row
from pyspark.sql import functions as F
from pyspark.sql import types as T

from jobs.runtime.context import Context
from jobs.steps.dedup import all_copies
from jobs.steps.report.dedup_run import DedupRun
from jobs.tables import rows_by_id
from schemas.errors import UserError
from udfs.near_duplicates.shingling import Shingling

STEPS = 20
"""Number of intervals of similarity, from 0 to 1, in which pairs are counted."""

WORST = 5
"""Number of pairs that are listed, the least similar first."""

_SIMILARITIES = T.StructType(
    [T.StructField("pair", T.IntegerType()), T.StructField("jaccard", T.DoubleType())]
)


def measure(context: Context, run: DedupRun, count: int, seed: int) -> dict[str, Any]:
    """Compare the texts of a sample of the near-duplicates with those of their survivors.

    Returns
    -------
    dict
        `near`, the number of near-duplicates; `pairs`, those compared; `unread`, those sampled whose
        texts are missing; `similarities`, pairs by true similarity; pairs `below` the threshold, and
        `far_below`, by more than 0.1; `estimate_error`, the mean absolute error; the `lowest` pairs.
    """
    duplicates = context.table("duplicates").read()
    # of this root only: it has no texts of earlier roots
    near = duplicates.where(
        (F.col("kind") == "near") & F.col("root").isNull() & ~all_copies.is_survivor()
    )
    order = (F.xxhash64(F.lit(seed), F.lit("merges"), "id"), F.col("id"))
    sample = near.orderBy(*order).limit(count).collect()
    similarities = _similarities(context, run, sample) if sample else {}
    pairs = [
        {
            "id": row["id"],
            "survivor_id": row["survivor_id"],
            "survivor_root": row["survivor_root"],
            "similarity": row["similarity"],
            "jaccard": round(similarities[i], 6),
        }
        for i, row in enumerate(sample)
        if i in similarities
    ]
    return {
        "near": near.count() if len(sample) == count else len(sample),
        "unread": len(sample) - len(pairs),
        **_summary(pairs, run.config.threshold),
        "lowest": sorted(pairs, key=lambda pair: (pair["jaccard"], pair["id"]))[:WORST],
    }


def _summary(pairs: Sequence[dict[str, Any]], threshold: float) -> dict[str, Any]:
    true = np.array([pair["jaccard"] for pair in pairs], np.float64)
    estimated = [(pair["similarity"], pair["jaccard"]) for pair in pairs]
    errors = [abs(one - other) for one, other in estimated if one is not None]
    steps = np.minimum((true * STEPS).astype(int), STEPS - 1)
    histogram = np.bincount(steps, minlength=STEPS).tolist()
    return {
        "pairs": len(pairs),
        "below": int((true < threshold).sum()),
        "far_below": int((true < threshold - 0.1).sum()),
        "estimate_error": round(float(np.mean(errors)), 6) if errors else None,
        "similarities": [
            {"from": step / STEPS, "to": (step + 1) / STEPS, "pairs": n}
            for step, n in enumerate(histogram)
            if n
        ],
    }


def _similarities(context: Context, run: DedupRun, sample: Sequence[Row]) -> dict[int, float]:
    """Return the true similarity of the pairs that have both texts, by their index in the sample."""
    wanted: dict[str, list[tuple[int, bool, str]]] = {context.root: []}
    for i, row in enumerate(sample):
        wanted[context.root].append((i, False, row["id"]))
        survivors = wanted.setdefault(row["survivor_root"] or context.root, [])
        survivors.append((i, True, row["survivor_id"]))
    parts = []
    for root, documents in wanted.items():
        pairs, survivor_flags, ids = (list(column) for column in zip(*documents, strict=True))
        columns = {"pair": pa.array(pairs, pa.int32()), "is_survivor": survivor_flags, "id": ids}
        try:
            annotated = context.at(root).table("annotated")
            parts.append(rows_by_id.joined(annotated, pa.table(columns), ("text",)))
        except UserError:  # an earlier root that no longer exists
            continue
    is_survivor = F.col("is_survivor")
    both = (
        reduce(DataFrame.unionByName, parts)
        .groupBy("pair")
        .agg(
            F.max(F.when(~is_survivor, F.col("text"))).alias("text"),
            F.max(F.when(is_survivor, F.col("text"))).alias("survivor_text"),
        )
        .where(F.col("text").isNotNull() & F.col("survivor_text").isNotNull())
    )
    rows = both.mapInArrow(_compare(run.shingling), _SIMILARITIES).collect()
    # the similarity of two texts without words is undefined
    return {row["pair"]: row["jaccard"] for row in rows if not np.isnan(row["jaccard"])}


def _compare(
    shingling: Shingling,
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def compare(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            texts = zip(batch.column("text"), batch.column("survivor_text"), strict=True)
            similarities = [shingling.jaccard(text.as_py(), other.as_py()) for text, other in texts]
            columns = [batch.column("pair"), pa.array(similarities, pa.float64())]
            yield pa.RecordBatch.from_arrays(columns, names=_SIMILARITIES.names)

    return compare
