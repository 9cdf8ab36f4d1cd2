"""False merges: near-duplicates as found, and how alike their texts truly are."""

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
from jobs.steps.report.dedup_run import DedupRun
from jobs.tables import rows_by_id
from schemas.errors import UserError
from udfs.near_duplicates.shingles import jaccard
from udfs.quality_signals.vocabulary import normalize

STEPS = 20
"""Parts of the similarities from 0 to 1 by which pairs are told."""

WORST = 5
"""Pairs that are named, the least alike first."""

_JUDGED = T.StructType(
    [T.StructField("place", T.IntegerType()), T.StructField("jaccard", T.DoubleType())]
)


def measure(context: Context, run: DedupRun, count: int, seed: int) -> dict[str, Any]:
    """Compare the texts of a sample of the near-duplicates with those of their survivors.

    Returns
    -------
    dict
        `near`, how many there are; `pairs`, how many were compared; `unread`, those drawn whose texts
        are not there; `similarities`, by true similarity; `below` the threshold, and `far_below`, by
        0.1 and more; `estimate_error`, the mean absolute one; the `lowest`, each with its ids.
    """
    duplicates = context.table("duplicates").read()
    # what an older root lost is not this root's text
    near = duplicates.where((F.col("kind") == "near") & F.col("root").isNull())
    order = (F.xxhash64(F.lit(seed), F.lit("merges"), "id"), F.col("id"))
    drawn = near.orderBy(*order).limit(count).collect()
    judged = _judged(context, run, drawn) if drawn else {}
    pairs = [
        {
            "id": row["id"],
            "survivor_id": row["survivor_id"],
            "survivor_root": row["survivor_root"],
            "similarity": row["similarity"],
            "jaccard": round(judged[place], 6),
        }
        for place, row in enumerate(drawn)
        if place in judged
    ]
    return {
        "near": near.count() if len(drawn) == count else len(drawn),
        "unread": len(drawn) - len(pairs),
        **_summary(pairs, run.config.threshold),
        "lowest": sorted(pairs, key=lambda pair: (pair["jaccard"], pair["id"]))[:WORST],
    }


def _summary(pairs: Sequence[dict[str, Any]], threshold: float) -> dict[str, Any]:
    true = np.array([pair["jaccard"] for pair in pairs], np.float64)
    estimated = [(pair["similarity"], pair["jaccard"]) for pair in pairs]
    errors = [abs(one - other) for one, other in estimated if one is not None]
    places = np.minimum((true * STEPS).astype(int), STEPS - 1)
    histogram = np.bincount(places, minlength=STEPS).tolist()
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


def _judged(context: Context, run: DedupRun, drawn: Sequence[Row]) -> dict[int, float]:
    """The true similarity by the pair's place, where both texts are there."""
    wanted: dict[str, list[tuple[int, bool, str]]] = {context.root: []}
    for place, row in enumerate(drawn):
        wanted[context.root].append((place, False, row["id"]))
        of_survivor = wanted.setdefault(row["survivor_root"] or context.root, [])
        of_survivor.append((place, True, row["survivor_id"]))
    found = []
    for root, asked in wanted.items():
        places, survivors, ids = (list(column) for column in zip(*asked, strict=True))
        columns = {"place": pa.array(places, pa.int32()), "survivor": survivors, "id": ids}
        try:
            annotated = context.at(root).table("annotated")
            found.append(rows_by_id.joined(annotated, pa.table(columns), ("text",)))
        except UserError:  # an older root that is gone
            continue
    text = [F.max(F.when(F.col("survivor") == whose, F.col("text"))) for whose in (False, True)]
    both = (
        reduce(DataFrame.unionByName, found)
        .groupBy("place")
        .agg(text[0].alias("text"), text[1].alias("other"))
        .where(F.col("text").isNotNull() & F.col("other").isNotNull())
    )
    rows = both.mapInArrow(_compare(run.ngram), _JUDGED).collect()
    # two texts without words are alike by their digest, if at all
    return {row["place"]: row["jaccard"] for row in rows if not np.isnan(row["jaccard"])}


def _compare(ngram: int) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            found = [
                jaccard(normalize(text.as_py()), normalize(other.as_py()), ngram)
                for text, other in zip(batch.column("text"), batch.column("other"), strict=True)
            ]
            columns = [batch.column("place"), pa.array(found, pa.float64())]
            yield pa.RecordBatch.from_arrays(columns, names=_JUDGED.names)

    return work
