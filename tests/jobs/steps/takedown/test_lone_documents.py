"""A document that is the last of its cluster is not deduplicated again."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from families import annotated, edited, prose, signed
from plain_roots import context, fill, rows_of
from pyspark.sql import SparkSession
from rows import document
from takedown_roots import contents, grow, take

from jobs import cli, storage
from jobs.runtime.context import Context
from jobs.steps.dedup import pipeline
from jobs.tables import stored_json
from schemas.settings.takedown import TakedownConfig


def id_of(name: str) -> str:
    return f"common_crawl/{name}"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A root with the clusters a1 a2 a3 and b1 b2, whose first documents are the survivors."""
    clusters = {"a1": ["a2", "a3"], "b1": ["b2"]}
    names = ("a1", "a2", "a3", "b1", "b2", "c")
    rows = [
        document(name, f"text {name}", bucket="head", url=f"http://{name}.example/")
        for name in names
    ]
    pairs = [(dropped, survivor) for survivor, others in clusters.items() for dropped in others]
    inputs = {"annotated": "first"}
    fill(tmp_path, "annotated", rows)
    duplicates = [
        {"id": id_of(dropped), "survivor_id": id_of(kept), "cluster_id": kept, "kind": "exact"}
        for dropped, kept in pairs
    ]
    fill(tmp_path, "duplicates", duplicates, run="dedup", inputs=[inputs])
    copies = [
        {"id": id_of(name), "cluster_id": kept, "exact": len(others), "near": 0}
        for kept, others in clusters.items()
        for name in (kept, *others)
    ]
    fill(tmp_path, "copies", copies, run="dedup", inputs=[inputs])
    kept = [
        {**row, "copies": {"exact": 2, "near": 0}, "token_count": 3}
        for row in rows
        if row["id"] in map(id_of, ("a1", "b1", "c"))
    ]
    inputs = {"annotated": "first", "duplicates": "dedup"}
    fill(tmp_path, "corpus", kept, run="curate", inputs=[inputs])
    for run in ("dedup", "curate"):
        about = {"run": run, "job": run, "status": "done", "inputs": inputs}
        record = stored_json.dumps({**about, "config": {}})
        storage.write_bytes(f"{tmp_path}/_runs/{run}.json", record.encode())
    return tmp_path


def test_a_survivor_keeps_its_row_without_copies(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_session(_: Context) -> None:
        raise AssertionError("a session was started")

    monkeypatch.setattr(Context, "spark", property(no_session))
    names = ("a2", "a3", "b1", "b2")
    config = TakedownConfig(root=str(root), id=tuple(map(id_of, names)), reason="asked")
    record = cli.run("takedown", config, context(root))
    assert record.details["promoted"] == 0
    assert rows_of(root, "duplicates", "id") == rows_of(root, "copies", "id") == []
    corpus = rows_of(root, "corpus", "id", "copies", "text")
    by_id = {id_: (copies, text) for id_, copies, text in corpus}
    none = {
        "exact": 0,
        "near": 0,
        "slices": ["common_crawl"],
        "first_date": None,
        "last_date": None,
        **dict.fromkeys(("versions", "first_version", "last_version")),
    }
    assert by_id[id_of("a1")] == (none, "text a1")
    assert by_id[id_of("c")][0]["exact"] == 2
    assert len(by_id) == 2
    files = context(root).table("corpus").required().files
    assert all("slice=common_crawl/bucket=head/" in file.path for file in files)


def families(seed: int) -> list[dict[str, Any]]:
    """Return three pairs of near-duplicates, and a document without any."""
    choose = random.Random(seed)
    rows = []
    for family in range(3):
        words = prose(choose, 120)
        for copy, text in enumerate((words, edited(choose, words, 1))):
            rows.append(
                annotated(
                    f"x/{family}-{copy}",
                    " ".join(text),
                    perplexity=float(100 + copy),
                    digest=f"sha1:{family}{copy}",
                )
            )
    rows.append(annotated("x/other", " ".join(prose(choose, 120)), digest="sha1:other"))
    return signed(rows)


def test_the_root_is_as_if_it_never_had_the_others(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = families(3)
    # of one pair the survivor goes, of the next the other one, of the last both
    taken = ("x/0-0", "x/1-1", "x/2-0", "x/2-1")
    fresh = tmp_path / "fresh"
    grow(spark, tmp_path / "root", rows)
    grow(spark, fresh, [row for row in rows if row["id"] not in taken])
    expected = contents(spark, fresh)

    def find_no_duplicates(*_: Any) -> None:
        raise AssertionError("documents were deduplicated again")

    monkeypatch.setattr(pipeline, "find_duplicates", find_no_duplicates)
    record, _ = take(spark, tmp_path / "root", id=taken)
    assert record.details["promoted_ids"] == ["x/0-1"]
    assert contents(spark, tmp_path / "root") == expected
