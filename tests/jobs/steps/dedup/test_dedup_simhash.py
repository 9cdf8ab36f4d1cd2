"""Near books: duplicates by SimHash, their survivors and their kinds."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pyspark.sql import SparkSession
from rows import collect, context, document, fill

from jobs import dedup, slices
from jobs.runtime.context import Context
from jobs.steps.annotate.batches import annotate
from jobs.steps.dedup.simhash import simhash_edges
from schemas.errors import UserError
from schemas.settings.annotate import AnnotateConfig
from schemas.settings.dedup import DedupConfig
from udfs.models import model_files
from udfs.near_duplicates import hamming, minhash_v2
from udfs.near_duplicates.simhash import simhash
from udfs.near_duplicates.spanning_forest import forest

BASE = 0x9234_5678_9ABC_DEF0
WORDS = " ".join(f"word{i}" for i in range(60))


def flipped(*bits: int) -> int:
    """The base with some bits flipped, as a signed 64-bit number."""
    number = BASE ^ sum(1 << bit for bit in bits)
    return number - (1 << 64) if number >> 63 else number


def book(name: str, simhash: int | None, words: str | None = None, **others: Any) -> dict[str, Any]:
    signature = minhash_v2.signatures([words])[0] if words else None
    return document(name, "text", bucket="all", simhash=simhash, minhash=signature) | {
        "id": f"books/{name}",
        "slice": "books",
        **others,
    }


def run_on(
    spark: SparkSession,
    root: Path,
    rows: list[dict[str, Any]],
    partitions: int = 1,
    **settings: Any,
) -> tuple[Any, list[tuple[Any, ...]]]:
    fill(spark, root, "annotated", rows, partitions=partitions)
    record = dedup.run(context(spark, root), DedupConfig(root=str(root), scheme="v2", **settings))
    names = ("id", "survivor_id", "cluster_id", "kind", "similarity")
    return record, collect(spark, root, "duplicates", *names)


def test_books_within_the_distance_and_the_kind_of_each(
    spark: SparkSession, tmp_path: Path
) -> None:
    far = -(2**63)
    rows = [
        book("a", flipped(), WORDS, length=900),
        book("b", flipped(), length=800),
        book("c", flipped(0, 13, 26, 39, 63), length=700),
        book("d", flipped(1, 2, 3, 4, 5, 6), length=600),  # 6 from a, 11 from c
        book("e", flipped(0, 13, 26, 39, 63, 7, 8), length=500),  # 7 from a, 2 from c
        book("f", flipped(9), WORDS, length=400),
        book("g", far, length=300, digest="sha1:same"),
        book("h", far ^ 1, length=200, digest="sha1:same"),
        book("i", None),
        book("web", flipped(), slice="common_crawl"),  # a slice without SimHashes
    ]
    expected = [
        ("books/b", "books/a", "books/a", "simhash", 1.0),
        ("books/c", "books/a", "books/a", "simhash", 1 - 5 / 64),
        ("books/e", "books/a", "books/a", "simhash", 1 - 7 / 64),
        ("books/f", "books/a", "books/a", "near", 1.0),
        ("books/h", "books/g", "books/g", "exact", 1.0),
    ]
    record, duplicates = run_on(spark, tmp_path / "one", rows)
    assert duplicates == expected
    assert record.reasons == {"duplicate:exact": 1, "duplicate:near": 1, "duplicate:simhash": 3}
    assert (record.rows_in, record.rows_out) == (10, 5)
    assert run_on(spark, tmp_path / "many", rows[::-1], 5)[1] == expected

    _, nearer = run_on(spark, tmp_path / "nearer", rows, simhash_distance=0)
    assert [row[0] for row in nearer] == ["books/b", "books/f", "books/h"]


def test_a_distance_that_costs_too_much_is_an_error(spark: SparkSession, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="at most 8"):
        dedup.run(context(spark, tmp_path), DedupConfig(root=str(tmp_path), simhash_distance=9))


def test_edges_connect_many_books_as_all_pairs_do(
    spark: SparkSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Plans of several tables, with several parts a table."""
    monkeypatch.setattr("jobs.steps.dedup.simhash.PART", 500)
    monkeypatch.setattr("jobs.steps.dedup.simhash._ROW_COST", 1.0)
    choose = np.random.default_rng(3)
    numbers = choose.integers(0, 2**64, 2200, dtype=np.uint64) | np.uint64(0xFFF << 40)
    for _ in range(5):
        bits = np.uint64(1) << choose.integers(0, 64, 300).astype(np.uint64)
        numbers = np.concatenate((numbers, numbers[-300:] ^ bits))
    numbers = np.unique(numbers)
    rows = [(i, "books", int(n)) for i, n in enumerate(numbers.view(np.int64))]
    frame = spark.createDataFrame(rows, "node long, slice string, simhash long")
    edges = simhash_edges(frame.repartition(4), 5)
    assert edges is not None
    nodes, centres = np.array(edges.collect()).T
    assert (np.bitwise_count(numbers[nodes] ^ numbers[centres]) <= 5).all()
    assert (nodes > centres).all()
    in_spark = forest(len(numbers), iter([(nodes, centres)]))
    all_pairs = forest(len(numbers), hamming.pairs_in_table(numbers, 0, 5))
    lefts, rights = (np.concatenate(ends) for ends in zip(in_spark, all_pairs, strict=True))
    union = forest(len(numbers), iter([(lefts, rights)]))
    assert len(in_spark[0]) == len(all_pairs[0]) == len(union[0]) > 500
    assert simhash_edges(frame.where("simhash is null"), 5) is None


def test_only_books_have_a_simhash(spark: SparkSession) -> None:
    choose = random.Random(1)
    text = " ".join(choose.choice(["book", "page", "the", "of", "and", "tree"]) for _ in range(80))
    from jobs.runtime.arrow import filled
    from jobs.steps.paragraphs.kept_lines import KeptLines
    from schemas.tables.documents import DOCUMENTS

    rows = [document("a", text) | {"slice": slice_} for slice_ in ("books", "arxiv")]
    batch = filled(DOCUMENTS, {name: [row.get(name) for row in rows] for name in rows[0]}, 2)
    config = AnnotateConfig(root="/")
    from jobs.tables import archive_lookup

    traits = slices.traits_of(("books", "arxiv"))
    kept_lines = KeptLines(
        archive_lookup.of_table(Context("/").table("paragraphs"), (), ("id",)), traits
    )
    described = model_files.describe(config.models)
    (annotated,) = annotate(config, kept_lines, described, traits)(iter([batch]))
    first, second = annotated.column("simhash").to_pylist()
    assert first & (2**64 - 1) == simhash(text)
    assert second is None
    assert slices.simhashed() == ("books",)
