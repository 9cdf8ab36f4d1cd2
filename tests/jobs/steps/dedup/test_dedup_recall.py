"""Recall of planted near-duplicates equals what its bands and verification should find."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from families import annotated, edited, prose, signed
from pyspark.sql import SparkSession
from rows import collect, context, fill

from jobs import dedup
from jobs.steps.dedup.bands import bands_of
from schemas.settings.dedup import DedupConfig
from udfs.near_duplicates import lsh_recall, shingles

EDITS = (0.0, 0.02, 0.05, 0.1, 0.3)
FAMILIES = 800  # per share of edits: the standard error of the recall is at most 0.018


def test_recall_equals_the_theory(spark: SparkSession, tmp_path: Path) -> None:
    threshold = 0.6  # for each share but the last some pairs are found and some are not
    choose = random.Random(17)
    rows, pairs = [], []
    for share in EDITS:
        for family in range(FAMILIES):
            words = prose(choose, 120)
            copy = edited(choose, words, round(share * len(words)))
            # the smaller id is the copy's or the original's by chance; the lower perplexity always
            # the original's
            name = f"{choose.random():.9f}/{share}-{family}"
            texts = (" ".join(words), " ".join(copy))
            ids = (f"{name}-original", f"{choose.random():.9f}/{share}-{family}-copy")
            for id_, text, perplexity in zip(ids, texts, (100.0, 200.0), strict=True):
                rows.append(annotated(id_, text, digest=None, perplexity=perplexity))
            pairs.append((share, *ids, shingles.jaccard(*texts)))
    fill(spark, tmp_path, "annotated", signed(rows), partitions=4)
    config = DedupConfig(root=str(tmp_path), threshold=threshold)
    dedup.run(context(spark, tmp_path), config)
    found = set(collect(spark, tmp_path, "duplicates", "id", "survivor_id"))
    assert found <= {(copy, original) for _, original, copy, _ in pairs}, (
        "an unrelated pair, or the worse document survived"
    )
    for share in EDITS:
        planted = [pair for pair in pairs if pair[0] == share]
        recall = sum((copy, original) in found for _, original, copy, _ in planted) / len(planted)
        theory = lsh_recall.found(
            [pair[3] for pair in planted], *bands_of(config), threshold
        ).mean()
        assert recall == pytest.approx(theory, abs=0.03), share
