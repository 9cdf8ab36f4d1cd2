"""The report of a small root: its numbers equal the planted ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import browser
import pyarrow as pa
import pytest
from lxml import etree
from pyspark.sql import SparkSession
from report_rows import CONTAMINATED, HOSTILE, QUIZ, annotated, documents, duplicates, near_pair
from rows import context, fill

from jobs import report
from jobs.steps.dedup.bands import bands_of
from jobs.steps.report import dedup as dedup_section
from jobs.tables import rows_by_id, runs
from schemas.settings.decontaminate import DecontaminateConfig
from schemas.settings.dedup import DedupConfig
from schemas.settings.report import ReportConfig
from udfs.near_duplicates import lsh_recall
from udfs.near_duplicates.shingles import jaccard
from udfs.quality_signals.vocabulary import normalize

_BANDS = bands_of(DedupConfig(root=""))

Report = tuple[dict[str, Any], str, Path]


@pytest.fixture(scope="module")
def made(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The numbers and the page of a report, and its root."""
    root = tmp_path_factory.mktemp("a root")
    old = str(tmp_path_factory.mktemp("old"))
    fill(spark, root, "annotated", documents(), partitions=3)
    fill(spark, old, "annotated", [annotated("c4/older", "no word of it is alike at all")])
    job = context(spark, root)
    report.run(job, ReportConfig(root=str(root), output=str(root / "before.html")))
    before = json.loads((root / "before.json").read_text())
    assert before["dedup"] == {"done": False}
    assert before["contamination"] == {"done": False}
    assert "run <code>redpajama dedup</code>" in (root / "before.html").read_text()
    oversized = [{"cluster_id": "github/0", "documents": 9, "kept": 5}]
    config = DedupConfig(root=str(root), against=(old,), max_cluster=8)
    with runs.record(job, "dedup", config, {"annotated": "first"}) as run:
        fill(spark, root, "duplicates", duplicates(old), run=run.run)
        run.rows_in, run.rows_out, run.details = 51, 42, {"oversized": oversized}
        run.reasons = {"duplicate:exact": 5, "duplicate:near": 3, "taken-down": 1}
    sets = DecontaminateConfig(root=str(root), evaluations=("quiz.jsonl",))
    with runs.record(job, "decontaminate", sets, {"annotated": "first"}) as run:
        fill(spark, root, "contamination", CONTAMINATED, run=run.run)
        run.rows_in, run.rows_out = 51, 11
        run.details = {"evaluations": {"quiz": QUIZ}}
    written = report.run(job, ReportConfig(root=str(root), sample=45))
    assert written == [str(root / "report.html"), str(root / "report.json")]
    page = (root / "report.html").read_text(encoding="utf-8")
    return json.loads((root / "report.json").read_text()), page, root


def test_removals_are_the_planted_ones(made: Report) -> None:
    numbers = made[0]["dedup"]
    assert (numbers["documents"], numbers["left"]) == (51, 42)
    assert numbers["others"] == {"taken-down": 1}
    assert numbers["removed"] == {"exact": 5, "near": 3}
    assert numbers["older"] == {"near": 1}
    assert numbers["sizes"] == [
        {"from": 2, "to": 3, "clusters": 5, "documents": 10},
        {"from": 4, "to": 7, "clusters": 1, "documents": 5},
    ]
    assert [(cluster["survivor_id"], cluster["size"]) for cluster in numbers["largest"]] == [
        ("github/0", 5),
        ("books/a", 2),
        ("c4/older", 2),
        ("c4/lost", 2),
        ("c4/02", 2),
        ("wikipedia/en/1", 2),
    ]
    assert numbers["slices"] == [
        {"slice": "c4", "survivor_slice": "books", "documents": 1},
        {"slice": "c4", "survivor_slice": "c4", "documents": 2},
        {"slice": "common_crawl", "survivor_slice": "wikipedia", "documents": 1},
        {"slice": "github", "survivor_slice": "github", "documents": 4},
    ]
    settings = numbers["settings"]
    assert (settings["bands"], settings["rows"]) == _BANDS
    assert (settings["verify"], settings["ngram"], numbers["stale"]) == ("estimate", 5, False)


def test_near_pairs_are_compared_by_their_texts(made: Report) -> None:
    merges = made[0]["dedup"]["merges"]
    first, second = map(normalize, near_pair())
    far, near = merges["lowest"]
    assert (far["id"], far["survivor_id"], far["jaccard"]) == ("c4/00", "c4/older", 0)
    assert (near["id"], near["survivor_id"]) == (HOSTILE, "wikipedia/en/1")
    assert near["jaccard"] == pytest.approx(jaccard(first, second), abs=1e-6)
    # the survivor of one of three pairs cannot be read
    assert (merges["near"], merges["pairs"], merges["unread"]) == (3, 2, 1)
    assert (merges["below"], merges["far_below"]) == (1, 1)
    error = (0.9 + abs(near["similarity"] - near["jaccard"])) / 2
    assert merges["estimate_error"] == pytest.approx(error, abs=1e-6)
    assert merges["similarities"] == [
        {"from": 0.0, "to": 0.05, "pairs": 1},
        {"from": 0.95, "to": 1.0, "pairs": 1},
    ]


