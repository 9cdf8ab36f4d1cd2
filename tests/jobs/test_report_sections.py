"""Sections of the report about the corpus: figures, groups, signals, errors, takedowns and samples."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import browser
import pytest
from lxml import etree
from pyspark.sql import SparkSession
from rows import context, document, fill

from jobs import cli, report
from jobs.runtime.context import Context
from jobs.steps.report.cluster_examples import marked
from jobs.steps.report.flow_chart import Stage, flow_chart
from jobs.tables import runs
from schemas.settings.curate import CurateConfig
from schemas.settings.dedup import DedupConfig
from schemas.settings.report import ReportConfig
from schemas.settings.takedown import TakedownConfig

HOSTILE = "<img src=x onerror=alert(1)> \u202e \x00 end"
Made = tuple[dict[str, Any], str, Path]


def row(number: int) -> dict[str, Any]:
    return document(
        f"{number:02}",
        "a text of words " * 4 + ("and an end" if number % 2 else HOSTILE),
        bucket="head" if number < 20 else "tail",
        language="en" if number % 3 else "ja",
        license="MIT" if number == 5 else None,
        title=HOSTILE,
        url=f"https://www.site{number % 25}.example/{number}",
        date=f"20{number % 4:02}-01-01T00:00:00Z",
        perplexity=100.0 + number,
        token_count=10,
        emails=2 if number == 7 else 0,
        quality_signals={"rps_doc_word_count": number, "rps_doc_mean_word_length": float("nan")},
        metadata={"text_share": f"{number / 30:.2f}"},
    )


@pytest.fixture(scope="module")
def made(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The numbers and the page of a report, and its root: 30 documents, of which 26 are in corpus/."""
    root = tmp_path_factory.mktemp("sections")
    rows = [row(number) for number in range(30)]
    fill(spark, root, "documents", rows)
    fill(spark, root, "annotated", rows)
    bad = {"slice": "common_crawl", "stage": "read", "error": "truncated-gzip"}
    faults = [
        {**bad, "uri": "/home/me/archives/b.warc.gz", "offset": 7, "message": HOSTILE},
        {
            **bad,
            "uri": "/home/me/archives/a.warc.gz",
            "offset": 9,
            "message": "/home/me/a.warc.gz ends",
        },
    ]
    fill(spark, root, "quarantine", faults)
    entry = {"kind": "url", "value": "secret.example", "date": "2026-01-02", "reason": HOSTILE}
    fill(spark, root, "takedowns", [entry])
    job = context(spark, root)
    config = CurateConfig(root=str(root))
    with pytest.raises(RuntimeError), runs.record(job, "curate", config, {}):
        raise RuntimeError("the first curate failed")
    with runs.record(job, "curate", config, {}) as record:
        fill(spark, root, "corpus", rows[:26], run=record.run)
        record.rows_in, record.rows_out, record.tokens_out = 30, 26, 260
        record.reasons = {"filter:where": 4}
    with pytest.raises(RuntimeError), runs.record(job, "dedup", DedupConfig(root=str(root)), {}):
        raise RuntimeError(f"no dedup since of {root}")
    report.run(job, ReportConfig(root=str(root)))
    page = (root / "report.html").read_text(encoding="utf-8")
    return json.loads((root / "report.json").read_text()), page, root


def test_the_summary_has_the_figures_and_what_failed(made: Made) -> None:
    numbers = made[0]["summary"]
    corpus = numbers["corpus"]
    assert (numbers["documents"], corpus["documents"], corpus["tokens"]) == (30, 26, 260)
    assert len(corpus["content_hash"]) == 32
    assert corpus["content_hash"] in made[1]
    # the failed curate was made good by the second one
    assert [(run["job"], run["status"]) for run in numbers["failed"]] == [("dedup", "failed")]
    assert f"no dedup since of {made[2].name}" in made[1]
    assert str(made[2]) not in made[1] + json.dumps(made[0])
    assert "the first curate failed" not in made[1]


