"""What a job does in its own process for few rows equals what Spark does for many."""

from __future__ import annotations

import random
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from families import annotated, chain, prose, signed
from pyspark.sql import SparkSession
from rows import context, fill

from jobs import curate, dedup, mix
from jobs.steps.curate import few_exclusions
from jobs.steps.dedup.in_memory import texts
from jobs.steps.mix import few_documents
from jobs.tables import few_rows, few_values, manifest
from schemas.settings.curate import CurateConfig
from schemas.settings.dedup import DedupConfig
from schemas.settings.mix import MixConfig
from udfs.tokens.tokenizer import load_tokenizer

RECORDED = ("rows_in", "rows_out", "characters_in", "characters_out", "tokens_in", "tokens_out")


def documents() -> list[dict[str, Any]]:
    """Three families and three others, in two slices and buckets; some digests are equal."""
    choose, version = random.Random(3), load_tokenizer(None).version
    contents = [text for _ in range(3) for text in chain(choose, 4, 3)]
    contents += [" ".join(prose(choose)) for _ in range(3)]
    rows = [
        annotated(
            f"c4/{number}" if number % 3 else f"common_crawl/{number}",
            text,
            slice="common_crawl" if number % 3 == 0 else "c4",
            bucket="middle" if number % 2 else "head",
            digest=f"sha1:{number // 2 if number < 12 else number}",
            token_count=200 + number,
            tokenizer=version,
        )
        for number, text in enumerate(contents)
    ]
    return signed(rows)


def made(spark: SparkSession, root: Path) -> tuple[list[Any], list[Any]]:
    """The content hashes of the tables that the jobs make, and what they record."""
    given = context(spark, root)
    again: dict[str, Any] = {"root": str(root), "overwrite": True}
    records = [
        dedup.run(given, DedupConfig(**again)),
        curate.run(given, CurateConfig(**again, filters=(), contaminated="drop", pii=())),
        mix.run(given, MixConfig(**again, tokens=2000)),
    ]
    tables = [
        manifest.current(str(root), name) for name in ("duplicates", "copies", "corpus", "mixture")
    ]
    recorded = []
    for record in map(asdict, records):  # type: ignore[arg-type]
        reasons = sorted(record["reasons"].items())
        recorded.append(([record[name] for name in RECORDED], reasons, record["details"]))
    return [table.content_hash for table in tables if table], recorded


def test_few_documents_give_the_tables_and_records_of_many(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(spark, tmp_path, "annotated", documents())
    version = context(spark, tmp_path).table("annotated").required().version
    marks = [
        {"id": id_, "evaluation": name, "item": item, "ngram": "a b"}
        for id_, name, item in (
            ("common_crawl/12", "mmlu", "2"),
            ("common_crawl/12", "arc", None),
            ("c4/1", "arc", "1"),
        )
    ]
    fill(spark, tmp_path, "contamination", marks, inputs=[{"annotated": version}])
    of_few = made(spark, tmp_path)
    monkeypatch.setattr(few_rows, "MAX_ROWS", -1)
    monkeypatch.setattr(few_values, "MOST", -1)
    monkeypatch.setattr(few_exclusions, "MOST", -1)
    monkeypatch.setattr(few_documents, "MOST", -1)
    monkeypatch.setattr(texts, "MOST_BYTES", -1)
    assert of_few == made(spark, tmp_path)
    (_, reasons, _), (_, dropped, _), _ = of_few[1]
    assert {kind for kind, _ in reasons} == {"duplicate:exact", "duplicate:near"}
    assert any(reason.startswith("contaminated:") for reason, _ in dropped)
