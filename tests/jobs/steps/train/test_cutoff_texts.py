"""`train perplexity --cutoff-input`: texts that the model is trained on give no cut-offs."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from rows import context, said

from jobs import train
from schemas.errors import UserError
from schemas.settings.train import TrainPerplexityConfig

WORDS = [
    "old",
    "mill",
    "by",
    "river",
    "turns",
    "while",
    "a",
    "miller",
    "sings",
    "of",
    "bread",
    "rain",
]


def sentences(count: int, seed: int) -> list[str]:
    draw = random.Random(seed)
    return [" ".join(draw.choices(WORDS, k=draw.randint(8, 14))) for _ in range(count)]


def text_file(path: Path, texts: Iterable[str]) -> str:
    path.write_text("".join(text + "\n" for text in texts), encoding="utf-8")
    return str(path)


def config(tmp_path: Path, name: str, *cutoff_input: str) -> TrainPerplexityConfig:
    return TrainPerplexityConfig(
        input=(str(tmp_path / "input.txt"),),
        output=str(tmp_path / name),
        language="xx",
        vocab_size=60,
        cutoff_input=cutoff_input,
    )


def test_texts_that_are_trained_on_are_left_out_of_the_cut_offs(
    spark: SparkSession, tmp_path: Path
) -> None:
    trained, others = sentences(80, seed=1), sentences(40, seed=2)
    text_file(tmp_path / "input.txt", trained)
    both = text_file(tmp_path / "both.txt", [*trained[:60], *others])
    alone = text_file(tmp_path / "alone.txt", others)
    job_context = context(spark, "")
    mixed = train.run(job_context, config(tmp_path, "mixed", both))
    assert "60 of 100 texts (60.0%) are in --input too: left out" in said(job_context)
    job_context = context(spark, "")
    clean = train.run(job_context, config(tmp_path, "clean", alone))
    assert "left out" not in said(job_context)
    assert [mixed[name] for name in ("scored", "head", "tail")] == [
        clean[name] for name in ("scored", "head", "tail")
    ]


def test_cut_offs_by_the_trained_texts_alone_are_refused(
    spark: SparkSession, tmp_path: Path
) -> None:
    source = text_file(tmp_path / "input.txt", sentences(80, seed=1))
    with pytest.raises(UserError, match="80 of them trained on; at least 20 others are needed"):
        train.run(context(spark, ""), config(tmp_path, "models", source))
    assert not list((tmp_path / "models").glob("*.arpa*"))
