"""`dedup --explain`: the evidence, why the survivor was chosen, and both texts."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession
from rows import context, document, fill, said

from jobs import cli
from jobs.steps.dedup.explain import LISTED, explain
from jobs.tables import runs
from schemas.errors import UserError
from schemas.settings.dedup import DedupConfig
from udfs.near_duplicates import shingles
from udfs.near_duplicates.minhash_fast import signatures
from udfs.near_duplicates.minhash_v2 import similarity

CHOOSE = random.Random(11)
WORDS = [f"word{i}" for i in range(2000)]
PAGE = [CHOOSE.choice(WORDS) for _ in range(300)]


def annotated(id_: str, words: list[str], **others: Any) -> dict[str, Any]:
    text = " ".join(words[:200]) + "\n" + " ".join(words[200:])
    row = document(id_.partition("/")[2], text, bucket="head", language="en", **others)
    return {**row, "id": id_, "slice": id_.partition("/")[0], "signature": signatures([text])[0]}


def edited(position: int, word: str) -> list[str]:
    return [*PAGE[:position], word, *PAGE[position + 1 :]]


def duplicate(row: dict[str, Any], survivor: dict[str, Any], **others: Any) -> dict[str, Any]:
    """A row of duplicates/ as dedup writes it for two rows of annotated/."""
    return {
        "id": row["id"],
        "survivor_id": survivor["id"],
        "cluster_id": "c4/00",
        "kind": "near",
        "similarity": similarity(row["signature"], survivor["signature"]),
        **others,
    }


@pytest.fixture(scope="module")
def root(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Duplicates of a page of Wikipedia, a page without duplicates, and one of an earlier root's page."""
    earlier, own = tmp_path_factory.mktemp("earlier"), tmp_path_factory.mktemp("root")
    words = [CHOOSE.choice(WORDS) for _ in range(300)]
    old = annotated("c4/old", words, perplexity=900.0)
    again = annotated("common_crawl/again", words[:-1], perplexity=10.0)
    page = annotated("wikipedia/en/12", PAGE, perplexity=500.0, date="2020-01-01T00:00:00Z")
    near = annotated("common_crawl/near", edited(50, "\x1b[31mred"), perplexity=100.0)
    same = [annotated(f"c4/{i:02}", PAGE, digest="sha1:SAME") for i in range(LISTED + 2)]
    others = [
        annotated("common_crawl/alone", [CHOOSE.choice(WORDS) for _ in range(300)]),
        annotated("common_crawl/tail", PAGE) | {"bucket": "tail"},
    ]
    fill(spark, earlier, "annotated", [old])
    fill(spark, own, "annotated", [page, near, again, *same, *others], partitions=3)
    config = DedupConfig(
        root=str(own), against=(str(earlier),), buckets=("head",), slice_priority=("wikipedia",)
    )
    with runs.record(context(spark, own), "dedup", config, {}) as record:
        rows = [duplicate(row, page) for row in (near, *same)]
        rows.append(duplicate(again, old, cluster_id="c4/old", survivor_root=str(earlier)))
        fill(spark, own, "duplicates", rows, run=record.run)
        copies = {
            "id": near["id"],
            "cluster_id": "c4/00",
            "exact": 0,
            "near": LISTED + 3,
            "slices": ["c4", "common_crawl", "wikipedia"],
            "first_date": page["date"],
            "last_date": page["date"],
        }
        fill(spark, own, "copies", [copies], run=record.run)
    return own


def explained(spark: SparkSession, root: Path, *ids: str) -> list[str]:
    job = context(spark, root)
    lines = explain(job, DedupConfig(root=str(root), explain=ids))
    assert said(job) == "".join(f"{line}\n" for line in lines)
    return lines


