"""Passages in corpus/: marked or cut, traced, and made again when their keeper is taken down."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from families import annotated, prose
from pyspark.sql import SparkSession
from rows import collect, context, fill, said

from jobs import curate, passages, takedown, trace
from jobs.steps.curate import joined_rows
from jobs.tables import runs
from schemas.errors import UserError
from schemas.settings.curate import CurateConfig
from schemas.settings.passages import PassagesConfig
from schemas.settings.takedown import TakedownConfig
from schemas.settings.trace import TraceConfig
from udfs.tokens.tokenizer import load_tokenizer

CHOOSE = random.Random(8)
FOOTER = " ".join(prose(CHOOSE, 60))
OWN = [" ".join(prose(CHOOSE, 100)) for _ in range(5)]
TEXTS = {
    "x/keeper": f"{OWN[0]}\n\n{FOOTER}\n\n{OWN[0][:20]}",
    "x/cut": f"{OWN[1]}\n\n{FOOTER}\n\n{OWN[1][:20]}",
    "x/all": FOOTER,  # would lose everything
    "x/other": OWN[2],
    "x/tail": f"{OWN[3]}\n{OWN[4]}",
    "x/of-tail": f"{OWN[4]}\n{OWN[2][:300]}x",
}
COLUMNS = ("id", "text", "passage_characters", "cut_characters", "token_count")


@pytest.fixture(scope="module")
def root(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a root with passages/; `x/tail` keeps one, and is dropped by its language score."""
    root = tmp_path_factory.mktemp("passages") / "root"
    rows = [
        annotated(
            id_, text, perplexity=float(number), language_score=0.1 if "/tail" in id_ else 0.9
        )
        for number, (id_, text) in enumerate(TEXTS.items())
    ]
    for table in ("documents", "annotated"):
        fill(spark, root, table, rows)
    for table in ("copies", "duplicates"):
        fill(spark, root, table, [], inputs=[{"annotated": "first"}])
    passages.run(context(spark, root), PassagesConfig(root=str(root)))
    return root


def curated(spark: SparkSession, root: Path, **settings: Any) -> tuple[dict[str, Any], Any, str]:
    """Run curate; return the rows of corpus/ by id, the record and what was printed."""
    job = context(spark, root)
    record = curate.run(
        job, CurateConfig(root=str(root), where=("language_score > 0.5",), **settings)
    )
    rows = collect(spark, root, "corpus", *COLUMNS)
    return {row[0]: dict(zip(COLUMNS[1:], row[1:], strict=True)) for row in rows}, record, said(job)


def test_passages_are_cut_where_their_keeper_stays(spark: SparkSession, root: Path) -> None:
    rows, record, printed = curated(spark, root, passages="drop")
    assert rows["x/cut"]["text"] == f"{OWN[1]}\n\n{OWN[1][:20]}"
    assert rows["x/cut"]["passage_characters"] == len(FOOTER)
    assert rows["x/cut"]["cut_characters"] == len(FOOTER) + 2
    others = {id_: rows[id_]["text"] for id_ in rows if id_ != "x/cut"}
    assert others == {id_: text for id_, text in TEXTS.items() if id_ not in ("x/cut", "x/tail")}
    # over the limit; without a passage; with one whose keeper is dropped
    found = {id_: rows[id_]["passage_characters"] for id_ in ("x/all", "x/other", "x/of-tail")}
    assert found == {"x/all": len(FOOTER), "x/other": 0, "x/of-tail": len(OWN[4])}
    assert {rows[id_]["cut_characters"] for id_ in others} == {0}
    counted = load_tokenizer(None).count([row["text"] for row in rows.values()])
    assert [row["token_count"] for row in rows.values()] == list(counted)
    assert record.details["cut_characters"] == len(FOOTER) + 2
    assert (record.details["documents_with_passages"], record.details["cut_documents"]) == (3, 1)
    assert record.characters_out == sum(len(row["text"]) for row in rows.values())
    assert "are cut from 1 documents; 2 documents with passages stay whole" in printed


def test_a_trace_names_the_spans_and_their_keepers(spark: SparkSession, root: Path) -> None:
    curated(spark, root, passages="drop")
    job = context(spark, root)
    trace.run(job, TraceConfig(root=str(root), id=("x/cut",)))
    start = TEXTS["x/cut"].index(FOOTER)
    line = f"{start:,} to {start + len(FOOTER):,}: kept by x/keeper at {TEXTS['x/keeper'].index(FOOTER):,}"
    assert f"{line}, in 3 documents" in said(job)
    assert f"{len(FOOTER):,} characters in passages of others, {len(FOOTER) + 2:,} cut" in said(job)
    job = context(spark, root)
    trace.run(job, TraceConfig(root=str(root), id=("x/cut",), json=True))
    (stage,) = [stage for stage in json.loads(said(job))["stages"] if stage["table"] == "passages"]
    assert [span["length"] for span in stage["spans"]] == [len(FOOTER)]


def test_marks_are_the_same_with_and_without_python(
    spark: SparkSession, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marked, record, _ = curated(spark, root, overwrite=True)
    assert {id_: row["text"] for id_, row in marked.items()} == {
        id_: text for id_, text in TEXTS.items() if id_ != "x/tail"
    }
    assert marked["x/all"]["passage_characters"] == len(FOOTER)
    assert "cut_characters" not in record.details
    monkeypatch.setattr(joined_rows, "MOST_NOTES", -1)
    assert curated(spark, root, overwrite=True)[0] == marked


def test_a_rule_drops_documents_by_their_share(spark: SparkSession, root: Path) -> None:
    job = context(spark, root)
    rule = "passage_share <= 0.5"
    record = curate.run(job, CurateConfig(root=str(root), passages="drop", where=(rule,)))
    assert record is not None
    assert record.reasons == {
        "filter:where": 2
    }  # x/all, and x/of-tail, of which more than half is kept
    ids = [row[0] for row in collect(spark, root, "corpus", "id")]
    assert ids == ["x/cut", "x/keeper", "x/other", "x/tail"]


def test_passages_of_other_tables_are_refused(spark: SparkSession, tmp_path: Path) -> None:
    fill(spark, tmp_path, "annotated", [annotated("x/1", "a")])
    for table in ("copies", "duplicates"):
        fill(spark, tmp_path, table, [], inputs=[{"annotated": "first"}])
    with pytest.raises(UserError, match="run `redpajama passages` first"):
        curate.run(context(spark, tmp_path), CurateConfig(root=str(tmp_path), passages="drop"))
    inputs = [{"annotated": "first", "duplicates": "earlier"}]
    fill(spark, tmp_path, "passages", [], inputs=inputs)
    with pytest.raises(UserError, match="passages/ is older than duplicates/"):
        curate.run(context(spark, tmp_path), CurateConfig(root=str(tmp_path)))


def test_a_takedown_of_a_keeper_makes_passages_again(spark: SparkSession, root: Path) -> None:
    curated(spark, root, passages="drop")
    job = context(spark, root)
    takedown.run(job, TakedownConfig(root=str(root), id=("x/keeper",), reason="test"))
    rows = collect(spark, root, "passages", "id", "keeper_id", "documents")
    assert ("x/all", "x/cut", 2) in rows
    assert not [row for row in rows if "x/keeper" in row[:2]]
    texts = dict(collect(spark, root, "corpus", "id", "text"))
    assert texts["x/cut"] == TEXTS["x/cut"]
    assert runs.all_records(str(root))[-1].job == "curate"
