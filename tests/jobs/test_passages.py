"""Tests of the job `passages`: the table, its order of keepers, increments."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from families import annotated, prose
from passage_search import found
from pyspark.sql import SparkSession
from rows import collect, context, fill, said

from jobs import passages
from jobs.tables import runs
from schemas.settings.passages import PassagesConfig
from udfs.passages.anchors import Passages

COLUMNS = ("id", "start", "length", "keeper_id", "keeper_root", "keeper_start", "documents")


def corpus(seed: int, n: int = 60) -> list[dict[str, Any]]:
    """Return documents in whose texts parts of others are planted, in several scripts."""
    choose = random.Random(seed)
    han = [
        " ".join("的一是了我不人在有这个上们来到时"[choose.randrange(16)] for _ in range(80))
        for _ in range(4)
    ]
    shared = [" ".join(prose(choose, size)) for size in (30, 55, 60, 200)] + han
    rows = []
    for _ in range(n):
        words = [" ".join(prose(choose, choose.randint(20, 120))) for _ in range(3)]
        parts = [part for word in words for part in (word, choose.choice(shared + words))]
        rows.append(
            annotated(
                f"x/{choose.random():.6f}",
                choose.choice("\n ").join(parts),
                bucket=choose.choice(["head", "tail"]),
                perplexity=choose.choice([None, choose.random()]),
            )
        )
    return rows


def run(spark: SparkSession, root: Path, rows: list[dict[str, Any]], **settings: Any) -> Any:
    """Fill the tables that passages reads, and run it."""
    if not (root / "annotated").exists():
        fill(spark, root, "annotated", rows, partitions=3)
        read = [{"annotated": "first"}]
        for table in ("copies", "duplicates"):
            fill(spark, root, table, [], inputs=read)
    job = context(spark, root)
    passages.run(job, PassagesConfig(root=str(root), **settings))
    return job


def preferred(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return documents in the order of survivors."""
    return sorted(
        rows,
        key=lambda row: (
            row["bucket"] == "tail",
            row["perplexity"] is None,
            row["perplexity"] or 0,
            -row["length"],
            row["id"],
        ),
    )


def expected(rows: list[dict[str, Any]], shortest: int = 50) -> set[tuple[Any, ...]]:
    """Return the rows of passages/ by a search in memory."""
    order = preferred(rows)
    return {
        (
            *(order[row.number]["id"], row.start, row.length),
            *(order[row.keeper]["id"], None, row.keeper_start, row.documents),
        )
        for row in found([row["text"] for row in order], Passages(shortest))
    }


def test_passages_are_those_of_a_search_in_memory(spark: SparkSession, tmp_path: Path) -> None:
    rows = corpus(1)
    job = run(spark, tmp_path, rows)
    wanted = expected(rows)
    assert len(wanted) > 50
    assert set(collect(spark, tmp_path, "passages", *COLUMNS)) == wanted
    assert f"{len(wanted):,} passages in" in said(job)


def test_an_increment_has_the_rows_of_one_run_over_everything(
    spark: SparkSession, tmp_path: Path
) -> None:
    rows = [{**row, "slice": "c4"} for row in corpus(2)]
    old = [{**row, "slice": "books"} for row in rows[::2]]
    new = rows[1::2]
    run(spark, tmp_path / "old", old)
    earlier = str(tmp_path / "old")
    run(spark, tmp_path / "new", new, against=(earlier,))
    run(spark, tmp_path / "all", [*old, *new])
    columns = ("id", "start", "length", "keeper_id", "keeper_start")
    parts = [collect(spark, tmp_path / root, "passages", *columns) for root in ("old", "new")]
    assert sorted(parts[0] + parts[1]) == collect(spark, tmp_path / "all", "passages", *columns)
    of_old = {row["id"] for row in old}
    roots = set(collect(spark, tmp_path / "new", "passages", "keeper_id", "keeper_root"))
    assert {(id_, earlier if id_ in of_old else None) for id_, _ in roots} == roots
    assert any(root for _, root in roots)
    assert not all(root for _, root in roots)


def test_duplicates_neither_have_nor_keep_passages(spark: SparkSession, tmp_path: Path) -> None:
    rows = [
        annotated(f"x/{i}", " ".join(prose(random.Random(3), 80)), perplexity=float(i))
        for i in "123"
    ]
    fill(spark, tmp_path, "annotated", rows)
    for table, of_table in (("copies", []), ("duplicates", [{"id": "x/1", "survivor_id": "x/2"}])):
        fill(spark, tmp_path, table, of_table, inputs=[{"annotated": "first"}])
    run(spark, tmp_path, rows)
    ids = collect(spark, tmp_path, "passages", "id", "keeper_id", "documents")
    assert ids == [("x/3", "x/2", 2)]
    record = runs.all_records(str(tmp_path))[-1]
    assert (record.rows_in, record.rows_out, record.reasons) == (3, 1, {"without-passages": 2})
