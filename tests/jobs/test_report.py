"""The report of a small root: its numbers are those that were planted."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from pyspark.sql import SparkSession
from rows import context, document, fill

from jobs import dedup, report
from jobs.report import SECTIONS
from jobs.reports import dedup as dedup_section
from schemas.jobs import DedupConfig, ReportConfig
from udfs import fast_minhash, lsh
from udfs.minhash import optimal_bands
from udfs.quality_signals.vocabulary import normalize
from udfs.shingles import jaccard

HOSTILE = "common_crawl/<script>alert(1)</script>' \"&"
WORDS = [f"word{i}" for i in range(4000)]


def prose(choose: random.Random, n: int = 300) -> list[str]:
    return [choose.choice(WORDS) for _ in range(n)]


def changed(words: list[str], places: range) -> str:
    return " ".join("new" if i in places else word for i, word in enumerate(words))


def annotated(id_: str, text: str, **others: Any) -> dict[str, Any]:
    (signature,) = fast_minhash.signatures([text])
    slice_ = id_.partition("/")[0]
    row = {"id": id_, "slice": slice_, "signature": signature, "bucket": "all", "digest": id_}
    return document("", text) | row | others


def planted() -> tuple[list[dict[str, Any]], str]:
    """Forty documents alone; five equal ones; a near pair from a wiki and a hostile web page; two books."""
    choose = random.Random(4)
    rows = [annotated(f"c4/{i:02}", " ".join(prose(choose))) for i in range(40)]
    same = " ".join(prose(choose))
    rows += [annotated(f"github/{i}", same, digest="sha1:same") for i in range(5)]
    words = prose(choose)
    near = changed(words, range(10, 12))
    rows.append(annotated("wikipedia/en/1", " ".join(words)))
    rows.append(annotated(HOSTILE, near))
    book = " ".join(prose(choose))
    rows += [annotated("books/a", book, digest="sha1:book", slice="books")]
    rows += [annotated("c4/book", book, digest="sha1:book")]
    rows += [annotated("c4/short", "two words"), annotated("c4/empty", "")]
    return rows, normalize(" ".join(words)) + "\n" + normalize(near)


@pytest.fixture(scope="module")
def made(
    spark: SparkSession, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, Any], Any, str]:
    """The numbers, the page, and the texts of the near pair."""
    root = tmp_path_factory.mktemp("a root")
    rows, texts = planted()
    fill(spark, root, "annotated", rows, partitions=3)
    given = context(spark, root)
    report.run(given, ReportConfig(root=str(root), output=str(root / "before.html")))
    before = json.loads((root / "before.json").read_text())
    assert before["dedup"] == {"done": False}
    assert "No duplicates have been looked for yet" in (root / "before.html").read_text()
    dedup.run(given, DedupConfig(root=str(root)))
    found = report.run(given, ReportConfig(root=str(root), sample=45))
    assert found == [str(root / "report.html"), str(root / "report.json")]
    page = (root / "report.html").read_text(encoding="utf-8")
    return json.loads((root / "report.json").read_text()), page, texts


def test_removals_are_those_planted(made: tuple[dict[str, Any], Any, str]) -> None:
    numbers = made[0]["dedup"]
    assert numbers["documents"] == 51
    assert numbers["removed"] == {"exact": 5, "near": 1}
    assert numbers["older"] == {}
    assert numbers["sizes"] == [
        {"from": 2, "to": 3, "clusters": 2, "documents": 4},
        {"from": 4, "to": 7, "clusters": 1, "documents": 5},
    ]
    assert [(each["survivor_id"], each["size"]) for each in numbers["largest"]] == [
        ("github/0", 5),
        ("books/a", 2),
        ("wikipedia/en/1", 2),
    ]
    assert numbers["slices"] == [
        {"slice": "c4", "survivor_slice": "books", "documents": 1},
        {"slice": "common_crawl", "survivor_slice": "wikipedia", "documents": 1},
        {"slice": "github", "survivor_slice": "github", "documents": 4},
    ]
    settings = numbers["settings"]
    assert (settings["bands"], settings["rows"]) == optimal_bands(0.8)
    assert (settings["verify"], settings["ngram"], numbers["stale"]) == ("estimate", 5, False)


def test_the_near_pair_is_compared_by_its_texts(made: tuple[dict[str, Any], Any, str]) -> None:
    merges = made[0]["dedup"]["merges"]
    first, second = made[2].split("\n")
    (pair,) = merges["lowest"]
    assert (pair["id"], pair["survivor_id"]) == (HOSTILE, "wikipedia/en/1")
    assert pair["jaccard"] == pytest.approx(jaccard(first, second), abs=1e-6)
    assert (merges["near"], merges["pairs"], merges["unread"], merges["below"]) == (1, 1, 0, 0)
    assert merges["similarities"] == [{"from": 0.95, "to": 1.0, "pairs": 1}]


def test_measured_recall_is_as_expected(made: tuple[dict[str, Any], Any, str]) -> None:
    recall = made[0]["dedup"]["recall"]
    assert recall["documents"] == 45  # long ones go first
    assert recall["stored"] == {"compared": 45, "equal": 45}
    rates = {each["rate"]: each for each in recall["rates"]}
    assert [each["pairs"] for each in rates.values()] == [45] * 6
    assert rates[0.0]["recall"] == rates[0.0]["expected"] == 1
    assert rates[0.3]["recall"] == 0
    # three words of 300 are new: 15 of 296 n-grams, but where they are near each other
    assert rates[0.01]["jaccard"] == pytest.approx(281 / 311, abs=0.01)
    assert 0.5 < rates[0.01]["expected"] < 1
    for each in (recall["all"], recall["above"], *rates.values()):
        # twice the 95 % interval: one sample of 8,000
        assert abs(each["difference"]) <= 2 * each["chance"] + 1e-3, each
    together = [recall["above"]["pairs"] + recall["below"]["pairs"]]
    together.append(sum(each["pairs"] for each in recall["similarities"]))
    assert together == [45 * 6] * 2
    s, shared, found = recall["curve"][80]
    assert (s, shared) == (0.8, pytest.approx(lsh.share_band(0.8, *optimal_bands(0.8)), abs=1e-6))
    assert found == pytest.approx(lsh.found(0.8, *optimal_bands(0.8), 0.8), abs=1e-6)


def test_the_flow_has_the_run_of_dedup(made: tuple[dict[str, Any], Any, str]) -> None:
    (stage,) = made[0]["flow"]["stages"]
    assert (stage["stage"], stage["rows_in"], stage["rows_out"]) == ("dedup", 51, 45)
    assert stage["reasons"] == {"duplicate:exact": 5, "duplicate:near": 1}


def test_the_page_says_the_same_and_no_id_is_markup(
    made: tuple[dict[str, Any], Any, str],
) -> None:
    page = made[1]
    tree = etree.fromstring(page.partition("\n")[2].encode())
    assert not list(tree.iter("script"))
    assert "<script>" not in page
    cells = ["".join(each.itertext()) for each in tree.iter("td", "th")]
    assert HOSTILE in cells
    assert any(
        cell.startswith("redpajama dedup --explain 'common_crawl/<script>") for cell in cells
    )
    assert [each.get("id") for each in tree.iter("section")] == ["flow", "dedup"]
    # every point of the chart is in the table beside it
    points = [each for each in tree.iter("circle") if each.find("title") is not None]
    drawn = [each for each in made[0]["dedup"]["recall"]["similarities"] if each["pairs"] >= 5]
    assert len(points) == len(drawn)


def test_no_duplicates_and_no_signatures(spark: SparkSession, tmp_path: Path) -> None:
    rows = [annotated("c4/a", "some words", signature=None), annotated("c4/b", "", signature=None)]
    fill(spark, tmp_path, "annotated", rows)
    given = context(spark, tmp_path)
    dedup.run(given, DedupConfig(root=str(tmp_path), verify="jaccard"))
    section = dedup_section.section(given, ReportConfig(root=str(tmp_path)))
    assert section.numbers["removed"] == {}
    assert section.numbers["sizes"] == section.numbers["largest"] == section.numbers["slices"] == []
    assert section.numbers["recall"]["all"] == {"pairs": 0, "found": 0}
    assert section.numbers["merges"]["pairs"] == 0
    for words in ("No document has a duplicate", "nothing can be planted", "No near-duplicates to"):
        assert words in section.body
    etree.fromstring(f"<main>{section.body}</main>")
    assert len(SECTIONS) >= 2