def test_a_duplicate_is_shown_beside_its_survivor(spark: SparkSession, root: Path) -> None:
    lines = explained(spark, root, "common_crawl/near")
    text = "\n".join(lines)
    assert lines[0] == "common_crawl/near is a near-duplicate of wikipedia/en/12"
    assert "chosen by     slice: wikipedia is preferred to common_crawl" in lines
    assert f"cluster       c4/00, {LISTED + 4} documents" in lines
    assert f"0 exact and {LISTED + 3} near, in c4, common_crawl, wikipedia" in text
    text_near, text_page = (" ".join(words) for words in (edited(50, "31mred"), PAGE))
    jaccard = shingles.jaccard(text_near, text_page, 5)
    assert f"Jaccard       {jaccard:.4f}: 291 of 301 different n-grams of 5 words" in text
    assert "date" in text
    assert "2020-01-01T00:00:00Z" in text
    assert "[-␛[31mred-]" in text
    assert f"{{+{PAGE[50]}+}}" in text
    assert "\x1b" not in text


def test_a_survivor_lists_its_duplicates(spark: SparkSession, root: Path) -> None:
    lines = explained(spark, root, "wikipedia/en/12")
    count = LISTED + 3
    assert lines[0] == f"wikipedia/en/12 is the survivor of {count} duplicates ({count} near)"
    assert lines[1].split() == ["near", "1.0000", "c4/00"]
    assert lines[LISTED + 1] == "  and 3 more"


def test_documents_without_duplicates(spark: SparkSession, root: Path) -> None:
    lines = explained(spark, root, "common_crawl/alone", "common_crawl/tail")
    assert lines == [
        "common_crawl/alone is in no cluster: it has no duplicates",
        "",
        "common_crawl/tail was not compared: its bucket is tail, and dedup ran with --buckets head",
        "",
    ]


def test_the_survivor_may_be_in_an_earlier_root(spark: SparkSession, root: Path) -> None:
    lines = explained(spark, root, "common_crawl/again")
    earlier = runs.all_records(str(root))[0].config["against"][0]
    assert lines[0] == f"common_crawl/again is a near-duplicate of c4/old (of {earlier})"
    assert f"chosen by     root: {earlier} is preferred to this root" in lines
    assert any(
        " | " in line and "{+" in line for line in lines
    )  # its text is that of the earlier root


def test_an_unknown_id_is_one_line(spark: SparkSession, root: Path) -> None:
    with pytest.raises(UserError) as raised:
        explained(spark, root, "en/12", "nothing\n")
    message = str(raised.value)
    assert "no document en/12 nothing␊ in annotated/" in message
    assert "did you mean wikipedia/en/12?" in message
    assert "\n" not in message


def test_a_missing_text_is_reported(spark: SparkSession, root: Path, tmp_path: Path) -> None:
    rows = [
        {
            "id": "c4/a",
            "survivor_id": "c4/b",
            "cluster_id": "c4/a",
            "kind": "exact",
            "similarity": 1.0,
        }
    ]
    fill(spark, tmp_path, "duplicates", rows)
    fill(spark, tmp_path, "annotated", [annotated("c4/a", ["kept"])])
    text = "\n".join(explained(spark, tmp_path, "c4/a"))
    assert f"no text       c4/b is no longer in annotated/ of {tmp_path}" in text
    assert "[-kept-]" in text


def test_explain_does_not_change_the_digest() -> None:
    plain, explaining = DedupConfig(root="r"), DedupConfig(root="r", explain=("c4/a",))
    assert runs.digest(plain, {}) == runs.digest(explaining, {})
    assert runs.digest(plain, {}) != runs.digest(DedupConfig(root="r", threshold=0.9), {})


def test_explain_before_dedup_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["dedup", "--root", str(tmp_path), "--explain", "c4/a", "c4/b"]) == 2
    error = capsys.readouterr().err
    assert error == (
        f"redpajama dedup: {tmp_path} has no table duplicates yet: run `redpajama dedup` first\n"
    )


def test_a_file_for_a_whole_run_cannot_have_explain(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "run.yaml"
    file.write_text("ingest: {slice: c4, input: x}\nmix: {tokens: 5}\ndedup: {explain: [c4/a]}")
    assert cli.main(["run", "--config", str(file), "--root", str(tmp_path / "root")]) == 2
    error = capsys.readouterr().err
    assert "dedup: explain is for `redpajama dedup` by itself" in error
    assert error.count("\n") == 1
