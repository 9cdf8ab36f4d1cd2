"""Recall: the share of near-duplicates planted among the documents that the run's settings find.

A planted pair is found if its signatures share a band and pass verification, as for any two documents.
The measured recall is compared with the expected one (`udfs.near_duplicates.lsh_recall`).
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
from udfs.near_duplicates import lsh_recall, templates
from udfs.near_duplicates.minhash_v2 import similarity
from udfs.near_duplicates.planted_duplicates import RATES, Pair, pairs
from udfs.near_duplicates.planted_edits import EDITS, edited_pairs
from udfs.near_duplicates.scripts import script_of

LONG = 1000
"""Characters from which documents are preferred: a small share of a few words is less than a word."""

CUT = 50_000
"""Characters read of each document, so that a sample of books fits into memory."""

FEW = 0.05
"""Largest share of replaced words of the copies that are counted by language."""

EXAMPLES = 5
"""Number of templated documents that are shown."""

STEPS = 20
"""Number of intervals of similarity, from 0 to 1, in which pairs are counted."""


@dataclass(frozen=True)
class Sample:
    """A sample of documents.

    Attributes
    ----------
    texts
        The first `CUT` characters of each document.
    stored
        Signatures in annotated/; None for documents that are longer.
    languages
        Codes in annotated/; None where not known.
    """

    ids: list[str]
    texts: list[str]
    languages: list[str | None]
    stored: list[bytes | None]


def draw(context: Context, run: DedupRun, count: int, seed: int) -> Sample:
    """Sample documents that dedup compared, long ones first, by a keyed hash of the id."""
    annotated = context.table("annotated").read()
    compared = annotated.where(run.has_signature & F.col("bucket").isin(*run.config.buckets))
    order = (F.col("length") < LONG, F.xxhash64(F.lit(seed), F.lit("planted"), "id"), F.col("id"))
    ids = [row["id"] for row in compared.orderBy(*order).select("id").limit(count).collect()]
    wanted = pa.table({"id": pa.array(ids, pa.string())})
    columns = ("text", "length", "language", run.column)
    rows = (
        rows_by_id.joined(context.table("annotated"), wanted, columns)
        .select(
            "id",
            "language",
            F.substring("text", 1, CUT).alias("text"),
            F.when(F.col("length") <= CUT, F.col(run.column)).alias("stored"),
        )
        .collect()
    )
    position = {id_: i for i, id_ in enumerate(ids)}
    rows = sorted(rows, key=lambda row: position[row["id"]])
    stored = [None if row["stored"] is None else bytes(row["stored"]) for row in rows]
    ids, texts, languages = ([row[name] for row in rows] for name in ("id", "text", "language"))
    return Sample(ids, texts, languages, stored)


def measure(sample: Sample, run: DedupRun, seed: int) -> dict[str, Any]:
    """Plant near-duplicates, and count those that are found.

    Returns
    -------
    dict
        `documents`, `seed`; counts (`_Planted.counts`) of `all` pairs, of those with a true similarity
        at or `above` the threshold and `below` it, by share of replaced words (`rates`), by true
        similarity (`similarities`), and by language and script of those with at most `FEW` of the words
        replaced (`languages`, `scripts`); counts by other `edits`; `templates`, the number of templated
        `documents` of the sample and some `examples`; `stored`, the number of stored signatures `compared`
        with computed ones, and of `equal` ones; `curve`, rows of similarity, probability to share a band,
        and probability to be found.
    """
    keys = [keyed_hash(seed, "planted", id_) for id_ in sample.ids]
    planted = pairs(sample.texts, keys, run.sign, run.shingling.jaccard)
    stored = [pair for pair in zip(sample.texts, sample.stored, strict=True) if pair[1]]
    equal = [run.sign([text]) == [signature] for text, signature in stored]
    measured = _Planted.of(planted, run)
    rates = [
        {"rate": rate, **measured.counts(np.array([pair.rate == rate for pair in planted], bool))}
        for rate in RATES
    ]
    few = np.array([0 < pair.rate <= FEW for pair in planted], bool)
    codes = np.array([sample.languages[pair.place] or "" for pair in planted], np.str_)
    languages = [
        {"language": code or None, **measured.counts(few & (codes == code))}
        for code in np.unique(codes).tolist()
    ]
    names = [script_of(text) for text in sample.texts]
    of_pairs = np.array([names[pair.place] or "" for pair in planted], np.str_)
    scripts = [
        {"script": name or None, **measured.counts(few & (of_pairs == name))}
        for name in np.unique(of_pairs).tolist()
    ]
    steps = np.minimum((measured.jaccard * STEPS).astype(int), STEPS - 1)
    similarities = [
        {"from": step / STEPS, "to": (step + 1) / STEPS, **measured.counts(steps == step)}
        for step in range(STEPS)
    ]
    curve = np.arange(101) / 100
    columns = (curve, lsh_recall.share_band(curve, run.bands, run.rows), run.expected(curve))
    return {
        "documents": len(sample.ids),
        "seed": seed,
        "all": measured.counts(np.ones(len(planted), bool)),
        "above": measured.counts(measured.jaccard >= run.config.threshold),
        "below": measured.counts(measured.jaccard < run.config.threshold),
        "rates": [row for row in rates if row["pairs"]],
        "similarities": [row for row in similarities if row["pairs"]],
        "languages": [row for row in languages if row["pairs"]],
        "scripts": [row for row in scripts if row["pairs"]],
        "edits": _edits(sample, keys, run),
        "templates": _templates(sample),
        "stored": {"compared": len(equal), "equal": sum(equal)},
        "curve": [[round(float(value), 6) for value in row] for row in zip(*columns, strict=True)],
    }


def _edits(sample: Sample, keys: Sequence[int], run: DedupRun) -> list[dict[str, Any]]:
    """Return the recall of pairs that differ otherwise than by words, by what is edited."""
    planted = edited_pairs(sample.texts, keys, run.sign, run.shingling.jaccard)
    measured = _Planted.of([pair for _, pair in planted], run)
    names = np.array([name for name, _ in planted], np.str_)
    rows = [{"edit": name, **measured.counts(names == name)} for name in EDITS]
    return [row for row in rows if row["pairs"]]


def _templates(sample: Sample) -> dict[str, Any]:
    found = templates.find(sample.texts)
    examples = [
        {
            "id": sample.ids[template.place],
            **template._asdict(),
            "shared": round(template.shared, 4),
        }
        for template in found[:EXAMPLES]
    ]
    for example in examples:
        del example["place"]
    return {"documents": len(found), "examples": examples}


@dataclass(frozen=True)
class _Planted:
    """Planted pairs: their true similarities, whether each is found, and the probability of it."""

    jaccard: lsh_recall.Floats
    found: lsh_recall.Floats
    probability: lsh_recall.Floats

    @classmethod
    def of(cls, planted: Sequence[Pair], run: DedupRun) -> _Planted:
        jaccard = np.array([pair.jaccard for pair in planted], np.float64)
        found = [
            lsh_recall.shares_band(pair.signature, pair.of_copy, run.bands, run.rows)
            and run.passes(similarity(pair.signature, pair.of_copy), pair.jaccard)
            for pair in planted
        ]
        return cls(jaccard, np.array(found, np.float64), run.expected(jaccard))

    def counts(self, selected: np.typing.NDArray[np.bool_]) -> dict[str, Any]:
        """Return the recall of the selected pairs.

        Returns
        -------
        dict
            `pairs`, `found`; if there are any pairs, `jaccard` (mean), `recall` and `expected`, their
            `difference`, and `chance`, two standard deviations of the difference if the theory holds.
        """
        n = int(selected.sum())
        counts: dict[str, Any] = {"pairs": n, "found": int(self.found[selected].sum())}
        if n:
            p = self.probability[selected]
            recall, expected = counts["found"] / n, float(p.mean())
            deviation = 2 * float(np.sqrt(np.maximum(p * (1 - p), 0).sum())) / n
            shares = {
                "jaccard": float(self.jaccard[selected].mean()),
                "recall": recall,
                "expected": expected,
                "difference": recall - expected,
                "chance": deviation,
            }
            # + 0.0 turns -0.0 into 0.0
            counts |= {name: round(value, 6) + 0.0 for name, value in shares.items()}
        return counts
