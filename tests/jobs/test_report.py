"""The report of a small root: its numbers are those that were planted."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from lxml import etree
from pyspark.sql import SparkSession
from rows import context, document, fill

from jobs import report
from jobs.runtime.context import Context
from jobs.steps.dedup.pipeline import bands_of
from jobs.steps.report import dedup as dedup_section
from jobs.tables import manifest, rows_by_id, runs
from schemas.settings.decontaminate import DecontaminateConfig
from schemas.settings.dedup import DedupConfig
from schemas.settings.report import ReportConfig
from udfs.near_duplicates import lsh_recall, minhash_fast
from udfs.near_duplicates.minhash_v2 import similarity
from udfs.near_duplicates.shingles import jaccard
from udfs.quality_signals.vocabulary import normalize

HOSTILE = "common_crawl/<script>alert(1)</script>' \"&"
WORDS = [f"word{i}" for i in range(4000)]
_BANDS = bands_of(DedupConfig(root=""))


def prose(choose: random.Random, n: int = 300) -> list[str]:
    return [choose.choice(WORDS) for _ in range(n)]


def changed(words: list[str], places: range) -> str:
    return " ".join("new" if i in places else word for i, word in enumerate(words))


def sign(text: str) -> bytes | None:
    (signature,) = minhash_fast.signatures([text])
    return signature


def annotated(id_: str, text: str, **others: Any) -> dict[str, Any]:
    slice_ = id_.partition("/")[0]
    row = {"id": id_, "slice": slice_, "signature": sign(text), "bucket": "all", "digest": id_}
    return document("", text) | row | others


def near_pair() -> tuple[str, str]:
    """A text, and one with two words of 300 changed."""
    words = prose(random.Random(9))
    return " ".join(words), changed(words, range(10, 12))


def documents() -> list[dict[str, Any]]:
    """Forty alone; five equal ones; near ones of a wiki and a hostile web page; a book twice."""
    choose = random.Random(4)
    rows = [annotated(f"c4/{i:02}", " ".join(prose(choose))) for i in range(40)]
    same, book = " ".join(prose(choose)), " ".join(prose(choose))
    rows += [annotated(f"github/{i}", same) for i in range(5)]
    first, second = near_pair()
    rows += [annotated("wikipedia/en/1", first), annotated(HOSTILE, second)]
    rows += [annotated("books/a", book), annotated("c4/book", book)]
    return [*rows, annotated("c4/short", "two words"), annotated("c4/empty", "")]


def gone(id_: str, survivor: str, kind: str, **others: Any) -> dict[str, Any]:
    row = {"id": id_, "survivor_id": survivor, "cluster_id": min(id_, survivor), "kind": kind}
    return {**row, "similarity": 1.0, **others}


def duplicates(old: str) -> list[dict[str, Any]]:
    """Those of the documents; two that older roots stand for, one of which is no more; an older one."""
    first, second = near_pair()
    signatures = sign(first), sign(second)
    assert signatures[0]
    assert signatures[1]
    estimate = similarity(signatures[0], signatures[1])
    return [
        *(gone(f"github/{i}", "github/0", "exact", cluster_id="github/0") for i in range(1, 5)),
        gone(HOSTILE, "wikipedia/en/1", "near", similarity=estimate),
        gone("c4/book", "books/a", "exact"),
        gone("c4/00", "c4/older", "near", similarity=0.9, survivor_root=old),
        gone("c4/01", "c4/lost", "near", similarity=0.8, survivor_root=old + "-lost"),
        gone("c4/late", "c4/02", "near", root=old),
    ]


QUIZ = {"items": 9, "found": 2, "documents": 11, "too_short": 1, "bad": 0}
CONTAMINATED = [
    {"id": id_, "evaluation": "quiz", "item": item, "ngram": "<b>words</b>"}
    for item in ("1", "2")
    for id_ in [HOSTILE, *(f"c4/{i:02}" for i in range(9)), f"github/{item}"]
]


Made = tuple[dict[str, Any], str]


@pytest.fixture(scope="module")
def made(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The numbers and the page."""
    root = tmp_path_factory.mktemp("a root")
    old = str(tmp_path_factory.mktemp("old"))
    fill(spark, root, "annotated", documents(), partitions=3)
    fill(spark, old, "annotated", [annotated("c4/older", "no word of it is alike at all")])
    given = context(spark, root)
    report.run(given, ReportConfig(root=str(root), output=str(root / "before.html")))
    before = json.loads((root / "before.json").read_text())
    assert before["dedup"] == {"done": False}
    assert before["contamination"] == {"done": False}
    assert "No duplicates have been looked for yet" in (root / "before.html").read_text()
    told = [{"cluster_id": "github/0", "documents": 9, "kept": 5}]
    config = DedupConfig(root=str(root), against=(old,), max_cluster=8)
    with runs.record(given, "dedup", config, {"annotated": "first"}) as run:
        fill(spark, root, "duplicates", duplicates(old), run=run.run)
        run.rows_in, run.rows_out, run.details = 51, 42, {"oversized": told}
        run.reasons = {"duplicate:exact": 5, "duplicate:near": 3, "taken-down": 1}
    sets = DecontaminateConfig(root=str(root), evaluations=("quiz.jsonl",))
    with runs.record(given, "decontaminate", sets, {"annotated": "first"}) as run:
        fill(spark, root, "contamination", CONTAMINATED, run=run.run)
        run.rows_in, run.rows_out = 51, 11
        run.details = {"evaluations": {"quiz": QUIZ}}
    found = report.run(given, ReportConfig(root=str(root), sample=45))
    assert found == [str(root / "report.html"), str(root / "report.json")]
    page = (root / "report.html").read_text(encoding="utf-8")
    return json.loads((root / "report.json").read_text()), page


