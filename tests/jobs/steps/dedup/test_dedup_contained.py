"""A near-duplicate goes only if its survivor has its text; `--keep none` drops survivors too."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from families import annotated, prose, signed
from pyspark.sql import SparkSession
from rows import collect, context, fill, said

from jobs import dedup
from jobs.steps.dedup import contained
from jobs.steps.dedup.contained import ngrams, share
from jobs.tables import runs
from schemas.settings.dedup import DedupConfig

COLUMNS = ("id", "survivor_id", "contained")


def sliding(choose: random.Random, steps: int, n: int = 200, by: int = 14) -> Iterator[str]:
    """Yield texts of which each begins some words later than the one before: a chain without edits."""
    words = prose(choose, n + by * steps)
    for step in range(steps):
        yield " ".join(words[by * step : by * step + n])


def texts() -> dict[str, str]:
    choose = random.Random(5)
    chain = {f"chain/{step}": text for step, text in enumerate(sliding(choose, 7))}
    pair = " ".join(prose(choose))
    return {**chain, "pair/1": pair, "pair/2": pair + " indeed", "alone/1": " ".join(prose(choose))}


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    return signed([annotated(id_, text) for id_, text in texts().items()])


def duplicates(
    spark: SparkSession, root: Path, rows: list[dict[str, Any]], **settings: Any
) -> tuple[list[tuple[Any, ...]], Any, str]:
    if not (root / "annotated").exists():
        fill(spark, root, "annotated", rows)
    given = context(spark, root)
    config = DedupConfig(root=str(root), overwrite=True, **settings)
    record = dedup.run(given, config)
    return collect(spark, root, "duplicates", *COLUMNS), record, said(given)


def test_a_document_unlike_its_survivor_stays(
    spark: SparkSession,
    tmp_path: Path,
    rows: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found, record, output = duplicates(spark, tmp_path, rows)
    with monkeypatch.context() as patch:
        patch.setattr(contained, "FEW", 0)
        of_many, again, _ = duplicates(spark, tmp_path, rows)
    assert of_many == found
    assert again.details["unlike-survivor"] == record.details["unlike-survivor"]
    file = tmp_path / "certificate.json"
    every, unchecked, _ = duplicates(spark, tmp_path, rows, min_contained=0, certify=str(file))
    certificate = json.loads(file.read_text("utf-8"))
    near = sum(row["documents"] for row in certificate["similarities"])
    assert certificate["contained"] == [{"documents": near}]
    assert near == len(every)
    assert certificate["thresholds"][0]["documents"] == near
    (english,) = certificate["recall"]["languages"]
    assert english["interval"][0] <= english["recall"] <= english["interval"][1]
    contents = texts()
    expected = {
        id_: share(ngrams(contents[id_]), ngrams(contents[survivor])) for id_, survivor, _ in every
    }
    assert {id_: value for id_, _, value in every} == dict.fromkeys(expected)
    assert {id_: value for id_, _, value in found} == {
        id_: value for id_, value in expected.items() if (value or 0) >= 0.75
    }
    unlike = len(every) - len(found)
    assert unlike >= 2
    assert record.details["unlike-survivor"] == unlike
    assert f"dedup: {unlike} near-duplicates stay" in output
    assert unchecked.details["unlike-survivor"] == 0
    assert record.rows_out == unchecked.rows_out + unlike
    assert runs.load(str(tmp_path), record.run).details["unlike-survivor"] == unlike


def test_texts_of_earlier_roots_are_read(
    spark: SparkSession, tmp_path: Path, rows: list[dict[str, Any]]
) -> None:
    old, new = rows[:3], rows[3:]
    duplicates(spark, tmp_path / "old", old)
    found, _, _ = duplicates(spark, tmp_path / "new", new, against=(str(tmp_path / "old"),))
    ids = {row["id"] for row in new}
    own = {id_: value for id_, _, value in found if id_ in ids}
    contents = texts()
    (survivor,) = {survivor for id_, survivor, _ in found if id_.startswith("chain")}
    for id_, value in own.items():
        if id_.startswith("chain"):
            assert value == share(ngrams(contents[id_]), ngrams(contents[survivor]))
    assert 0 < len(own) < len(new)


def test_keep_none_drops_the_survivors(
    spark: SparkSession, tmp_path: Path, rows: list[dict[str, Any]]
) -> None:
    best, first, _ = duplicates(spark, tmp_path, rows)
    none, record, _ = duplicates(spark, tmp_path, rows, keep="none")
    survivors = {survivor for _, survivor, _ in best}
    assert set(best) < set(none)
    assert {id_ for id_, survivor, _ in none if id_ == survivor} == survivors
    assert record.rows_out == first.rows_out - len(survivors)
    assert "alone/1" not in {id_ for id_, _, _ in none}


def test_stars_that_span_batches() -> None:
    rows = [
        ("s", 0, None, None, "a b c d e"),
        ("s", 0, "x", False, "b c d e f"),
        ("s", 0, "y", True, "A, b; ç d"),
        ("t", 0, "without", False, "its centre is missing"),
        ("u", 1, None, None, "é è ê"),
        ("u", 1, "z", False, "e e e"),
        ("u", 1, "v", True, "e e e"),
        ("u", 1, "w", False, ""),
    ]
    names = ("centre", "part", "node", "letters", "text")
    table = pa.table(dict(zip(names, zip(*rows, strict=True), strict=True)))
    for size in (1, 3, 8):
        yielded = contained.compare(iter(table.to_batches(max_chunksize=size)))
        shares = {row["node"]: row["contained"] for part in yielded for row in part.to_pylist()}
        assert shares == {"x": 2 / 3, "y": 1.0, "z": 0.0, "v": 1.0, "w": None}


def test_share_of_ngrams(monkeypatch: pytest.MonkeyPatch) -> None:
    assert share(ngrams("a b c d"), ngrams("b c d e")) == 0.5
    assert share(ngrams(""), ngrams("a")) is None
    assert share(ngrams("été à Thèbes"), ngrams("ete a Thebes")) == 0
    assert share(ngrams("été à Thèbes", letters=True), ngrams("ete a Thebes", letters=True)) == 1
    monkeypatch.setattr(contained, "MOST", 9)
    assert len(ngrams("語" * 9 + "文")) == 1