def test_groups_of_the_corpus(made: Made) -> None:
    groups = made[0]["composition"]["groups"]
    assert groups["slice"] == [
        {"value": "common_crawl", "others": 0, "documents": 26, "tokens": 260}
    ]
    assert [(row["value"], row["documents"]) for row in groups["language"]] == [
        ("en", 17),
        ("ja", 9),
    ]
    assert [(row["value"], row["tokens"]) for row in groups["license"]] == [
        (None, 250),
        ("MIT", 10),
    ]
    domains = groups["domain"]
    assert domains[0] == {"value": "site0.example", "others": 0, "documents": 2, "tokens": 20}
    assert domains[-1] == {"value": None, "others": 5, "documents": 5, "tokens": 50}
    assert sum(row["documents"] for row in domains) == 26
    assert {row["value"] for row in groups["year"]} == {"2000", "2001", "2002", "2003"}
    replaced = made[0]["composition"]["replaced"]
    assert replaced == {"emails": {"places": 2, "documents": 1}}


def test_signals_of_kept_and_dropped_documents(made: Made) -> None:
    numbers = made[0]["signals"]
    words = numbers["signals"]["rps_doc_word_count"]
    assert words == {
        "kept": [1.0, 6.0, 12.0, 19.0, 24.0],
        "dropped": [26.0, 26.0, 27.0, 28.0, 29.0],
    }
    assert numbers["signals"]["text_share"]["dropped"][0] == pytest.approx(26 / 30, abs=0.01)
    assert "rps_doc_mean_word_length" not in numbers["signals"]  # not a number in any document
    english = next(row for row in numbers["languages"] if row["language"] == "en")
    assert (english["documents"], english["head_until"], english["tail_from"]) == (20, 119, 120)


def test_errors_and_takedowns_without_what_they_name(made: Made) -> None:
    numbers, page, _ = made
    (error,) = numbers["losses"]["errors"]
    assert (error["records"], error["input"], error["message"]) == (
        2,
        "a.warc.gz",
        "a.warc.gz ends",
    )
    (request,) = numbers["losses"]["takedowns"]
    assert request == {"date": "2026-01-02", "kind": "url", "reason": HOSTILE, "names": 1}
    assert "secret.example" not in page
    assert "/home/me" not in page


def test_random_documents_are_shown_and_nothing_runs(made: Made) -> None:
    numbers, page, _ = made
    drawn = numbers["samples"]["documents"]
    assert [row["bucket"] for row in drawn] == ["head"] * 10 + ["tail"] * 6
    assert len({row["id"] for row in drawn}) == 16
    tree = etree.fromstring(page.partition("\n")[2].encode())
    assert not [*tree.iter("script"), *tree.iter("img")]
    assert not [link for link in tree.iter("a") if not str(link.get("href")).startswith("#")]
    titles = ["".join(map(str, title.itertext())) for title in tree.iter("h4")]
    assert titles == [HOSTILE.replace("\x00", "\ufffd")] * 16


def test_a_takedown_removes_the_page_that_shows_its_document(
    spark: SparkSession, tmp_path: Path
) -> None:
    root = tmp_path / "root"
    fill(spark, root, "documents", [document("a", "to be removed"), document("b", "stays")])
    for name in ("report.html", "report.json"):
        (root / name).write_text("to be removed")
    given = context(spark, root)
    absent = TakedownConfig(root=str(root), id=("common_crawl/z",), reason="a test", yes=True)
    cli.run("takedown", absent, given)
    assert (root / "report.html").exists()
    taken = TakedownConfig(root=str(root), id=("common_crawl/a",), reason="a test", yes=True)
    cli.run("takedown", taken, given)
    assert not [*root.glob("report.*")]


def test_a_root_with_one_table_has_a_report(spark: SparkSession, tmp_path: Path) -> None:
    fill(spark, tmp_path, "documents", [row(1)])
    report.run(Context(str(tmp_path), spark), ReportConfig(root=str(tmp_path)))
    assert "run <code>redpajama curate</code>" in (tmp_path / "report.html").read_text()


def test_differences_of_two_texts_are_marked() -> None:
    both = "".join(map(str, marked("one <b> three", "one two three")))
    assert both == "one <del>&lt;b&gt; </del><ins>two </ins>three"
    words = " ".join(map(str, range(100)))
    shortened = "".join(map(str, marked(words, f"{words} more")))
    assert "[… 75 words …]" in shortened
    assert shortened.endswith("<ins>99 more</ins>")


def test_a_flow_without_documents_and_one_that_grows() -> None:
    for stages in ([], [Stage("mix", 0, 0, "", [])], [Stage("mix", 3, 9, "~1", [("a:b", 2)])]):
        etree.fromstring(str(flow_chart(stages)))


def test_the_page_in_a_browser(made: Made) -> None:
    browser.check_file(made[2] / "report.html")
