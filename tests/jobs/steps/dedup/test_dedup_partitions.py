"""Dedup gives the same tables for any number of partitions, in the driver's memory and on Spark."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession
from rows import collect, context, document, fill

from jobs import dedup
from jobs.steps.dedup.in_memory import few
from schemas.settings.dedup import DedupConfig
from schemas.tables.copies import COPIES
from schemas.tables.duplicates import DUPLICATES
from udfs.near_duplicates import minhash_fast
from udfs.near_duplicates.simhash import simhash

FAMILIES, SINGLES, BOOKS = 300, 600, 40
WORDS = [f"word{i}" for i in range(3000)]
SHUFFLED = "spark.sql.shuffle.partitions"
JOINED = "spark.sql.adaptive.coalescePartitions.enabled"

Tables = dict[str, list[tuple[Any, ...]]]


def edited(choose: random.Random, words: list[str], edits: int) -> str:
    words = list(words)
    for position in choose.sample(range(len(words)), edits):
        words[position] = choose.choice(WORDS)
    return " ".join(words)


def planted() -> list[dict[str, Any]]:
    """Families of pages with 0 to 4 of 150 words changed, families of books, and unrelated pages.

    Four changed words bring the similarity to about the threshold. An id begins with its family; the
    first two documents of a family have the same digest.
    """
    choose = random.Random(11)
    rows: list[dict[str, Any]] = []

    def add(family: str, text: str, digest: str, **others: Any) -> None:
        rows.append(document(f"{family}-{len(rows)}", text, bucket="head", digest=digest, **others))

    for number in range(FAMILIES):
        family, original = f"page{number:03}", choose.choices(WORDS, k=150)
        for copy, edits in enumerate((0, 0, 1, 2, 4)):
            add(family, edited(choose, original, edits), f"sha1:{family}-{max(1, copy)}")
    for number in range(BOOKS):
        family, original = f"book{number:03}", choose.choices(WORDS, k=150)
        for edits in (0, 12):
            text = edited(choose, original, edits)
            signed = simhash(" ".join(original)) ^ edits
            signed -= (signed >> 63) << 64
            add(family, text, f"sha1:{family}-{edits}", slice="books", simhash=signed)
    for number in range(SINGLES):
        add(f"lone{number:04}", edited(choose, choose.choices(WORDS, k=150), 0), f"sha1:{number}")
    signatures = minhash_fast.signatures([row["text"] for row in rows])
    return [
        {**row, "signature": signature} for row, signature in zip(rows, signatures, strict=True)
    ]


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    return planted()


def written(spark: SparkSession, root: Path) -> Tables:
    """All rows that dedup has written, in the order of the ids."""
    return {
        "duplicates": collect(spark, root, "duplicates", *DUPLICATES.names),
        "copies": collect(spark, root, "copies", *COPIES.names),
    }


def dedup_in(
    spark: SparkSession, root: Path, rows: list[dict[str, Any]], partitions: int
) -> Tables:
    """The tables if the input and each shuffle have this number of partitions."""
    fill(spark, root, "annotated", rows, partitions=partitions)
    before = {key: spark.conf.get(key) for key in (SHUFFLED, JOINED)}
    spark.conf.set(SHUFFLED, str(partitions))
    spark.conf.set(JOINED, "false")  # else Spark would merge partitions as small as these
    try:
        dedup.run(context(spark, root), DedupConfig(root=str(root)))
    finally:
        for key, value in before.items():
            spark.conf.set(key, str(value))
    return written(spark, root)


@pytest.fixture(scope="module")
def expected(
    spark: SparkSession, rows: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> Tables:
    """The tables from one partition, found in the driver's memory."""
    return dedup_in(spark, tmp_path_factory.mktemp("expected"), rows, 1)


def family(id_: str) -> str:
    return id_.rpartition("/")[2].partition("-")[0]


def test_duplicates_are_the_planted_families(expected: Tables) -> None:
    duplicates = [dict(zip(DUPLICATES.names, row, strict=True)) for row in expected["duplicates"]]
    assert {row["kind"] for row in duplicates} == {"exact", "near", "simhash"}
    assert all(family(row["id"]) == family(row["survivor_id"]) for row in duplicates)
    # nearly all similar pages, and a part of those at the threshold
    assert 2.9 * FAMILIES + BOOKS < len(duplicates) < 4 * FAMILIES + BOOKS
    clusters = {row["cluster_id"] for row in duplicates}
    assert len(expected["copies"]) == len(duplicates) + len(clusters)


def test_partitions_of_input_and_shuffles_do_not_change_the_tables(
    spark: SparkSession,
    rows: list[dict[str, Any]],
    expected: Tables,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(few, "MAX_DOCUMENTS", len(rows) - 1)
    assert dedup_in(spark, tmp_path, rows[::-1], 7) == expected
