"""`dedup --explain`: a person sees what is alike, why one stays, and both texts."""

from __future__ import annotations

import random
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyspark.sql import SparkSession
from rows import context, document, fill, said

from jobs import cli
from jobs.steps.dedup import survivor_reason, survivors
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


def edited(place: int, word: str) -> list[str]:
    return [*PAGE[:place], word, *PAGE[place + 1 :]]


def duplicate(row: dict[str, Any], survivor: dict[str, Any], **others: Any) -> dict[str, Any]:
    """A row of duplicates/ as dedup makes it of two rows of annotated/."""
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
    """Pages that are like one of Wikipedia's, one that is like none, one like an older root's."""
    older, here = tmp_path_factory.mktemp("older"), tmp_path_factory.mktemp("root")
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
    fill(spark, older, "annotated", [old])
    fill(spark, here, "annotated", [page, near, again, *same, *others], partitions=3)
    config = DedupConfig(
        root=str(here), against=(str(older),), buckets=("head",), slice_priority=("wikipedia",)
    )
    with runs.record(context(spark, here), "dedup", config, {}) as record:
        gone = [duplicate(row, page) for row in (near, *same)]
        gone.append(duplicate(again, old, cluster_id="c4/old", survivor_root=str(older)))
        fill(spark, here, "duplicates", gone, run=record.run)
        copies = {
            "id": near["id"],
            "cluster_id": "c4/00",
            "exact": 0,
            "near": LISTED + 3,
            "slices": ["c4", "common_crawl", "wikipedia"],
            "first_date": page["date"],
            "last_date": page["date"],
        }
        fill(spark, here, "copies", [copies], run=record.run)
    return here


def explained(spark: SparkSession, root: Path, *ids: str) -> list[str]:
    given_ = context(spark, root)
    lines = explain(given_, DedupConfig(root=str(root), explain=ids))
    assert said(given_) == "".join(f"{line}\n" for line in lines)
    return lines


def test_a_duplicate_is_shown_beside_what_stays(spark: SparkSession, root: Path) -> None:
    lines = explained(spark, root, "common_crawl/near")
    text = "\n".join(lines)
    assert lines[0] == "common_crawl/near is a near-duplicate of wikipedia/en/12"
    assert "why it stays  slice wikipedia goes before common_crawl" in lines
    assert f"cluster       c4/00, {LISTED + 4} documents" in lines
    assert f"0 exact and {LISTED + 3} near, in c4, common_crawl, wikipedia" in text
    ours, theirs = (" ".join(words) for words in (edited(50, "31mred"), PAGE))
    true = shingles.jaccard(ours, theirs, 5)
    assert f"Jaccard       {true:.4f}: 291 of 301 different n-grams of 5 words" in text
    assert "date" in text
    assert "2020-01-01T00:00:00Z" in text
    assert "[-␛[31mred-]" in text
    assert f"{{+{PAGE[50]}+}}" in text
    assert "\x1b" not in text


def test_a_survivor_tells_what_it_stands_for(spark: SparkSession, root: Path) -> None:
    lines = explained(spark, root, "wikipedia/en/12")
    assert (
        lines[0] == f"wikipedia/en/12 stays, and stands for {LISTED + 3} others ({LISTED + 3} near)"
    )
    assert lines[1].split() == ["near", "1.0000", "c4/00"]
    assert lines[LISTED + 1] == "  and 3 more"


def test_what_has_no_duplicate_is_said_to_have_none(spark: SparkSession, root: Path) -> None:
    lines = explained(spark, root, "common_crawl/alone", "common_crawl/tail")
    assert lines == [
        "common_crawl/alone is in no cluster: nothing like it was found",
        "",
        "common_crawl/tail took no part: its bucket is tail, and dedup ran with --buckets head",
        "",
    ]


def test_the_survivor_may_be_in_an_older_root(spark: SparkSession, root: Path) -> None:
    lines = explained(spark, root, "common_crawl/again")
    older = runs.all_records(str(root))[0].config["against"][0]
    assert lines[0] == f"common_crawl/again is a near-duplicate of c4/old (of {older})"
    assert f"why it stays  the older root {older} goes before this root" in lines
    assert any(" | " in line and "{+" in line for line in lines)  # its text was read there


