"""Duplicates: candidate pairs as datasketch finds them, the survivor, and the evidence."""

from __future__ import annotations

import random
from collections import defaultdict
from pathlib import Path
from typing import Any

import networkx
import numpy as np
import pytest
from datasketch import MinHash, MinHashLSH
from families import WORDS, edited, prose
from pyspark.sql import SparkSession
from pyspark.sql import functions as F
from rows import collect, context, document, fill

from jobs import dedup
from jobs.steps.dedup import pipeline, verify
from jobs.steps.dedup.candidates import near_stars
from jobs.steps.dedup.documents import node
from jobs.steps.dedup.scratch import Scratch
from jobs.tables import runs
from jobs.tables.runs import Record
from schemas.settings.annotate import AnnotateConfig
from schemas.settings.dedup import DedupConfig
from schemas.settings.stored import to_dict
from schemas.tables.annotated import ANNOTATED
from udfs.near_duplicates import minhash_v2
from udfs.near_duplicates.bands import BANDS


def families(n: int) -> dict[str, str]:
    """Families of texts: an original and copies with 0, 1 and 4 of 150 words changed."""
    choose = random.Random(3)
    texts: dict[str, str] = {}
    for family in range(n):
        original = prose(choose)
        for edits in (0, 0, 1, 4):
            name = f"{family:02}-{edits}-{len(texts)}"
            texts[name] = " ".join(edited(choose, original, edits))
    return texts


def annotated(id_: str, text: str, **others: Any) -> dict[str, Any]:
    return document(
        id_,
        text,
        bucket="head",
        language="en",
        minhash=minhash_v2.signatures([text])[0],
        **others,
    )


def by_datasketch(texts: dict[str, str], threshold: float) -> set[frozenset[str]]:
    """V2's clusters: connected components of documents that share one of datasketch's bands."""
    bands, rows = BANDS[threshold]
    index = MinHashLSH(num_perm=128, params=(bands, rows))
    graph: networkx.Graph[str] = networkx.Graph()
    for name, text in texts.items():
        words = text.split()
        shingles = {" ".join(words[i : i + 13]).encode() for i in range(len(words) - 12)}
        signature = MinHash(num_perm=128, seed=42, scheme="legacy")
        signature.update_batch(list(shingles))
        graph.add_node(name)
        graph.add_edges_from((name, other) for other in index.query(signature))
        index.insert(name, signature)
    components = networkx.connected_components(graph)
    return {frozenset(members) for members in components if len(members) > 1}


@pytest.mark.parametrize("threshold", [0.7, 0.9])
def test_unverified_clusters_equal_those_of_datasketch(
    spark: SparkSession, tmp_path: Path, threshold: float
) -> None:
    texts = families(12)
    rows = [{**annotated(name, text, digest=None), "id": name} for name, text in texts.items()]
    fill(spark, tmp_path, "annotated", rows)
    config = DedupConfig(root=str(tmp_path), threshold=threshold, scheme="v2", verify="none")
    dedup.run(context(spark, tmp_path), config)
    clusters: dict[str, set[str]] = defaultdict(set)
    for id_, survivor in collect(spark, tmp_path, "duplicates", "id", "survivor_id"):
        clusters[survivor] |= {id_, survivor}
    assert {frozenset(members) for members in clusters.values()} == by_datasketch(texts, threshold)


def test_signatures_that_annotate_has_not_stored_are_computed(
    spark: SparkSession, tmp_path: Path
) -> None:
    texts = families(12)
    rows = [
        annotated(name, text, digest=None) | {"id": name, "minhash": None}
        for name, text in texts.items()
    ]
    fill(spark, tmp_path, "annotated", rows)
    config = to_dict(AnnotateConfig(root=""), without=("root", "overwrite"))
    runs.save(str(tmp_path), Record(run="first", job="annotate", config=config))
    settings = DedupConfig(root=str(tmp_path), threshold=0.9, scheme="v2", verify="none")
    dedup.run(context(spark, tmp_path), settings)
    clusters: dict[str, set[str]] = defaultdict(set)
    for id_, survivor in collect(spark, tmp_path, "duplicates", "id", "survivor_id"):
        clusters[survivor] |= {id_, survivor}
    assert {frozenset(members) for members in clusters.values()} == by_datasketch(texts, 0.9)


