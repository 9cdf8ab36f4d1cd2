"""Recall: of near-duplicates planted among the documents, how many the run's settings find.

A planted pair is found if its signatures share a band and pass the check, as for any two documents.
Beside it stands what the theory expects at the pairs' true similarities (`udfs.near_duplicates.lsh_recall`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from pyspark.sql import functions as F

from jobs.runtime.context import Context
from jobs.steps.report.dedup_run import DedupRun
from jobs.tables import rows_by_id
from udfs.keyed_hash import keyed_hash
from udfs.near_duplicates import lsh_recall
from udfs.near_duplicates.minhash_v2 import similarity
from udfs.near_duplicates.planted_duplicates import RATES, Pair, pairs
from udfs.quality_signals.vocabulary import normalize

LONG = 1000
"""Characters from which documents are preferred: of a few words, no small share can be replaced."""

CUT = 50_000
"""Characters that are read of a document, so that a sample of books fits into memory."""

STEPS = 20
"""Parts of the similarities from 0 to 1 by which pairs are told."""


@dataclass(frozen=True)
class Sample:
    """Documents drawn: their ids, the starts of their texts, and the signatures of whole ones."""

    ids: list[str]
    texts: list[str]
    stored: list[bytes | None]


def draw(context: Context, run: DedupRun, count: int, seed: int) -> Sample:
    """Draw documents that dedup compared, long ones first, by a keyed hash of the id."""
    annotated = context.table("annotated").read()
    taking_part = annotated.where(
        F.col(run.column).isNotNull() & F.col("bucket").isin(*run.config.buckets)
    )
    order = (F.col("length") < LONG, F.xxhash64(F.lit(seed), F.lit("planted"), "id"), F.col("id"))
    chosen = [row["id"] for row in taking_part.orderBy(*order).select("id").limit(count).collect()]
    wanted = pa.table({"id": pa.array(chosen, pa.string())})
    rows = (
        rows_by_id.joined(context.table("annotated"), wanted, ("text", "length", run.column))
        .select(
            "id",
            F.substring("text", 1, CUT).alias("text"),
            F.when(F.col("length") <= CUT, F.col(run.column)).alias("stored"),
        )
        .collect()
    )
    place = {id_: i for i, id_ in enumerate(chosen)}
    rows = sorted(rows, key=lambda row: place[row["id"]])
    stored = [None if row["stored"] is None else bytes(row["stored"]) for row in rows]
    return Sample([row["id"] for row in rows], [row["text"] for row in rows], stored)


def measure(sample: Sample, run: DedupRun, seed: int) -> dict[str, Any]:
    """Plant near-duplicates and look for them.

    Returns
    -------
    dict
        `documents`, `seed`; `rates` and `similarities`, the pairs by share of words replaced and by true
        similarity, and `all` of them, those whose true similarity is `above` the threshold or at it,
        and those `below` (each as from `_Tried.counts`); `stored`, of how many whole documents the
        signature was `compared` with the stored one and was `equal`; `curve`, rows of similarity,
        probability to share a band, probability to be found.
    """
    keys = [keyed_hash(seed, "planted", id_) for id_ in sample.ids]
    made = pairs(sample.texts, keys, run.sign, run.ngram)
    whole = [(text, old) for text, old in zip(sample.texts, sample.stored, strict=True) if old]
    equal = [run.sign([normalize(text)]) == [old] for text, old in whole]
    tried = _Tried.of(made, run)
    rates = [
        {"rate": rate, **tried.counts(np.array([pair.rate == rate for pair in made], bool))}
        for rate in RATES
    ]
    places = np.minimum((tried.jaccard * STEPS).astype(int), STEPS - 1)
    similarities = [
        {"from": step / STEPS, "to": (step + 1) / STEPS, **tried.counts(places == step)}
        for step in range(STEPS)
    ]
    curve = np.arange(101) / 100
    columns = (curve, lsh_recall.share_band(curve, run.bands, run.rows), run.expected(curve))
    return {
        "documents": len(sample.ids),
        "seed": seed,
        "all": tried.counts(np.ones(len(made), bool)),
        "above": tried.counts(tried.jaccard >= run.config.threshold),
        "below": tried.counts(tried.jaccard < run.config.threshold),
        "rates": [each for each in rates if each["pairs"]],
        "similarities": [each for each in similarities if each["pairs"]],
        "stored": {"compared": len(equal), "equal": sum(equal)},
        "curve": [[round(float(each), 6) for each in row] for row in zip(*columns, strict=True)],
    }


@dataclass(frozen=True)
class _Tried:
    """Planted pairs: their true similarities, whether each is found, and its chance to be."""

    jaccard: lsh_recall.Floats
    found: lsh_recall.Floats
    chance: lsh_recall.Floats

    @classmethod
    def of(cls, made: Sequence[Pair], run: DedupRun) -> _Tried:
        jaccard = np.array([pair.jaccard for pair in made], np.float64)
        found = [
            lsh_recall.shares_band(pair.signature, pair.of_copy, run.bands, run.rows)
            and run.passes(similarity(pair.signature, pair.of_copy), pair.jaccard)
            for pair in made
        ]
        return cls(jaccard, np.array(found, np.float64), run.expected(jaccard))

    def counts(self, those: np.typing.NDArray[np.bool_]) -> dict[str, Any]:
        """Numbers on some of the pairs.

        Returns
        -------
        dict
            `pairs`, `found`; where there are any, `jaccard` (mean), `recall` and `expected` (shares),
            their `difference`, and `chance`: two standard deviations of it, if the theory holds.
        """
        n = int(those.sum())
        counted: dict[str, Any] = {"pairs": n, "found": int(self.found[those].sum())}
        if n:
            p = self.chance[those]
            recall, expected = counted["found"] / n, float(p.mean())
            deviation = 2 * float(np.sqrt(np.maximum(p * (1 - p), 0).sum())) / n
            shares = {
                "jaccard": float(self.jaccard[those].mean()),
                "recall": recall,
                "expected": expected,
                "difference": recall - expected,
                "chance": deviation,
            }
            # a zero without a sign
            counted |= {name: round(value, 6) + 0.0 for name, value in shares.items()}
        return counted
