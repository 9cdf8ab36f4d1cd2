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

from jobs import tables
from jobs.context import Context
from jobs.reports import texts
from jobs.reports.dedup_run import DedupRun
from schemas.errors import UserError
from udfs.quality_signals.vocabulary import normalize
from udfs.shingles import jaccard

STEPS = 20
"""Parts of the similarities from 0 to 1 by which pairs are told."""

WORST = 5
"""Pairs that are named, the least alike first."""

_JUDGED = T.StructType(
    [T.StructField("place", T.IntegerType()), T.StructField("jaccard", T.DoubleType())]
)
_NAMED = "place int, id string, survivor_id string"


def measure(context: Context, run: DedupRun, count: int, seed: int) -> dict[str, Any]:
    """Compare the texts of a sample of the near-duplicates with those of their survivors.

    Returns
    -------
    dict
        `near`, how many there are; `pairs`, how many were compared; `unread`, those drawn whose texts
        are not there; `similarities`, by true similarity; `below` the threshold, and `far_below`, by
        0.1 and more; `estimate_error`, the mean absolute one; the `lowest`, each with its ids.
    """
    duplicates = tables.read(context.spark, context.root, "duplicates")
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
        "near": near.count(),
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
    spark = context.spark
    named = [(place, row["id"], row["survivor_id"]) for place, row in enumerate(drawn)]
    ours = texts.of(spark, context.root, {row["id"] for row in drawn})
    pairs = spark.createDataFrame(named, _NAMED).join(ours, "id", "inner").select("place", "text")
    survivors = []
    for root in sorted({row["survivor_root"] or "" for row in drawn}):
        here = [pair for pair, row in zip(named, drawn, strict=True) if root == _root(row)]
        try:
            found = texts.of(spark, root or context.root, {survivor for _, _, survivor in here})
        except UserError:  # an older root that is gone
            continue
        of_survivor = found.select(F.col("id").alias("survivor_id"), F.col("text").alias("other"))
        places = spark.createDataFrame(here, _NAMED)
        survivors.append(places.join(of_survivor, "survivor_id", "inner").select("place", "other"))
    if not survivors:
        return {}
    both = pairs.join(reduce(DataFrame.unionByName, survivors), "place", "inner")
    rows = both.mapInArrow(_compare(run.ngram), _JUDGED).collect()
    # two texts without words are alike by their digest, if at all
    return {row["place"]: row["jaccard"] for row in rows if not np.isnan(row["jaccard"])}


def _root(row: Row) -> str:
    return row["survivor_root"] or ""


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
