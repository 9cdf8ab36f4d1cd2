"""What was taken down stays out: every job consults takedowns/, whatever it is given."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from families import annotated, edited, prose, signed
from pyspark.sql import SparkSession
from rows import collect, context, document, fill, said
from takedown_roots import everything, take

from jobs import cli
from jobs.tables import taken_down
from schemas.errors import UserError
from schemas.settings.annotate import AnnotateConfig
from schemas.settings.curate import CurateConfig
from schemas.settings.dedup import DedupConfig
from schemas.settings.ingest import C4Config
from schemas.settings.mix import MixConfig
from schemas.settings.paragraphs import ParagraphsConfig
from schemas.tables import TABLES


def dump(path: Path, *urls: str) -> str:
    """A file of C4 with a page for each address."""
    lines = [json.dumps({"text": f"The page of {url}.", "url": url}) for url in urls]
    path.write_text("".join(f"{line}\n" for line in lines))
    return str(path)


def urls(spark: SparkSession, root: Path) -> list[str]:
    return [row[0] for row in collect(spark, root, "documents", "url")]


def test_what_was_taken_down_is_not_ingested_again(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "root"
    pages = [f"https://{host}/x" for host in ("a.example", "www.b.example", "c.example")]
    source = dump(tmp_path / "c4.json", *pages)
    # before there is anything: it is recorded and said
    record, given = take(
        spark, root, domain=("b.example",), url=("a.example/x/",), date="2026-01-02"
    )
    assert "no document matches domain b.example" in said(given)
    assert record.details["unmatched"] == 2
    again, _ = take(spark, root, domain=("B.example",), reason="asked again", date="2026-03-04")
    assert again.details["recorded"] == 0
    assert collect(spark, root, "takedowns", "kind", "value", "date", "reason") == [
        ("domain", "b.example", "2026-01-02", "asked"),
        ("url", "//a.example/x", "2026-01-02", "asked"),
    ]

    given = context(spark, root)
    (made,) = cli.run("ingest c4", C4Config(root=str(root), input=(source,)), given)
    assert urls(spark, root) == [pages[2]]
    assert (made.rows_in, made.rows_out, made.reasons) == (3, 1, {"taken-down": 2})
    assert "a.example" not in everything(root / "documents")

    ((last,),) = collect(spark, root, "documents", "id")
    take(spark, root, id=(last,))
    assert collect(spark, root, "documents", "id") == []
    given = context(spark, root)
    cli.run("ingest c4", C4Config(root=str(root), input=(source,)), given)
    assert "all 1 inputs are in documents/ already" in said(given)

    # taken down while it is being ingested
    taking = taken_down.as_counts
    more = dump(tmp_path / "more.json", "https://d.example/", "https://e.example/")

    def meanwhile(rows: Any, at: str) -> Any:
        found = taking(rows, at)
        entries = collect(spark, root, "takedowns", "kind", "value")
        entries.append(("domain", "d.example"))
        names = ("kind", "value")
        fill(spark, root, "takedowns", [dict(zip(names, entry, strict=True)) for entry in entries])
        return found

    monkeypatch.setattr(taken_down, "as_counts", meanwhile)
    config = C4Config(root=str(root), input=(source, more), replace=True)
    (made,) = cli.run("ingest c4", config, context(spark, root))
    assert urls(spark, root) == ["https://e.example/"]
    assert (made.rows_in, made.rows_out, made.reasons) == (5, 1, {"taken-down": 4})
    assert "The page of https://d.example" not in everything(root / "documents" / made.run)


def down(spark: SparkSession, root: Path, *ids: str, run: str = "down") -> None:
    """Record takedowns of documents that slipped through, without looking for them."""
    fill(spark, root, "takedowns", [{"kind": "id", "value": id_} for id_ in ids], run=run)


def test_the_jobs_leave_it_out_and_count_it(spark: SparkSession, tmp_path: Path) -> None:
    root, given = str(tmp_path), context(spark, tmp_path)
    choose = random.Random(4)
    texts = {name: " ".join(prose(choose, 60)) for name in "abcd"}
    web = [document(name, texts[name], bucket="all") for name in "ab"]
    books = [document(name, texts[name], bucket="all") | {"slice": "books"} for name in "cd"]
    for slice_, rows in (("common_crawl", web), ("books", books)):
        frame = spark.createDataFrame(
            [tuple(row.get(name) for name in TABLES["documents"].schema.names) for row in rows],
            TABLES["documents"].schema,
        )
        labels = {"slice": slice_, "snapshot": "x"}
        table = given.table("documents")
        table.add(table.write(frame, run=slice_, labels=labels), without=lambda old: False)

    down(spark, tmp_path, "common_crawl/a", run="1")
    record = cli.run("paragraphs", ParagraphsConfig(root=root), given)
    assert (record.rows_in, record.rows_out, record.reasons) == (2, 1, {"taken-down": 1})
    # one more of the web pages that paragraphs has let through, and a book
    down(spark, tmp_path, "common_crawl/a", "common_crawl/b", "common_crawl/c", run="2")
    record = cli.run("annotate", AnnotateConfig(root=root, min_language_score=0.0), given)
    assert (record.rows_in, record.rows_out, record.reasons) == (3, 1, {"taken-down": 2})
    assert [row[0] for row in collect(spark, tmp_path, "annotated", "id")] == ["common_crawl/d"]


def test_curate_and_mix_leave_it_out(spark: SparkSession, tmp_path: Path) -> None:
    root, given = str(tmp_path), context(spark, tmp_path)
    choose = random.Random(4)
    rows = signed([annotated(f"x/{i}", " ".join(prose(choose, 60))) for i in range(3)])
    fill(spark, tmp_path, "annotated", rows)
    cli.run("dedup", DedupConfig(root=root), given)
    down(spark, tmp_path, "x/0", run="1")
    record = cli.run("curate", CurateConfig(root=root), given)
    assert (record.rows_in, record.rows_out, record.reasons) == (3, 2, {"taken-down": 1})
    down(spark, tmp_path, "x/0", "x/1", run="2")
    cli.run("mix", MixConfig(root=root, tokens=100, shards=1), given)
    assert {row[0] for row in collect(spark, tmp_path, "mixture", "id")} == {"x/2"}


@pytest.fixture(scope="module")
def copies() -> list[dict[str, Any]]:
    choose = random.Random(6)
    words = prose(choose, 120)
    near = " ".join(edited(choose, words, 1))
    return signed(
        [
            annotated("x/best", " ".join(words), perplexity=1.0, digest="sha1:a"),
            annotated("x/exact", " ".join(words), perplexity=2.0, digest="sha1:a"),
            annotated("x/near", near, perplexity=3.0, digest="sha1:b"),
            annotated("x/other", " ".join(prose(choose, 120)), digest="sha1:c"),
        ]
    )


def test_copies_go_as_well_where_asked(
    spark: SparkSession, tmp_path: Path, copies: list[dict[str, Any]]
) -> None:
    fill(spark, tmp_path, "annotated", copies)
    with pytest.raises(UserError, match="run `redpajama dedup` first"):
        take(spark, tmp_path, id=("x/best",), copies=True)
    cli.run("dedup", DedupConfig(root=str(tmp_path)), context(spark, tmp_path))

    before = everything(tmp_path / "annotated") + everything(tmp_path / "duplicates")
    record, _ = take(spark, tmp_path, id=("x/near",), copies=True, dry_run=True)
    assert record.details["removed"] == {"annotated": 3, "copies": 3, "duplicates": 2}
    assert before == everything(tmp_path / "annotated") + everything(tmp_path / "duplicates")
    assert not (tmp_path / "takedowns" / "_CURRENT.json").exists()
    assert not list((tmp_path / "takedowns").rglob("*.parquet"))

    record, _ = take(spark, tmp_path, id=("x/near",), copies=True)
    assert record.details["recorded"] == 3
    assert [row[0] for row in collect(spark, tmp_path, "annotated", "id")] == ["x/other"]
    assert collect(spark, tmp_path, "duplicates", "id") == []
    assert collect(spark, tmp_path, "copies", "id") == []
    taken = [row[0] for row in collect(spark, tmp_path, "takedowns", "value")]
    assert taken == ["x/best", "x/exact", "x/near"]


def test_in_two_roots(spark: SparkSession, tmp_path: Path, copies: list[dict[str, Any]]) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    fill(spark, old, "annotated", copies[:1])
    fill(spark, new, "annotated", copies[1:])
    config = DedupConfig(root=str(new), against=(str(old),))
    cli.run("dedup", config, context(spark, new))
    cli.run("curate", CurateConfig(root=str(new)), context(spark, new))
    assert [row[0] for row in collect(spark, new, "corpus", "id")] == ["x/other"]

    for root in (old, new):
        take(spark, root, id=("x/best",))
    assert collect(spark, old, "annotated", "id") == []
    # the older survivor is gone: the best of this root comes up
    assert collect(spark, new, "duplicates", "id", "survivor_id", "survivor_root") == [
        ("x/near", "x/exact", None)
    ]
    assert [row[0] for row in collect(spark, new, "corpus", "id")] == ["x/exact", "x/other"]
    given = context(spark, new)
    cli.run("curate", CurateConfig(root=str(new)), given)
    assert "curate: nothing has changed" in said(given)
