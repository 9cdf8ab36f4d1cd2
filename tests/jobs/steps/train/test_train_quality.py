"""`train quality`: the classifier, its evaluation on held-out pages, and the signals it gives."""

from __future__ import annotations

import json
import random
from itertools import pairwise
from pathlib import Path
from typing import Any

import fasttext
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyspark.sql import SparkSession
from rows import context, said

from jobs import train
from jobs.runtime.context import Context
from jobs.steps.train import quality
from jobs.steps.train.thresholds import thresholds
from schemas.errors import UserError
from schemas.settings.train import TrainQualityConfig
from udfs.quality_signals import Resources, score

GOOD = [
    *("history", "river", "province", "century", "museum"),
    *("treaty", "species", "author", "theory", "council"),
]
CRAWL = [
    *("buy", "cheap", "click", "login", "cart"),
    *("price", "shipping", "coupon", "deal", "subscribe"),
]
BOTH = ["the", "and", "of", "for", "with"]


def page(words: list[str], number: int, length: int = 200) -> str:
    draw = random.Random(f"{words[0]} {number}")
    lines = [" ".join(draw.choices(words + BOTH, k=10)) for _ in range(length // 10)]
    return "\n".join(lines)


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    good = [page(GOOD, i) for i in range(120)] + ["too short"] * 5
    crawl = [page(CRAWL, i) for i in range(300)] + [page(CRAWL, 0), "__label__wiki of a short page"]
    for name, texts in (("good", good), ("crawl", crawl)):
        lines = "".join(json.dumps({"raw_content": text}) + "\n" for text in texts)
        (tmp_path / f"{name}.jsonl").write_text(lines)
    return tmp_path


def config(pages: Path, **others: object) -> TrainQualityConfig:
    defaults = {
        "positive": (str(pages / "good.jsonl"),),
        "negative": (str(pages / "crawl.jsonl"),),
        "output": str(pages / "models" / "wikiref.model.bin"),
        "held_out": 0.2,
        "dimension": 20,
    }
    return TrainQualityConfig(**{**defaults, **others})  # type: ignore[arg-type]


def test_a_classifier_is_trained_evaluated_and_used(spark: SparkSession, pages: Path) -> None:
    job_context = context(spark, "")
    report = train.run(job_context, config(pages))
    assert report["drawn_of_each"] == 120
    assert report["positive"] == {"read": 125, "too_short": 5, "without_text": 0}
    assert report["negative"] == {"read": 302, "too_short": 0, "without_text": 0}
    assert 10 < report["held_out"]["positive"] < 40
    assert report["near_trained"] == 0
    assert report["accuracy"] > 0.95
    assert report["auc_interval"][1] == 1.0
    assert report["held_out_by"] == {"positive": "text", "negative": "text"}
    assert any("held out by text" in line for line in report["advice"])
    first, *_, last = report["thresholds"]
    assert first["recall"] == 1.0
    assert last["negatives_kept"] == 0.0
    assert json.loads((pages / "models" / "wikiref.model.bin.json").read_text())["thresholds"]
    table = [line for line in said(job_context).splitlines() if line.strip().startswith("0.25")]
    assert len(table) == 1

    resources = Resources.load(pages / "models")
    scores = [
        score(page(words, 1000), language="en", source_domain=None, resources=resources)
        for words in (GOOD, CRAWL)
    ]
    good, crawl = (signals["rps_doc_ml_wikiref_score"][0][2] for signals in scores)
    assert good > 0.5 > crawl


def test_the_input_and_settings_of_fasttext(
    spark: SparkSession, pages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files: list[str] = []
    settings: dict[str, Any] = {}

    def train_supervised(**arguments: object) -> object:
        files.append(Path(str(arguments.pop("input"))).read_text(encoding="utf-8"))
        settings.update(arguments)
        raise RuntimeError("enough")

    monkeypatch.setattr(fasttext, "train_supervised", train_supervised)
    for seed in (1, 1, 2):
        with pytest.raises(UserError, match="enough"):
            train.run(context(spark, ""), config(pages, seed=seed))
    assert files[0] == files[1] != files[2]
    lines = files[0].splitlines()
    labels = [line.split(" ", 1)[0] for line in lines]
    assert set(labels) == {"__label__wiki", "__label__cc"}
    assert labels != sorted(labels)  # the classes are mixed
    assert len(set(lines)) == len(lines)
    assert all(line.count("__label__") == 1 for line in lines)
    assert settings.pop("thread") > 10
    # fastText's defaults, which V1 used, except for the dimension of this test
    assert settings == {"lr": 0.1, "dim": 20, "epoch": 5, "wordNgrams": 1, "verbose": 0}


def variants(seed: str, words: int = 200) -> list[str]:
    """Twelve copies of a page, of which four words are others in each."""
    draw = random.Random(seed)
    tokens = ["".join(draw.choices("abcdefghij", k=6)) for _ in range(words)]
    return [
        " ".join(f"new{i}" if at % 50 == i else word for at, word in enumerate(tokens))
        for i in range(12)
    ]


def test_a_classifier_that_is_tested_on_copies_of_its_training_has_no_accuracy(
    spark: SparkSession, tmp_path: Path
) -> None:
    for name in ("good", "crawl"):  # drawn from one source: there is nothing to learn
        texts = [text for i in range(12) for text in variants(f"{name} {i}")]
        lines = "".join(json.dumps({"raw_content": text}) + "\n" for text in texts)
        (tmp_path / f"{name}.jsonl").write_text(lines)
    job_context = context(spark, "")
    report = train.run(job_context, config(tmp_path))
    assert report["near_trained"] > 20
    assert report["held_out"] == {"positive": 0, "negative": 0}
    assert report["accuracy"] is None
    assert report["thresholds"] == []
    assert "accuracy unknown" in said(job_context)
    assert "100" not in said(job_context)


def test_too_few_texts_are_refused(spark: SparkSession, pages: Path) -> None:
    with pytest.raises(UserError, match="nothing to train on"):
        train.run(context(spark, ""), config(pages, min_length=10_000))
    with pytest.raises(UserError, match="too few texts"):
        train.run(context(spark, ""), config(pages, samples=2))
    assert not list((pages / "models").glob("*"))


def test_a_fasttext_that_cannot_train_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    quality.check_trainer()
    monkeypatch.delattr(fasttext, "train_supervised")
    with pytest.raises(UserError, match="--force-reinstall --no-deps fasttext-numpy2"):
        quality.check_trainer()


SCORES = st.lists(st.floats(0, 1), min_size=10, max_size=30)


@given(SCORES, SCORES)
def test_thresholds(positive: list[float], negative: list[float]) -> None:
    lines = thresholds(positive, negative, [0.0, 0.25, 0.5, 1.5])
    assert (lines[0].recall, lines[0].negatives_kept, lines[0].precision) == (1.0, 1.0, 0.5)
    assert (lines[3].recall, lines[3].negatives_kept, lines[3].precision) == (0.0, 0.0, None)
    assert all(line.precision is None for line in thresholds(positive[:9], negative[:9], [0.5]))
    for before, after in pairwise(lines):
        assert before.recall >= after.recall
        assert before.negatives_kept >= after.negatives_kept


def test_a_threshold_computed_by_hand() -> None:
    positive, negative = [0.9, 0.5, 0.1, 0.7], [0.5, 0.1, 0.2, 0.3, 0.05]
    (line,) = thresholds(positive * 10, negative * 10, [0.5])
    assert (line.recall, line.negatives_kept) == (0.75, 0.2)
    assert line.precision == round(0.75 / 0.95, 4)


@pytest.mark.parametrize("label", ["my label", "cc", ""])
def test_a_label_is_a_name(tmp_path: Path, label: str) -> None:
    config = TrainQualityConfig(
        positive=("a",), negative=("b",), output=str(tmp_path / "model.bin"), label=label
    )
    with pytest.raises(UserError, match="--label: letters, digits"):
        quality.run(Context(""), config)