def test_measured_recall_is_as_expected(made: Report) -> None:
    recall = made[0]["dedup"]["recall"]
    assert recall["documents"] == 45  # the long ones
    assert recall["stored"] == {"compared": 45, "equal": 45}
    rates = {counts["rate"]: counts for counts in recall["rates"]}
    assert [counts["pairs"] for counts in rates.values()] == [45] * 6
    assert rates[0.0]["recall"] == rates[0.0]["expected"] == 1
    assert rates[0.3]["recall"] == 0
    # three of 300 words are new: up to 15 of 296 n-grams
    assert rates[0.01]["jaccard"] == pytest.approx(281 / 311, abs=0.01)
    assert 0.5 < rates[0.01]["expected"] < 1
    for counts in (recall["all"], recall["above"], *rates.values()):
        # twice the 95 % interval, which one of 16,000 samples exceeds
        assert abs(counts["difference"]) <= 2 * counts["chance"] + 1e-3, counts
    assert recall["above"]["pairs"] + recall["below"]["pairs"] == 45 * 6
    assert sum(counts["pairs"] for counts in recall["similarities"]) == 45 * 6
    s, shared, found = recall["curve"][80]
    assert (s, shared) == (0.8, pytest.approx(lsh_recall.share_band(0.8, *_BANDS), abs=1e-6))
    assert found == pytest.approx(lsh_recall.found(0.8, *_BANDS, 0.8), abs=1e-6)


def test_contamination_is_reported_by_evaluation_and_slice(made: Report) -> None:
    numbers = made[0]["contamination"]
    assert (numbers["documents"], numbers["contaminated"], numbers["stale"]) == (51, 11, False)
    assert numbers["evaluations"] == {"quiz": QUIZ}
    assert numbers["slices"] == {"c4": 9, "common_crawl": 1, "github": 2}
    assert [(row["item"], row["id"]) for row in numbers["named"]] == [
        ("1", id_) for id_ in [*(f"c4/{i:02}" for i in range(9)), HOSTILE]
    ]
    assert "<b>words" not in made[1]
    assert "25.0\xa0%" in made[1]  # 2 of the 8 items that are long enough


def test_the_flow_has_the_stages_of_documents(made: Report) -> None:
    (stage,) = made[0]["flow"]["stages"]
    assert (stage["stage"], stage["rows_in"], stage["rows_out"]) == ("dedup", 51, 42)
    assert stage["reasons"] == {"duplicate:exact": 5, "duplicate:near": 3, "taken-down": 1}


def test_the_page_has_the_same_numbers_and_ids_as_text(made: Report) -> None:
    page = made[1]
    tree = etree.fromstring(page.partition("\n")[2].encode())
    assert not list(tree.iter("script"))
    assert "<script>" not in page
    cells = ["".join(map(str, cell.itertext())) for cell in tree.iter("td", "th")]
    assert HOSTILE in cells
    assert any(
        cell.startswith("redpajama dedup --explain 'common_crawl/<script>") for cell in cells
    )
    paragraphs = ["".join(map(str, paragraph.itertext())) for paragraph in tree.iter("p")]
    assert [section.get("id") for section in tree.iter("section")] == [
        "summary",
        "flow",
        "composition",
        "mixture",
        "signals",
        "dedup",
        "contamination",
        "losses",
        "samples",
        "resources",
    ]
    assert "The texts of 1 more pairs could not be read." in paragraphs
    assert ["github/0", "9", "5", "4"] in [
        ["".join(map(str, cell.itertext())) for cell in row] for row in tree.iter("tr")
    ]
    # every point of the chart is in the table beside it
    points = [circle for circle in tree.iter("circle") if circle.find("title") is not None]
    similarities = made[0]["dedup"]["recall"]["similarities"]
    drawn = [counts for counts in similarities if counts["pairs"] >= 5]
    assert len(points) == len(drawn)


def test_no_duplicates_and_no_signatures(spark: SparkSession, tmp_path: Path) -> None:
    rows = [annotated("c4/a", "some words", signature=None), annotated("c4/b", "", signature=None)]
    fill(spark, tmp_path, "annotated", rows)
    job = context(spark, tmp_path)
    with runs.record(job, "dedup", DedupConfig(root=str(tmp_path), verify="jaccard"), {}) as run:
        fill(spark, tmp_path, "duplicates", [], run=run.run)
    section = dedup_section.section(job, ReportConfig(root=str(tmp_path)))
    assert section.numbers["removed"] == {}
    assert section.numbers["stale"]
    assert section.numbers["sizes"] == section.numbers["largest"] == section.numbers["slices"] == []
    assert section.numbers["recall"]["all"] == {"pairs": 0, "found": 0}
    assert section.numbers["merges"]["pairs"] == 0
    for words in ("No document has a duplicate", "can be planted", "No near-duplicates to"):
        assert words in section.body
    etree.fromstring(f"<main>{section.body}</main>")


def test_rows_of_a_few_ids_are_read_from_their_files_alone(
    spark: SparkSession, made: Report
) -> None:
    root = made[2]
    assert made[0]["root"] == root.name
    wanted = pa.table({"id": [HOSTILE, "c4/none"], "n": [7, 8]})
    annotated = context(spark, root).table("annotated")
    rows = rows_by_id.joined(annotated, wanted, ("text", "length"))
    ((id_, text, length, n),) = [
        (row["id"], row["text"], row["length"], row["n"]) for row in rows.collect()
    ]
    assert (id_, normalize(text), length, n) == (HOSTILE, normalize(near_pair()[1]), len(text), 7)
    # files of several partitions may have the same name
    opened = {name.rpartition("/")[2] for name in rows.inputFiles()}
    assert len(opened) == 1
    files = annotated.required().files
    assert len({file.path.rpartition("/")[2] for file in files}) == 3


def test_the_page_in_a_browser(made: Report) -> None:
    browser.check_file(made[2] / "report.html")
