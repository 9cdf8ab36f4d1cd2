"""Paragraph dedup: each group by the literal rule, whatever the files and partitions."""

from __future__ import annotations

import random
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession
from rows import collect, context, document, fill

from jobs import annotate, paragraphs
from jobs.runtime.context import Context
from jobs.steps.paragraphs import lines
from jobs.tables import manifest, runs
from schemas.errors import UserError
from schemas.settings.annotate import AnnotateConfig
from schemas.settings.paragraphs import ParagraphsConfig
from udfs.ccnet.normalizer import normalize_for_dedup

LINES = [f"Line number {'x' * i} of all" for i in range(40)] + ["", "  LINE number x of all "]


def documents(archives: int = 6, pages: int = 8) -> list[dict[str, Any]]:
    """Documents of common lines, of lines of their own, and of nothing else."""
    choose = random.Random(11)
    rows = []
    for archive in range(archives):
        for place in range(pages):
            name = f"{archive}-{place}"
            lines = choose.choices(LINES, k=6) + [f"Only {'y' * (archive * pages + place)}"] * 2
            if place == 0:
                lines = lines[:3]
            choose.shuffle(lines)
            source = {"uri": f"crawl/{archive}.warc.gz", "offset": 100 * (pages - place)}
            snapshot = f"CC-MAIN-2099-0{1 + archive // 4}"
            rows.append(document(name, "\n".join(lines), source=source, snapshot=snapshot))
    return rows


def by_rule(
    rows: list[dict[str, Any]], group_of: dict[str, Any], keep: str
) -> dict[str, list[int]]:
    """The lines left of each document, by the rule as it is told."""
    holders: dict[Any, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for row in sorted(rows, key=lambda row: (row["source"]["uri"], row["source"]["offset"])):
        group = holders[group_of[row["source"]["uri"]]]
        for line in set(map(normalize_for_dedup, row["text"].split("\n"))):
            group[line].append(row["id"])
    left = {}
    for row in rows:
        kept, seen = [], set()
        for i, line in enumerate(map(normalize_for_dedup, row["text"].split("\n"))):
            having = holders[group_of[row["source"]["uri"]]][line]
            alone = len(having) == 1 or (keep == "first" and having[0] == row["id"])
            if alone and line not in seen:
                kept.append(i)
                seen.add(line)
        if kept:
            left[row["id"]] = kept
    return left


GROUPS: dict[str, dict[str, Any]] = {
    "archive": {f"crawl/{i}.warc.gz": i for i in range(6)},
    "snapshot": {f"crawl/{i}.warc.gz": i // 4 for i in range(6)},
    "3": {f"crawl/{i}.warc.gz": (i // 4, i % 4 // 3) for i in range(6)},
    "all": {f"crawl/{i}.warc.gz": 0 for i in range(6)},
}


@pytest.mark.parametrize("keep", ["none", "first"])
@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("partitions", [1, 5])
def test_lines_left_follow_the_rule(
    spark: SparkSession, tmp_path: Path, group: str, keep: Any, partitions: int
) -> None:
    rows = documents()
    fill(spark, tmp_path, "documents", rows, partitions=partitions)
    settings = ParagraphsConfig(root=str(tmp_path), group=group, keep=keep)
    record = paragraphs.run(context(spark, tmp_path), settings)
    found = dict(collect(spark, tmp_path, "paragraphs", "id", "line_ids"))
    expected = by_rule(rows, GROUPS[group], keep)
    assert found == expected
    assert record.rows_in == len(rows)
    assert record.rows_out == len(expected)
    assert record.reasons == {lines.NOTHING_LEFT: len(rows) - len(expected)}


def test_lengths_are_of_the_text_before_and_after(spark: SparkSession, tmp_path: Path) -> None:
    text = "Erste Zeile: Ärger 😀\n\nErste Zeile: Ärger 😀\nzweite"
    fill(spark, tmp_path, "documents", [document("1", text)])
    paragraphs.run(context(spark, tmp_path), ParagraphsConfig(root=str(tmp_path)))
    columns = ("line_ids", "original_nlines", "original_length", "nlines", "length")
    ((line_ids, *lengths),) = collect(spark, tmp_path, "paragraphs", *columns)
    left = "Erste Zeile: Ärger 😀\n\nzweite"
    assert line_ids == [0, 1, 3]
    assert lengths == [4, len(text), 3, len(left)]


def archive_files(spark: SparkSession, root: Path) -> None:
    """documents/ as ingest leaves them: a file an archive."""
    for i in range(3):
        rows = [row for row in documents() if row["source"]["uri"] == f"crawl/{i}.warc.gz"]
        before = manifest.current(str(root), "documents")
        fill(spark, root, "documents", rows, run=f"run-{i}")
        if before:
            table = Context(str(root)).table("documents")
            made = table.required()
            folders = [*before.folders, *made.folders]
            table.publish(folders, run=f"both-{i}", replacing=made)


def test_archives_in_files_of_their_own_are_not_shuffled(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive_files(spark, tmp_path)
    folders = Context(str(tmp_path)).table("documents").required().folders
    assert lines.each_archive_in_one_file(folders)
    monkeypatch.delattr(lines, "duplicate_hashes")
    paragraphs.run(context(spark, tmp_path), ParagraphsConfig(root=str(tmp_path)))
    rows = [row for row in documents() if row["source"]["uri"] < "crawl/3"]
    found = dict(collect(spark, tmp_path, "paragraphs", "id", "line_ids"))
    assert found == by_rule(rows, GROUPS["archive"], "none")


def test_a_file_that_shares_an_archive_is_seen(spark: SparkSession, tmp_path: Path) -> None:
    fill(spark, tmp_path, "documents", documents(), partitions=3)
    folders = Context(str(tmp_path)).table("documents").required().folders
    assert not lines.each_archive_in_one_file(folders)


def test_the_same_again_does_nothing(spark: SparkSession, tmp_path: Path) -> None:
    fill(spark, tmp_path, "documents", documents())
    given = context(spark, tmp_path)
    first = paragraphs.run(given, ParagraphsConfig(root=str(tmp_path)))
    again = paragraphs.run(given, ParagraphsConfig(root=str(tmp_path)))
    other = paragraphs.run(given, ParagraphsConfig(root=str(tmp_path), keep="first"))
    anew = paragraphs.run(given, ParagraphsConfig(root=str(tmp_path), keep="first", overwrite=True))
    assert again.run == first.run
    assert len({first.run, other.run, anew.run}) == 3
    in_order = [record.run for record in runs.all_records(str(tmp_path))]
    assert in_order == [first.run, other.run, anew.run]


def test_annotate_wants_paragraphs_of_these_documents(spark: SparkSession, tmp_path: Path) -> None:
    fill(spark, tmp_path, "documents", documents())
    given, settings = context(spark, tmp_path), AnnotateConfig(root=str(tmp_path))
    with pytest.raises(UserError, match="run `redpajama paragraphs` first"):
        annotate.run(given, settings)
    paragraphs.run(given, ParagraphsConfig(root=str(tmp_path)))
    fill(spark, tmp_path, "documents", documents(), run="second")
    with pytest.raises(UserError, match="older than documents/"):
        annotate.run(given, settings)


@pytest.mark.parametrize("group", ["0", "-1", "shard", ""])
def test_a_wrong_group_is_told(spark: SparkSession, tmp_path: Path, group: str) -> None:
    with pytest.raises(UserError, match="--group"):
        paragraphs.run(context(spark, tmp_path), ParagraphsConfig(root=str(tmp_path), group=group))