def test_edges_reach_the_threshold(spark: SparkSession, tmp_path: Path) -> None:
    texts = families(12)
    values = [(name, minhash_v2.signatures([text])[0] or b"") for name, text in texts.items()]
    assert all(signature for _, signature in values)
    frame = spark.createDataFrame(values, "id string, minhash binary").withColumn(
        "unique_id", F.col("id")
    )
    frame = frame.select(node().alias("node"), "id", "minhash")
    ids = {row["node"]: row["id"] for row in frame.collect()}
    signatures = dict(values)
    candidates = near_stars(frame, BANDS[0.8])
    all_edges = candidates.select("node", "centre").distinct().collect()
    compare = verify.by_estimate(frame)
    verified = verify.edges(candidates, compare, 0.8, Scratch(str(tmp_path))).collect()
    expected = {
        edge
        for edge in all_edges
        if minhash_v2.similarity(signatures[ids[edge[0]]], signatures[ids[edge[1]]]) >= 0.8
    }
    assert 0 < len(expected) < len(all_edges)
    assert set(verified) >= expected


def run_on(spark: SparkSession, root: Path, rows: list[dict[str, Any]], **settings: Any) -> Any:
    fill(spark, root, "annotated", rows, partitions=settings.pop("partitions", 1))
    record = dedup.run(context(spark, root), DedupConfig(root=str(root), scheme="v2", **settings))
    columns = ("id", "survivor_id", "cluster_id", "kind", "similarity")
    return record, collect(spark, root, "duplicates", *columns)


def test_the_best_document_survives_with_evidence_for_the_others(
    spark: SparkSession, tmp_path: Path
) -> None:
    choose = random.Random(5)
    words = prose(choose, 400)
    text, near = " ".join(words), " ".join(edited(choose, words, 1))
    rows = [
        annotated("a-tail", text, digest="sha1:A", perplexity=900.0) | {"bucket": "tail"},
        annotated("b-same-digest", text, digest="sha1:B", perplexity=200.0),
        annotated("c-best", text, digest="sha1:B", perplexity=100.0),
        annotated("d-near", near, digest="sha1:D", perplexity=300.0),
        annotated("e-other", " ".join(prose(choose)), digest="sha1:E"),
        annotated("f-short", "too short to sign", digest="sha1:F"),
        annotated("g-short", "too short to sign", digest="sha1:G"),
        annotated("h-no-digest", "as short", digest=None),
        annotated("i-no-digest", "as short", digest=None),
    ]
    record, duplicates = run_on(spark, tmp_path, rows)
    survivor, cluster = "common_crawl/c-best", "common_crawl/a-tail"
    similarity = minhash_v2.similarity(rows[2]["minhash"], rows[3]["minhash"])
    assert duplicates == [
        ("common_crawl/a-tail", survivor, cluster, "near", 1.0),
        ("common_crawl/b-same-digest", survivor, cluster, "exact", 1.0),
        ("common_crawl/d-near", survivor, cluster, "near", pytest.approx(similarity)),
    ]
    assert record.reasons == {"duplicate:exact": 1, "duplicate:near": 2}
    assert (record.rows_in, record.rows_out) == (9, 6)


def test_the_slice_is_preferred_to_the_perplexity(spark: SparkSession, tmp_path: Path) -> None:
    rows = [
        annotated("a", "text", digest="sha1:A", perplexity=10.0),
        annotated("b", "text", digest="sha1:A", perplexity=90.0) | {"slice": "wikipedia"},
    ]
    _, duplicates = run_on(spark, tmp_path, rows, slice_priority=("wikipedia", "common_crawl"))
    assert [(row[0], row[1]) for row in duplicates] == [("common_crawl/a", "common_crawl/b")]


def test_node_collisions_are_resolved_by_another_salt(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # with the first salt the third document, another text, has the node of the first
    def colliding(salt: int = 0) -> Any:
        same = F.when(F.col("id").endswith("c"), F.lit("common_crawl/a")).otherwise(F.col("id"))
        return F.xxhash64(F.lit(salt), F.col("id") if salt else same)

    monkeypatch.setattr(pipeline, "node", colliding)
    rows = [
        annotated("a", "text", digest="sha1:A"),
        annotated("b", "text", digest="sha1:A"),
        annotated("c", "another", digest="sha1:C"),
    ]
    _, duplicates = run_on(spark, tmp_path, rows)
    assert [row[0] for row in duplicates] == ["common_crawl/b"]


def test_similarity_is_null_without_a_signature() -> None:
    signed = minhash_v2.signatures([" ".join(WORDS[:50])])[0]
    estimated = minhash_v2.similarities([signed, None, signed], [signed, signed, None])
    assert estimated[0] == 1.0
    assert np.isnan(estimated[1:]).all()


def test_annotated_has_the_columns_that_dedup_reads() -> None:
    needed = {"id", "slice", "bucket", "digest", "minhash", "simhash", "perplexity", "length"}
    assert needed <= set(ANNOTATED.names)