def test_removals_are_those_planted(made: Made) -> None:
    numbers = made[0]["dedup"]
    assert (numbers["documents"], numbers["left"]) == (51, 42)
    assert numbers["others"] == {"taken-down": 1}
    assert numbers["removed"] == {"exact": 5, "near": 3}
    assert numbers["older"] == {"near": 1}
    assert numbers["sizes"] == [
        {"from": 2, "to": 3, "clusters": 5, "documents": 10},
        {"from": 4, "to": 7, "clusters": 1, "documents": 5},
    ]
    assert [(each["survivor_id"], each["size"]) for each in numbers["largest"]] == [
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


def test_near_pairs_are_compared_by_their_texts(made: Made) -> None:
    merges = made[0]["dedup"]["merges"]
    first, second = map(normalize, near_pair())
    far, near = merges["lowest"]
    assert (far["id"], far["survivor_id"], far["jaccard"]) == ("c4/00", "c4/older", 0)
    assert (near["id"], near["survivor_id"]) == (HOSTILE, "wikipedia/en/1")
    assert near["jaccard"] == pytest.approx(jaccard(first, second), abs=1e-6)
    # of three the survivor of one is no more to be read
    assert (merges["near"], merges["pairs"], merges["unread"]) == (3, 2, 1)
    assert (merges["below"], merges["far_below"]) == (1, 1)
    error = (0.9 + abs(near["similarity"] - near["jaccard"])) / 2
    assert merges["estimate_error"] == pytest.approx(error, abs=1e-6)
    assert merges["similarities"] == [
        {"from": 0.0, "to": 0.05, "pairs": 1},
        {"from": 0.95, "to": 1.0, "pairs": 1},
    ]


def test_measured_recall_is_as_expected(made: Made) -> None:
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
    assert (s, shared) == (0.8, pytest.approx(lsh_recall.share_band(0.8, *_BANDS), abs=1e-6))
    assert found == pytest.approx(lsh_recall.found(0.8, *_BANDS, 0.8), abs=1e-6)


def test_contamination_is_told_by_evaluation_and_slice(made: Made) -> None:
    numbers = made[0]["contamination"]
    assert (numbers["documents"], numbers["contaminated"], numbers["stale"]) == (51, 11, False)
    assert numbers["evaluations"] == {"quiz": QUIZ}
    assert numbers["slices"] == {"c4": 9, "common_crawl": 1, "github": 2}
    assert [(each["item"], each["id"]) for each in numbers["named"]] == [
        ("1", id_) for id_ in [*(f"c4/{i:02}" for i in range(9)), HOSTILE]
    ]
    assert "<b>words" not in made[1]
    assert "25.0 %" in made[1]  # 2 of the 8 items that were looked for


def test_the_flow_has_what_documents_went_through(made: Made) -> None:
    (stage,) = made[0]["flow"]["stages"]
    assert (stage["stage"], stage["rows_in"], stage["rows_out"]) == ("dedup", 51, 42)
    assert stage["reasons"] == {"duplicate:exact": 5, "duplicate:near": 3, "taken-down": 1}


def test_the_page_says_the_same_and_no_id_is_markup(
    made: Made,
) -> None:
    page = made[1]
    tree = etree.fromstring(page.partition("\n")[2].encode())
    assert not list(tree.iter("script"))
    assert "<script>" not in page
    cells = ["".join(map(str, each.itertext())) for each in tree.iter("td", "th")]
    assert HOSTILE in cells
    assert any(
        cell.startswith("redpajama dedup --explain 'common_crawl/<script>") for cell in cells
    )
    told = ["".join(map(str, each.itertext())) for each in tree.iter("p")]
    assert [each.get("id") for each in tree.iter("section")] == [
        "flow",
        "dedup",
        "contamination",
        "mixture",
    ]
    assert any(cell.startswith("1 more could not be read") for cell in told)
    assert ["github/0", "9", "5", "4"] in [
        ["".join(map(str, each.itertext())) for each in row] for row in tree.iter("tr")
    ]
    # every point of the chart is in the table beside it
    points = [each for each in tree.iter("circle") if each.find("title") is not None]
    drawn = [each for each in made[0]["dedup"]["recall"]["similarities"] if each["pairs"] >= 5]
    assert len(points) == len(drawn)


def test_no_duplicates_and_no_signatures(spark: SparkSession, tmp_path: Path) -> None:
    rows = [annotated("c4/a", "some words", signature=None), annotated("c4/b", "", signature=None)]
    fill(spark, tmp_path, "annotated", rows)
    given = context(spark, tmp_path)
    with runs.record(given, "dedup", DedupConfig(root=str(tmp_path), verify="jaccard"), {}) as run:
        fill(spark, tmp_path, "duplicates", [], run=run.run)
    section = dedup_section.section(given, ReportConfig(root=str(tmp_path)))
    assert section.numbers["removed"] == {}
    assert section.numbers["stale"]
    assert section.numbers["sizes"] == section.numbers["largest"] == section.numbers["slices"] == []
    assert section.numbers["recall"]["all"] == {"pairs": 0, "found": 0}
    assert section.numbers["merges"]["pairs"] == 0
    for words in ("No document has a duplicate", "nothing can be planted", "No near-duplicates to"):
        assert words in section.body
    etree.fromstring(f"<main>{section.body}</main>")


def test_texts_of_a_few_are_read_from_their_files(spark: SparkSession, made: Made) -> None:
    root = made[0]["root"]
    wanted = pa.table({"id": [HOSTILE, "c4/none"], "n": [7, 8]})
    rows = rows_by_id.joined(Context(root, spark).table("annotated"), wanted, ("text", "length"))
    ((id_, text, length, n),) = [
        (row["id"], row["text"], row["length"], row["n"]) for row in rows.collect()
    ]
    assert (id_, normalize(text), length, n) == (HOSTILE, normalize(near_pair()[1]), len(text), 7)
    # tasks call their files the same in all partitions
    opened = {name.rpartition("/")[2] for name in rows.inputFiles()}
    found = manifest.current(root, "annotated")
    assert found is not None
    assert len(opened) == 1
    assert len({file.path.rpartition("/")[2] for file in found.files}) == 3
