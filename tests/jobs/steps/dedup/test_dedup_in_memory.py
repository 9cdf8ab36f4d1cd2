"""Few documents are deduplicated in the driver's memory, to the rows that Spark gives."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pyspark.sql import SparkSession

from jobs.steps.dedup import pipeline
from jobs.steps.dedup.in_memory import few
from schemas.settings.dedup import DedupConfig
from udfs.near_duplicates.minhash_v2 import PERMUTATIONS
from udfs.near_duplicates.shingling import CAP

SCHEMA = (
    "id string, slice string, snapshot string, bucket string, digest string, minhash binary, "
    "simhash long, perplexity double, length int, date string, root string, unique_id string"
)
CHAT_SCHEMA = f"{SCHEMA}, tree string, parts array<struct<part: string, signature: binary>>"
SETTINGS: list[dict[str, Any]] = [
    {"prefer_snapshot": "newest", "simhash_distance": 2, "max_cluster": 9},
    {"scope": "slice", "verify": "none", "kinds": ("near", "simhash")},
]


def changed(choose: np.random.Generator, signature: Any, share: float) -> Any:
    """A signature of which a share of the minima is another."""
    fresh = choose.integers(0, 2**32, PERMUTATIONS, np.uint32)
    return np.where(choose.random(PERMUTATIONS) < share, fresh, signature)


def documents(seed: int, families: int) -> list[tuple[Any, ...]]:
    """Documents of this root and of two earlier ones: chains of similar ones, copies, books.

    Each document is similar to an earlier one of its family, so that families are chains that
    are cut where they are large. All signatures of every third family share a band with that of
    an unlike document.
    """
    choose, draw = random.Random(seed), np.random.default_rng(seed)
    rows: list[tuple[Any, ...]] = []
    for family in range(families):
        signatures = [draw.integers(0, 2**32, PERMUTATIONS, np.uint32)]
        digests: list[str | None] = [f"{family}", None, "", f"{family} other"]
        simhash = choose.getrandbits(64)
        for number in range(choose.choice([1, 2, 3, 12])):
            signatures.append(changed(draw, choose.choice(signatures), choose.random() / 3))
            signed = signatures[-1]
            if not family % 3 and not number:
                signed = np.append(signed[:40], draw.integers(0, 2**32, 88, np.uint32))
            flipped = simhash ^ (1 << choose.randrange(64)) ^ (1 << choose.randrange(64))
            name = f"{choose.choice(['ä', 'a', '😀', '￮'])}/{family}-{number}"
            row = (
                choose.choice(["c4", "books", "books", "wikipedia", None]),
                choose.choice([None, "", "2022", "2023"]),
                choose.choice(["head", "middle", "tail", None]),
                choose.choice(digests),
                None if choose.random() < 0.1 else signed.astype(">u4").tobytes(),
                None if choose.random() < 0.2 else (flipped ^ (1 << 63)) - (1 << 63),
                choose.choice([None, 100.0, float("nan"), 250.5]),
                choose.choice([None, 10, 20, CAP, CAP + 1]),
                choose.choice([None, "2020-01-01", "2021"]),
            )
            root = choose.choice([None, None, "/a", "/b"])
            rows.append((name, *row, root, name))
            if root is not None and choose.random() < 0.3:
                rows.append((name, *row, None, f"{name}\0again"))
    choose.shuffle(rows)
    return rows


def with_conversations(rows: list[tuple[Any, ...]], seed: int) -> list[tuple[Any, ...]]:
    """The documents, some as threads of a few trees, with parts that are similar to other documents' own."""
    choose, draw = random.Random(seed), np.random.default_rng(seed)
    signed = [np.frombuffer(row[5], ">u4") for row in rows if row[5] is not None]
    chats = []
    for row in rows:
        family = row[0].partition("/")[2].partition("-")[0]
        tree = choose.choice([None, f"{family} a", f"{family} a", f"{family} b"])
        prompts = choose.choice([0, 1])
        names = [*["prompt"] * prompts, *["answer"] * choose.choice([0, 1, 2, 3])]
        parts = [
            (
                name,
                changed(draw, choose.choice(signed), choose.random() / 3).astype(">u4").tobytes(),
            )
            for name in names
        ]
        chats.append((*row, tree, choose.choice([parts, parts, parts, None])))
    return chats


def found(
    spark: SparkSession, scratch: Path, rows: list[tuple[Any, ...]], count: int, **settings: Any
) -> tuple[list[str], list[str], Any]:
    """What is found among the rows, in their order, if their number is at most `count`."""
    config = DedupConfig(root="/", against=("/a", "/b"), threshold=0.6, **settings)
    frame = spark.createDataFrame(rows, CHAT_SCHEMA if rows and len(rows[0]) > 12 else SCHEMA)
    result = pipeline.find_duplicates(frame, config, str(scratch), count=count)
    duplicates, copies = (
        sorted(map(repr, table.collect())) for table in (result.duplicates, result.copies)
    )
    return duplicates, copies, result.oversized


@pytest.mark.parametrize("number", range(len(SETTINGS)))
def test_rows_in_memory_equal_those_of_spark(
    spark: SparkSession, tmp_path: Path, number: int
) -> None:
    rows = documents(2, 15)
    in_memory = found(spark, tmp_path, rows, len(rows), **SETTINGS[number])
    assert in_memory == found(spark, tmp_path, rows, few.MAX_DOCUMENTS + 1, **SETTINGS[number])
    for kind in ("exact", "near", "simhash"):
        assert any(kind in row for row in in_memory[0])
    assert bool(in_memory[2]) == ("max_cluster" in SETTINGS[number])


def test_rows_of_conversations_in_memory_equal_those_of_spark(
    spark: SparkSession, tmp_path: Path
) -> None:
    rows, kinds = with_conversations(documents(3, 12), 3), ("exact", "near", "simhash", "prompt")
    in_memory = found(spark, tmp_path, rows, len(rows), kinds=kinds)
    assert in_memory == found(spark, tmp_path, rows, few.MAX_DOCUMENTS + 1, kinds=kinds)
    for kind in (*kinds, "answer"):
        assert any(f"kind='{kind}'" in row for row in in_memory[0])


def test_nothing_is_found_among_documents_that_have_nothing_to_compare(
    spark: SparkSession, tmp_path: Path
) -> None:
    row = ("a", "c4", None, "head", None, None, None, None, 3, None, None, "a")
    for rows in ([], [row], [row, ("b", *row[1:-1], "b")]):
        assert found(spark, tmp_path, rows, len(rows)) == ([], [], [])
