"""`redpajama compare`: what came, went and changed between roots, versions and exports, and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from earlier_root import unpack_root
from pyspark.sql import SparkSession
from rows import context, document, fill, said

from jobs import cli, compare
from jobs.runtime import task_errors
from jobs.steps.compare.comparison import Comparison, excerpts
from jobs.steps.curate.rules import Plan
from jobs.tables import manifest, runs
from schemas.errors import UserError
from schemas.settings.compare import CompareConfig
from schemas.settings.curate import CurateConfig
from schemas.settings.takedown import TakedownConfig

HOSTILE = '<script>alert("x")</script> \ud800'


def row(id_: str, text: str, **others: Any) -> dict[str, Any]:
    return document(id_, text, bucket="head", language="en", token_count=3, **others)


SAME = row("same", "the same text", metadata={"a": "1", "b": "2"})
BEFORE = [
    SAME,
    row("changed", "a text, and an end"),
    row("rule", HOSTILE, url="https://user:word@B.example.org:8080/x"),
    row("near", "a near-duplicate"),
    row("taken", "a text taken down", url="https://gone.example/"),
    row("never", "never read by the second root"),
]
AFTER = [
    {**SAME, "metadata": {"b": "2", "a": "1"}},
    row("changed", "a text, and the end"),
    row("new", "a new text"),
]


def make(spark: SparkSession, root: Path, corpus: list[dict[str, Any]], where: str) -> str:
    """Make a root whose corpus is of a curate with the rule `where`; return its address."""
    job = context(spark, root)
    config = CurateConfig(root=str(root), where=(where,))
    read = [*BEFORE[:-1], *AFTER[2:]]
    with runs.record(job, "curate", config, Plan.of(config).inputs()) as record:
        fill(spark, root, "documents", read, partitions=3)
        fill(spark, root, "annotated", read)
        near = {"id": "common_crawl/near", "kind": "near", "survivor_id": "common_crawl/same"}
        fill(spark, root, "duplicates", [near])
        fill(spark, root, "corpus", corpus, run=record.run)
    return str(root)


@pytest.fixture(scope="module")
def compared(
    spark: SparkSession, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Comparison, str, Path]:
    """A comparison of two roots, its output and the folder with its page."""
    folder = tmp_path_factory.mktemp("roots")
    before = make(spark, folder / "before", BEFORE, "text is not null")
    after = make(spark, folder / "after", AFTER, "text not like '%alert%'")
    taken = TakedownConfig(root=after, url=("https://gone.example",), reason="a test", yes=True)
    cli.run("takedown", taken, context(spark, after))
    given = context(spark, folder)
    output = str(folder / "page.html")
    comparison = compare.run(given, CompareConfig(before=before, after=after, output=output))
    return comparison, said(given), folder


def test_what_came_went_and_changed(compared: tuple[Comparison, str, Path]) -> None:
    comparison, output, _ = compared
    assert comparison.counts.states == {"came": 1, "went": 4, "changed": 1, "same": 1}
    assert comparison.counts.columns == {"text": 1, "length": 1} or comparison.counts.columns == {
        "text": 1
    }
    assert "documents of corpus: 1 came, 4 went, 1 changed, 1 same" in output
    domains = next(group for group in comparison.counts.groups if group.name == "domain")
    assert domains.rows["b.example.org"] == {"came": 0, "went": 1, "changed": 0, "same": 0}
    assert domains.rows["example.org"] == {"came": 1, "went": 2, "changed": 1, "same": 1}


def test_why_documents_went_and_came(compared: tuple[Comparison, str, Path]) -> None:
    comparison, output, _ = compared
    assert comparison.reasons["went"] == {
        "duplicate:near": 1,
        "filter:where": 1,
        "not in documents/": 1,
        "taken-down": 1,
    }
    assert comparison.reasons["came"] == {"unknown": 1}
    assert "what went, by what the root after says of it" in output


def test_why_the_roots_differ(compared: tuple[Comparison, str, Path]) -> None:
    comparison, output, _ = compared
    causes = {cause.table: cause for cause in comparison.causes}
    assert [*causes] == ["documents", "annotated", "duplicates", "corpus"]
    assert causes["duplicates"].is_equal is True
    assert causes["documents"].is_equal is None  # rewritten by the takedown
    assert causes["corpus"].is_equal is False
    rules = ("setting where", ["text is not null"], ["text not like '%alert%'"])
    assert rules in causes["corpus"].differences
    assert "corpus: setting where: ['text is not null'] -> " in output


def test_the_first_documents_that_differ(compared: tuple[Comparison, str, Path]) -> None:
    comparison, output, _ = compared
    changed = next(example for example in comparison.examples if example.state == "changed")
    assert (changed.before, changed.after) == ("a text, and an end", "a text, and the end")
    assert "- a text, and an end" in output
    went = [example.id for example in comparison.examples if example.state == "went"]
    assert went == [f"common_crawl/{name}" for name in ("near", "never", "rule")]


def test_the_page_shows_and_does_not_run(compared: tuple[Comparison, str, Path]) -> None:
    _, _, folder = compared
    page = (folder / "page.html").read_text(encoding="utf-8")
    assert "&lt;script&gt;alert" in page
    assert "<script" not in page
    assert "default-src &#39;none&#39;" in page
    assert str(folder) not in page
    numbers = json.loads((folder / "page.json").read_text(encoding="utf-8"))
    assert numbers["counts"]["states"]["went"] == 4
    assert numbers["equal"] is False


def test_equal_roots_are_equal_for_any_order_of_rows(spark: SparkSession, tmp_path: Path) -> None:
    for name, rows, files in (("a", BEFORE, 1), ("b", BEFORE[::-1], 4)):
        fill(spark, tmp_path / name, "corpus", rows, partitions=files)
    given = context(spark, tmp_path)
    config = CompareConfig(before=str(tmp_path / "a"), after=str(tmp_path / "b"))
    comparison = compare.run(given, config)
    assert comparison.is_equal
    assert comparison.hashes[0] == comparison.hashes[1] is not None
    assert "equal: 6 documents of corpus" in said(given)


def test_a_version_is_compared_by_its_run(spark: SparkSession, tmp_path: Path) -> None:
    runs_of_table = ("20290101T000000Z-curate-aaaaaa", "20290102T000000Z-curate-bbbbbb")
    for run, rows in zip(runs_of_table, (BEFORE, AFTER), strict=True):
        fill(spark, tmp_path, "corpus", rows, run=run)
    given = context(spark, tmp_path)
    before = f"{tmp_path}@{runs_of_table[0]}"
    comparison = compare.run(given, CompareConfig(before=before, after=str(tmp_path)))
    assert comparison.counts.states == {"came": 1, "went": 4, "changed": 1, "same": 1}
    absent = f"{tmp_path}@20290103T000000Z-curate-cccccc"
    with pytest.raises(UserError, match=r"wrote no corpus/, or `vacuum`"):
        compare.run(given, CompareConfig(before=absent, after=str(tmp_path)))


def test_exports_are_compared_with_roots_and_with_each_other(
    spark: SparkSession, tmp_path: Path
) -> None:
    lines = tmp_path / "lines" / "data"
    lines.mkdir(parents=True)
    records = [
        {"text": row["text"], "meta": {"document_id": row["id"]}, "red_pajama_subset": "x"}
        for row in AFTER
    ]
    # a last line without its end, in two frames
    parts = ["\n".join(map(json.dumps, records[:2])) + "\n", json.dumps(records[2])]
    compressor = zstandard.ZstdCompressor()
    compressed = b"".join(compressor.compress(part.encode()) for part in parts)
    (lines / "0.jsonl.zst").write_bytes(compressed)
    (tmp_path / "lines" / "manifest.json").write_text("{}")
    (tmp_path / "parquet").mkdir()
    columns = {name: [row[name] for row in AFTER[1:]] for name in ("id", "text", "slice")}
    pq.write_table(pa.table(columns), tmp_path / "parquet" / "0.parquet")
    root = unpack_root(tmp_path)
    given = context(spark, tmp_path)

    def states(before: object, after: object) -> dict[str, int]:
        config = CompareConfig(before=str(before), after=str(after))
        return compare.run(given, config).counts.states

    assert states(lines, lines) == {"came": 0, "went": 0, "changed": 0, "same": 3}
    assert states(tmp_path / "lines", tmp_path / "parquet")["went"] == 1
    corpus = manifest.current(root, "corpus")
    assert corpus is not None
    other = states(root, tmp_path / "parquet")
    assert (other["went"], other["came"]) == (corpus.rows, 2)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("absent", "is no root, and no folder of either Parquet or JSON lines"),
        ("broken", "is not JSON lines"),
        ("numbers", "its files have no column 'text'"),
        ("fresh", "has no table corpus yet: name another by --table"),
    ],
)
def test_what_cannot_be_compared_is_named(
    spark: SparkSession, tmp_path: Path, name: str, message: str
) -> None:
    for folder in ("broken", "numbers"):
        (tmp_path / folder).mkdir()
    (tmp_path / "broken" / "a.jsonl").write_text("[1]\n{")
    pq.write_table(pa.table({"id": ["a"]}), tmp_path / "numbers" / "a.parquet")
    fill(spark, tmp_path / "fresh", "documents", [SAME])
    config = CompareConfig(before=str(tmp_path / name), after=str(tmp_path / name))
    with pytest.raises(Exception, match=message) as caught:
        compare.run(context(spark, tmp_path), config)
    assert isinstance(caught.value, UserError) or task_errors.user_message(caught.value)


def test_excerpts_of_long_texts_show_where_they_differ() -> None:
    before, after = excerpts("a" * 100 + "b", "a" * 100 + "c")
    assert before == "…" + "a" * 40 + "b"
    assert after == "…" + "a" * 40 + "c"
    assert excerpts(None, "new") == (None, "new")
