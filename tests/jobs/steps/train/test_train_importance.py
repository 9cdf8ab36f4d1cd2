"""DSIR's statistics: the counts equal those of plain Python, under the names that the signals load."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyspark.sql import SparkSession
from rows import context, document, fill

from jobs import cli, train
from schemas.errors import UserError
from schemas.settings.train import TrainImportanceConfig
from udfs.quality_signals import Resources, score
from udfs.quality_signals.importance_counts import count_features

BUCKETS = 500
TARGET = [f"The river of the {name} flows; it's {i} km long." for i, name in enumerate("abcdef")]
SOURCE = [f"Buy {name} now!! Größe 日本 {i}" for i, name in enumerate(["x", "yy", "zzz"])]

# features as V2 computes them, with Python's own hash and its seed
REFERENCE = """
import json, re, sys
texts, buckets = json.load(sys.stdin)
counts = [0] * buckets
for text in texts:
    words = re.findall(r"\\w+|[^\\w\\s]+", text)
    for feature in [*words, *zip(words, words[1:])]:
        counts[abs(hash(feature)) % buckets] += 1
json.dump(counts, sys.stdout)
"""


def reference_counts(texts: list[str], buckets: int) -> list[int]:
    process = subprocess.run(
        [sys.executable, "-c", REFERENCE],
        input=json.dumps([texts, buckets]),
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONHASHSEED": "42"},
    )
    counts: list[int] = json.loads(process.stdout)
    return counts


def words(text: str) -> int:
    return len(re.findall(r"\w+|[^\w\s]+", text))


def lines(path: Path, texts: list[str]) -> str:
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    return str(path)


def config(tmp_path: Path, **others: object) -> TrainImportanceConfig:
    defaults = {
        "output": str(tmp_path / "models"),
        "dataset": "wikipedia",
        "language": "en",
        "buckets": BUCKETS,
        "target": (lines(tmp_path / "target.jsonl", TARGET),),
    }
    return TrainImportanceConfig(**{**defaults, **others})  # type: ignore[arg-type]


def test_counts_equal_the_reference_and_give_signals(spark: SparkSession, tmp_path: Path) -> None:
    models = tmp_path / "models"
    with pytest.raises(
        UserError, match=r"ccnet\.en\.500\.counts\.npy does not exist yet: give --source"
    ):
        train.run(context(spark, ""), config(tmp_path))

    root = tmp_path / "root"
    rows = [document(f"{i}", text) for i, text in enumerate([*SOURCE, SOURCE[0], "no"])]
    fill(spark, root, "documents", rows, partitions=3)
    source = (str(root / "documents"),)
    train.run(context(spark, ""), config(tmp_path, source=source, where=None))
    for name, texts in (("ccnet", [*SOURCE, "no"]), ("wikipedia", TARGET)):
        counts = np.load(models / f"dsir/en/{name}.en.{BUCKETS}.counts.npy")
        assert counts.tolist() == reference_counts(texts, BUCKETS)
        mean = np.load(models / f"dsir/en/{name}.en.lambda.npy")
        assert float(mean) == pytest.approx(sum(map(words, texts)) / len(texts))

    # another data set against the same crawl
    train.run(context(spark, ""), config(tmp_path, dataset="books", samples=2))
    assert (
        float(np.load(models / "dsir/en/books.en.lambda.npy")) == 14.0
    )  # each of them has 14 words

    resources = Resources.load(models)
    scored = [
        score(text, language="en", source_domain=None, resources=resources)
        for text in (TARGET[0], SOURCE[0])
    ]
    likely, unlikely = (signals["rps_doc_wikipedia_importance"][0][2] for signals in scored)
    assert likely > 0 > unlikely
    assert scored[0]["rps_doc_books_importance_length_correction"][0][2] is not None


def test_inputs_without_text_are_refused(spark: SparkSession, tmp_path: Path) -> None:
    empty = lines(tmp_path / "empty.jsonl", [""])
    with pytest.raises(UserError, match=r"no text in .*1 documents have none"):
        train.run(context(spark, ""), config(tmp_path, source=(empty,)))


@given(st.lists(st.text(max_size=40), max_size=5))
def test_counts_do_not_depend_on_the_batches(texts: list[str]) -> None:
    together, count = count_features(texts, 50)
    single = [count_features([text], 50) for text in texts]
    total = sum((counts for counts, _ in single), np.zeros(50, np.int64))
    assert together.tolist() == total.tolist()
    assert count == sum(n for _, n in single)
    assert together.sum() == count + sum(max(n - 1, 0) for _, n in single)


def test_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["train", "importance", "--dataset", "c4"])
    assert "no choice 'c4'" in capsys.readouterr().err