def test_an_unknown_id_is_one_line(spark: SparkSession, root: Path) -> None:
    with pytest.raises(UserError) as raised:
        explained(spark, root, "en/12", "nothing\n")
    message = str(raised.value)
    assert "no document en/12 nothing␊ in annotated/" in message
    assert "did you mean wikipedia/en/12?" in message
    assert "\n" not in message


def test_a_text_that_is_gone_is_said_to_be(spark: SparkSession, root: Path, tmp_path: Path) -> None:
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
    assert f"no text       c4/b is not in annotated/ of {tmp_path} any more" in text
    assert "[-kept-]" in text


def test_to_explain_is_no_setting_of_what_is_made() -> None:
    plain, asked = DedupConfig(root="r"), DedupConfig(root="r", explain=("c4/a",))
    assert runs.digest(plain, {}) == runs.digest(asked, {})
    assert runs.digest(plain, {}) != runs.digest(DedupConfig(root="r", threshold=0.9), {})


SNAPSHOTS = (None, "2022", "2023-06", "2023-14")
DOCUMENT = st.fixed_dictionaries(
    {
        "root": st.sampled_from([None, "/a", "/b"]),
        "slice": st.sampled_from(["c4", "books", "wikipedia", None]),
        "snapshot": st.sampled_from(SNAPSHOTS),
        "bucket": st.sampled_from(["head", "middle", "tail", "all", None]),
        "perplexity": st.sampled_from([None, 100.0, 200.0]),
        "length": st.sampled_from([10, 20]),
        "id": st.sampled_from(["c4/a", "c4/b", "c4/\U0001f600", "c4/\uffee"]),
    }
)


@given(DOCUMENT, DOCUMENT)
def test_one_of_two_documents_goes_first(one: dict[str, Any], other: dict[str, Any]) -> None:
    config = DedupConfig(root="r", against=("/a", "/b"), prefer_snapshot="newest")
    found, turned = (
        survivor_reason.reason(one, other, config),
        survivor_reason.reason(other, one, config),
    )
    assert found.said == turned.said
    assert (found.first, turned.first) == (
        (True, True) if one == other else (found.first, not found.first)
    )


@pytest.mark.parametrize("prefer", ["none", "newest", "oldest"])
def test_the_order_is_that_of_spark(spark: SparkSession, prefer: Any) -> None:
    choose = random.Random(prefer)
    every = list(
        product(
            (None, "/a", "/b"),
            ("c4", "books", "wikipedia", None),
            SNAPSHOTS,
            ("head", "middle", "tail", "all", None),
            (None, 100.0, 200.0),
            (10, 20),
            ("c4/a", "c4/b", "c4/\U0001f600", "c4/\uffee"),
        )
    )
    rows = choose.sample(every, 60)
    config = DedupConfig(
        root="r",
        against=("/a", "/b"),
        prefer_snapshot=prefer,
        slice_priority=("wikipedia", "books"),
    )
    order = sorted((name for name in SNAPSHOTS if name), reverse=prefer == "newest")
    rules = survivors.Rules(config.slice_priority, 0.8, 5, [] if prefer == "none" else order)
    places = [
        len(config.against) if row[0] is None else config.against.index(row[0]) for row in rows
    ]
    schema = (
        "root string, slice string, snapshot string, bucket string, perplexity double, length int, "
        "id string, place int, node long"
    )
    frame = spark.createDataFrame(
        [(*row, place, 0) for row, place in zip(rows, places, strict=True)], schema
    )
    ranked = [row.asDict() for row in frame.orderBy(rules.rank()).collect()]
    for one, other in pairwise(ranked):
        assert survivor_reason.reason(one, other, config).first


def test_before_dedup_there_is_nothing_to_explain(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["dedup", "--root", str(tmp_path), "--explain", "c4/a", "c4/b"]) == 2
    said_ = capsys.readouterr().err
    assert said_ == (
        f"redpajama dedup: {tmp_path} has no table duplicates yet: run `redpajama dedup` first\n"
    )


def test_a_file_for_a_whole_run_cannot_ask_to_explain(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "run.yaml"
    file.write_text("ingest: {slice: c4, input: x}\nmix: {tokens: 5}\ndedup: {explain: [c4/a]}")
    assert cli.main(["run", "--config", str(file), "--root", str(tmp_path / "root")]) == 2
    error = capsys.readouterr().err
    assert "dedup: explain is for `redpajama dedup` by itself" in error
    assert error.count("\n") == 1
