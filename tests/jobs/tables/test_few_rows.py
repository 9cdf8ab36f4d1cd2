"""Columns of a few rows are read without Spark: their sums, and whether ids are repeated."""

from __future__ import annotations

from pathlib import Path

import pytest
from plain_roots import context, fill
from pyspark.sql import SparkSession

from jobs.steps.ingest.unique_ids import without_repeated_ids
from jobs.tables import few_rows


def rows(ids: str, length: int | None = 7) -> list[dict[str, object]]:
    """A row of documents/ for each letter."""
    return [{"id": f"c4/{id_}", "slice": "c4", "length": length} for id_ in ids]


def test_sums_need_no_session(tmp_path: Path) -> None:
    fill(tmp_path, "documents", [*rows("abc"), *rows("d", None)], files=3)
    table = context(tmp_path).table("documents")
    assert few_rows.sums(table, table.required().folders, "length", "nlines") == [21, 0]
    assert few_rows.sums(table, [], "length") == [0]


def test_sums_of_many_rows_are_those_of_spark(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path, "documents", [*rows("abc"), *rows("d", None)], files=3)
    job = context(tmp_path)
    job.given = spark
    folders = job.table("documents").required().folders
    monkeypatch.setattr(few_rows, "MAX_FILES", 2)
    assert few_rows.sums(job.table("documents"), folders, "length", "nlines") == [21, 0]
    assert few_rows.sums(job.table("documents"), [], "length") == [0]


@pytest.mark.parametrize(("new", "count"), [("de", 0), ("dd", 1), ("ad", 1)])
def test_repeated_ids_are_looked_for_by_spark_only_if_there_are_some(
    spark: SparkSession, tmp_path: Path, new: str, count: int
) -> None:
    fill(tmp_path, "documents", rows("abc"))
    job = context(tmp_path)
    kept = list(job.table("documents").required().folders)
    fill(tmp_path, "documents", rows(new), run="second")
    (folder,) = job.table("documents").required().folders
    job.given = spark
    _, notes, repeated = without_repeated_ids(job, folder, kept)
    assert repeated == count == notes.count()
    assert Path(tmp_path, "documents", "second", "repeated").exists() == bool(count)
