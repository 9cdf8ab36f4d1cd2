"""Verification of candidate pairs by several centres and by true Jaccard, and of large clusters."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from families import annotated, chain, edited, prose, signed
from pyspark.sql import SparkSession
from rows import collect, context, fill, said

from jobs import dedup
from jobs.steps.dedup import verify
from jobs.steps.dedup.bands import bands_of
from jobs.steps.dedup.candidates import EDGES, near_stars
from jobs.steps.dedup.jaccard import true_similarities
from jobs.steps.dedup.scratch import Scratch
from jobs.tables.runs import Record
from schemas.settings.dedup import DedupConfig
from udfs.near_duplicates import shingles
from udfs.near_duplicates.shingling import Shingling


def test_similar_documents_of_a_band_are_linked_if_its_centre_is_unlike_them(
    spark: SparkSession, tmp_path: Path
) -> None:
    draw = np.random.default_rng(1)
    shared = draw.integers(0, 2**32, 13, np.uint32)
    rows = []
    for family in range(verify.ROUNDS - 1):
        rest = draw.integers(0, 2**32, 115, np.uint32)
        signature = np.concatenate([shared, rest]).astype(">u4").tobytes()
        rows += [(10 * family + 10 + i, signature) for i in range(3)]
    unlike = np.concatenate([shared, draw.integers(0, 2**32, 115, np.uint32)])
    rows.append((0, unlike.astype(">u4").tobytes()))  # the smallest: the first centre
    frame = spark.createDataFrame(rows, "node long, minhash binary")
    candidates = near_stars(frame, (1, 13))
    edges = verify.edges(
        candidates, verify.by_estimate(frame), 0.8, Scratch(str(tmp_path))
    ).collect()
    expected = [(10 * f + 10 + i, 10 * f + 10) for f in range(verify.ROUNDS - 1) for i in (1, 2)]
    assert sorted(edges) == expected


def test_true_similarities_equal_the_jaccard_of_the_texts(
    spark: SparkSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobs.steps.dedup.text_stars.PART", 3)
    choose = random.Random(8)
    words = prose(choose, 60)
    texts = {i: " ".join(edited(choose, words, i)) for i in range(12)} | {12: "", 13: "Gone, too"}
    pairs = [(i, 0) for i in range(1, 12)] + [(4, 3), (13, 12), (12, 1), (5, 99)]
    rows = true_similarities(
        spark.createDataFrame(pairs, EDGES),
        spark.createDataFrame(list(texts.items()), "node long, text string"),
        Shingling(3),
    ).collect()
    normal = {i: text.lower().replace(",", "") for i, text in texts.items()}
    assert {(row["node"], row["centre"]): row["jaccard"] for row in rows} == {
        (a, b): shingles.jaccard(normal[a], normal[b], 3) for a, b in pairs if b != 99
    }


def test_jaccard_verification_links_no_pair_below_the_threshold(
    spark: SparkSession, tmp_path: Path
) -> None:
    choose = random.Random(9)
    texts = {}
    for family in range(60):
        words = prose(choose)
        texts[f"{family}-a"] = " ".join(words)
        texts[f"{family}-b"] = " ".join(edited(choose, words, choose.randint(1, 5)))
    rows = signed([annotated(id_, text, digest=None) for id_, text in texts.items()])
    config = DedupConfig(root=str(tmp_path), threshold=0.75, verify="jaccard")
    frame = spark.createDataFrame(
        [(i, row["signature"]) for i, row in enumerate(rows)], "node long, minhash binary"
    )
    candidates = near_stars(frame, bands_of(config)).select("node", "centre").distinct().collect()
    ids = list(texts)
    expected = set()
    for pair in candidates:
        first, second = sorted(ids[node] for node in pair)
        if shingles.jaccard(texts[first], texts[second]) >= 0.75:
            expected.add(frozenset((first, second)))
    fill(spark, tmp_path, "annotated", rows)
    dedup.run(context(spark, tmp_path), config)
    pairs = collect(spark, tmp_path, "duplicates", "id", "survivor_id")
    assert {frozenset(pair) for pair in pairs} == expected
    assert 10 < len(expected) < 60


def test_members_of_a_large_cluster_are_similar_to_its_survivor(
    spark: SparkSession, tmp_path: Path
) -> None:
    choose = random.Random(3)
    texts = {f"chain-{i:02}": text for i, text in enumerate(chain(choose, 20, 1))}
    small = chain(choose, 4, 2)
    texts |= {f"small-{i}": text for i, text in enumerate(small)}
    rows = signed([annotated(id_, text, digest=None) for id_, text in texts.items()])
    fill(spark, tmp_path, "annotated", rows)
    job = context(spark, tmp_path)
    record = dedup.run(job, DedupConfig(root=str(tmp_path), max_cluster=5))
    duplicates = collect(spark, tmp_path, "duplicates", "id", "survivor_id", "similarity")
    chained = [row for row in duplicates if row[0].startswith("chain")]
    assert chained
    assert all(similarity >= 0.8 for _, _, similarity in chained)
    assert len({row[1] for row in duplicates if row[0].startswith("small")}) == 1
    # several clusters, but not one for each document
    assert 2 <= len({survivor for _, survivor, _ in chained}) < 20
    assert isinstance(record, Record)
    oversized = record.details["oversized"]
    assert [(row["cluster_id"], row["documents"]) for row in oversized] == [("chain-00", 20)]
    assert 1 < oversized[0]["kept"] < 20
    assert "cluster chain-00 had 20 documents" in said(job)
    # below the limit the chain is one cluster
    dedup.run(job, DedupConfig(root=str(tmp_path), max_cluster=100))
    whole = collect(spark, tmp_path, "duplicates", "id", "survivor_id")
    assert sum(id_.startswith("chain") for id_, _ in whole) == 19
