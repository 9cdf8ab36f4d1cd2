"""Increments and scopes give the rows of one run over all documents."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from families import annotated, chain, edited, prose, signed
from pyspark.sql import SparkSession
from rows import collect, context, fill, said

from jobs import dedup
from jobs.steps.dedup import contained
from schemas.errors import UserError
from schemas.settings.dedup import DedupConfig

COLUMNS = ("id", "survivor_id", "cluster_id", "kind", "similarity")
Rows = list[dict[str, Any]]


def run(spark: SparkSession, root: Path, rows: Rows, **settings: Any) -> Any:
    """Fill annotated/ if it does not exist, and run dedup."""
    if not (root / "annotated").exists():
        fill(spark, root, "annotated", rows)
    job = context(spark, root)
    dedup.run(job, DedupConfig(root=str(root), threshold=0.7, **settings))
    return job


def duplicates(spark: SparkSession, root: Path, *columns: str) -> set[tuple[Any, ...]]:
    return set(collect(spark, root, "duplicates", *(columns or COLUMNS)))


@pytest.fixture(scope="module")
def old_and_new() -> tuple[Rows, Rows]:
    """Chains of near-duplicates with links between an old and a new part, in both directions."""
    choose = random.Random(11)
    old: list[dict[str, Any]] = []
    new: list[dict[str, Any]] = []
    for family in range(40):
        for step, text in enumerate(chain(choose, 5, 3)):
            is_old = choose.random() < 0.5
            part, slice_ = (old, "books") if is_old else (new, "common_crawl")
            digest = f"sha1:{family}-{step // 2}" if family % 5 == 0 else None
            row = annotated(f"{choose.random():.9f}/{family}-{step}", text, digest=digest)
            page = f"https://page.example/{choose.randrange(60)}"
            date = f"2099-01-{choose.randrange(10, 30)}"
            others = {"url": page if choose.random() < 0.3 else row["url"], "date": date}
            part.append({**row, **others, "slice": slice_, "perplexity": choose.random()})
    return signed(old), signed(new)


def test_an_increment_gives_the_rows_of_one_run_over_everything(
    spark: SparkSession, tmp_path: Path, old_and_new: tuple[Rows, Rows]
) -> None:
    old, new = old_and_new
    newest = {"per_url": "newest", "min_contained": 0.75}
    run(spark, tmp_path / "old", old, **newest)
    job = run(spark, tmp_path / "new", new, against=(str(tmp_path / "old"),), **newest)
    assert "documents of earlier roots have a new survivor" in said(job)
    in_order = {"slice_priority": ("books", "common_crawl")}
    run(spark, tmp_path / "all", [*old, *new], **in_order, **newest)
    changed = duplicates(spark, tmp_path / "new")
    ids = {row[0] for row in changed}
    kept = {row for row in duplicates(spark, tmp_path / "old") if row[0] not in ids}
    assert changed | kept == duplicates(spark, tmp_path / "all")

    roots = duplicates(spark, tmp_path / "new", "id", "root", "survivor_root")
    of_old = {row["id"] for row in old}
    assert {id_ for id_, root, _ in roots if root} == ids & of_old
    assert ids & of_old
    assert {row[1] for row in roots} == {None, str(tmp_path / "old")}
    assert {"same-url", "near", "exact"} == {row[3] for row in changed}
    copies = ("id", "cluster_id", "exact", "near", "slices", "versions", "version_of")
    # the cluster of an earlier document is not known where this root has none of it
    own, everywhere = (
        {str(row) for row in rows if row[0] not in of_old and row[-1] not in of_old}
        for rows in (collect(spark, tmp_path / root, "copies", *copies) for root in ("new", "all"))
    )
    assert own == everywhere


def test_a_document_is_a_duplicate_of_one_with_its_id_in_an_earlier_root(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose = random.Random(2)
    texts = [" ".join(prose(choose)) for _ in range(3)]
    near = " ".join(edited(choose, texts[0].split(), 2))
    old = signed([annotated(f"x/{i}", text) for i, text in enumerate(texts)])
    new = signed([annotated("x/1", texts[1]), annotated("x/2", near, digest="sha1:changed")])
    run(spark, tmp_path / "old", old)
    run(spark, tmp_path / "new", new, against=(str(tmp_path / "old"),))
    earlier = str(tmp_path / "old")
    rows = duplicates(spark, tmp_path / "new", "id", "survivor_id", "kind", "survivor_root")
    # the new text of x/2 is like that of x/0, which does not make the old x/2 a copy of x/0
    assert rows == {("x/1", "x/1", "exact", earlier), ("x/2", "x/2", "near", earlier)}
    monkeypatch.setattr(contained, "FEW", 0)
    run(spark, tmp_path / "new", new, against=(earlier,), overwrite=True)
    assert duplicates(spark, tmp_path / "new", "id", "survivor_id", "kind", "survivor_root") == rows


def test_scope_snapshot_deduplicates_each_snapshot_separately(
    spark: SparkSession, tmp_path: Path
) -> None:
    choose = random.Random(4)
    rows = []
    for family in range(12):
        for step, text in enumerate(chain(choose, 6, 2)):
            rows.append(
                annotated(
                    f"{choose.random():.9f}/{family}-{step}",
                    text,
                    digest=f"sha1:{family}-{step // 3}",
                    snapshot=f"2099-{step % 2}",
                    date=f"2099-01-0{step + 1}T00:00:00Z",
                )
            )
    rows = signed(rows)
    run(spark, tmp_path / "both", rows, scope="snapshot")
    separate = set()
    for snapshot in ("2099-0", "2099-1"):
        root = tmp_path / snapshot
        run(spark, root, [row for row in rows if row["snapshot"] == snapshot])
        separate |= duplicates(spark, root)
    assert duplicates(spark, tmp_path / "both") == separate
    run(spark, tmp_path / "all", rows)
    assert len(duplicates(spark, tmp_path / "all")) > len(separate) > 0
    # copies/ does not depend on the scope
    columns = ("id", "cluster_id", "exact", "near", "slices", "first_date", "last_date")
    copies = collect(spark, tmp_path / "both", "copies", *columns)
    assert copies == collect(spark, tmp_path / "all", "copies", *columns)
    dates = {(exact, near, first, last) for _, _, exact, near, _, first, last in copies}
    assert dates == {(2, 3, "2099-01-01T00:00:00Z", "2099-01-06T00:00:00Z")}


def test_the_newest_snapshot_survives_as_in_v2(spark: SparkSession, tmp_path: Path) -> None:
    rows = signed(
        [
            annotated("a", "one text", digest="sha1:A", snapshot="CC-MAIN-2022-05", perplexity=1.0),
            annotated("b", "one text", digest="sha1:A", snapshot="CC-MAIN-2023-06", perplexity=9.0),
            annotated("c", "one text", digest="sha1:A", snapshot="CC-MAIN-2024-10", bucket="tail"),
            annotated("d", "one text", digest="sha1:D", snapshot="CC-MAIN-2021-01"),
        ]
    )
    v2 = {"kinds": ("exact",), "buckets": ("head", "middle"), "prefer_snapshot": "newest"}
    run(spark, tmp_path, rows, **v2)
    assert duplicates(spark, tmp_path, "id", "survivor_id", "kind") == {("a", "b", "exact")}


def test_mistaken_roots_are_errors(spark: SparkSession, tmp_path: Path) -> None:
    rows = signed([annotated("a", "text")])
    with pytest.raises(UserError, match="is the root itself"):
        run(spark, tmp_path, rows, against=(str(tmp_path) + "/",))
    with pytest.raises(UserError, match="has no table annotated yet"):
        run(spark, tmp_path, rows, against=(str(tmp_path / "nowhere"),))
