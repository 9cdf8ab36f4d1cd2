"""A takedown leaves a root as if the documents had never been in it, old versions and all."""

from __future__ import annotations

import random
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from families import annotated, chain, edited, prose, signed
from pyspark.sql import SparkSession
from rows import collect, context, fill, said
from takedown_roots import (
    CURATED,
    Rows,
    contents,
    decontaminated,
    everything,
    families,
    grow,
    mix,
    take,
)

from jobs import cli, path, tables, vacuum
from jobs.runtime.context import Context
from jobs.steps.takedown import purge
from jobs.tables import manifest
from jobs.tables.runs import Record
from schemas.errors import UserError
from schemas.settings.curate import CurateConfig
from schemas.settings.dedup import DedupConfig
from schemas.settings.path import PathConfig
from schemas.settings.vacuum import VacuumConfig

TABLES = ("documents", "annotated", "duplicates", "copies", "corpus", "mixture")


@pytest.fixture(scope="module")
def rows() -> Rows:
    """Families of copies, and a chain whose ends only the document between them holds together."""
    middle = [
        annotated(
            f"chain/{i}",
            text,
            slice="c4",
            digest=None,
            url=f"http://chain.example/{i}",
            source_domain="chain.example",
            # the one in the middle is the survivor
            perplexity=10.0 if i == 1 else 500.0,
        )
        for i, text in enumerate(chain(random.Random(8), 3, 2))
    ]
    return [*families(1, 14), *signed([*middle, *versions()])]


def versions() -> Rows:
    """Two pages in two versions each; the newer one of the second is a duplicate of another document."""
    choose = random.Random(9)
    texts = [" ".join(prose(choose)) for _ in range(4)]
    texts.append(" ".join(edited(choose, texts[3].split(), 1)))
    addresses = ("www.page.example/a", "page.example/a/?utm_source=x", *["page.example/b"] * 2)
    return [
        annotated(
            f"page/{i}",
            text,
            slice="c4",
            digest=None,
            url=f"https://{address}",
            source_domain="page.example",
            date=f"2099-01-0{1 + i % 2}T00:00:00Z",
            perplexity=500.0 - i,
        )
        for i, (text, address) in enumerate(zip(texts, [*addresses, "page.example/c"], strict=True))
    ]


@pytest.fixture(scope="module")
def evaluation(rows: Rows, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An evaluation set that every third document holds an item of."""
    path = tmp_path_factory.mktemp("evaluation") / "test.txt"
    items = [" ".join(row["text"].split()[:20]) for row in rows[::3]]
    path.write_text("\n".join(items))
    return path


@pytest.fixture(scope="module")
def before(
    spark: SparkSession, rows: Rows, evaluation: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, Any]]:
    """A root with all tables and older versions, and what to take out of it."""
    root = tmp_path_factory.mktemp("before")
    grow(spark, root, rows, evaluation, per_url="newest")
    mix(spark, root)
    survivors = collect(spark, root, "duplicates", "survivor_id")
    of_pages = dict(collect(spark, root, "duplicates", "id", "survivor_id"))
    assert of_pages.items() >= {("page/0", "page/1"), ("page/2", "page/4"), ("page/3", "page/4")}
    chosen = {
        "id": ("chain/1", "page/1", "page/4", survivors[0][0]),
        "url": (),
        "domain": ("site3.example",),
    }
    by_url = next(row for row in rows if row["source_domain"].endswith("site2.example"))
    chosen["url"] = (by_url["url"].removesuffix("/").replace("https://", "http://"),)
    by_digest = next(row for row in rows if row["source_domain"].endswith("site4.example"))
    named = root.parent / f"{root.name}.tsv"
    named.write_text(f"# a list\ndigest\t{by_digest['digest']}\n")
    # an older version with all, one with nothing of it, and what a killed run left
    taken_ids = taken(rows, chosen, by_digest["digest"])
    others = [row for row in rows if row["id"] not in taken_ids]
    for run, content in (("older", rows), ("clean", others[:2])):
        current = (root / "documents" / "_CURRENT.json").read_bytes()
        fill(spark, root, "documents", content, run=run)
        (root / "documents" / "_CURRENT.json").write_bytes(current)
    cut = root / "corpus" / "killed" / "rows" / "_temporary" / "0" / "part-0.parquet"
    cut.parent.mkdir(parents=True)
    cut.write_bytes(b"PAR1 and no footer")
    return root, {**chosen, "from_": str(named), "taken": taken_ids}


def taken(rows: Rows, chosen: dict[str, Any], digest: str) -> set[str]:
    found = set()
    for row in rows:
        host = row["source_domain"]
        if (
            row["id"] in chosen["id"]
            or row["url"].startswith(f"{chosen['url'][0].replace('http:', 'https:')}/")
            or host == "site3.example"
            or host.endswith(".site3.example")
            or row["digest"] == digest
        ):
            found.add(row["id"])
    return found


@pytest.fixture(scope="module")
def fresh(
    spark: SparkSession,
    rows: Rows,
    evaluation: Path,
    before: tuple[Path, dict[str, Any]],
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, list[str]]:
    """The tables of a root that never had the documents."""
    root = tmp_path_factory.mktemp("fresh")
    left = [row for row in rows if row["id"] not in before[1]["taken"]]
    grow(spark, root, left, evaluation, per_url="newest")
    return contents(spark, root)


@pytest.fixture(scope="module")
def done(
    spark: SparkSession,
    before: tuple[Path, dict[str, Any]],
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, Record, Context]:
    """The root after the takedown."""
    root = tmp_path_factory.mktemp("done") / "root"
    shutil.copytree(before[0], root)
    named = {key: value for key, value in before[1].items() if key != "taken"}
    record, given = take(spark, root, **named, permanent=True)
    return root, record, given


def test_the_root_is_as_if_it_never_had_them(
    spark: SparkSession, done: tuple[Path, Record, Context], fresh: dict[str, list[str]]
) -> None:
    found = contents(spark, done[0])
    for name, expected in fresh.items():
        assert found[name] == expected, name


def texts_gone(rows: Rows, ids: set[str]) -> set[str]:
    """The texts that no other document has as well."""
    left = {row["text"] for row in rows if row["id"] not in ids}
    return {row["text"] for row in rows if row["id"] in ids} - left


def test_nothing_under_the_root_has_their_text(
    rows: Rows, before: tuple[Path, dict[str, Any]], done: tuple[Path, Record, Context]
) -> None:
    root, record, _ = done
    old, new = everything(before[0]), everything(root)
    for text in texts_gone(rows, before[1]["taken"]):
        assert text in old
        assert text not in new
    assert not (root / "documents" / "older").exists()
    assert not (root / "corpus" / "killed").exists()
    assert (root / "documents" / "clean").exists()
    assert {"documents/older", "corpus/killed"} <= set(record.details["purged"])


def test_only_what_held_them_is_written_anew(
    before: tuple[Path, dict[str, Any]], done: tuple[Path, Record, Context]
) -> None:
    old = {file.path: file for file in Context(str(before[0])).table("documents").required().files}
    new = {file.path: file for file in Context(str(done[0])).table("documents").required().files}
    rewritten = [path for path in old if path not in new]
    assert rewritten
    assert len(rewritten) == done[1].details["strata"][0]["files rewritten"]
    for path_ in new.keys() & old.keys():
        assert new[path_] == old[path_]
        assert (done[0] / "documents" / path_).exists()
    assert not any((done[0] / "documents" / path_).exists() for path_ in rewritten)


def test_the_counts_add_up(
    before: tuple[Path, dict[str, Any]], done: tuple[Path, Record, Context], rows: Rows
) -> None:
    root, record, given = done
    removed = record.details["removed"]
    assert removed["documents"] == removed["annotated"] == len(before[1]["taken"])
    assert record.reasons == {"taken-down": len(before[1]["taken"])}
    assert (record.rows_in, record.rows_out) == (len(rows), len(rows) - removed["documents"])
    old, new = (
        {name: Context(str(folder)).table(name).required().rows for name in TABLES}
        for folder in (before[0], root)
    )
    assert new["corpus"] == old["corpus"] - removed["corpus"] + record.details["promoted"]
    assert new["mixture"] == old["mixture"] - removed["mixture"]
    # four ids, an address, a domain and a digest
    assert record.details["recorded"] == 7
    assert "`redpajama mix` fills the mixture" in said(given)


def test_what_hung_together_through_them_falls_apart_and_comes_up(
    spark: SparkSession, before: tuple[Path, dict[str, Any]], done: tuple[Path, Record, Context]
) -> None:
    def corpus(root: Path) -> set[str]:
        return {row[0] for row in collect(spark, root, "corpus", "id")}

    chained = {"chain/0", "chain/1", "chain/2"}
    assert corpus(before[0]) & chained == {"chain/1"}
    assert corpus(done[0]) & chained == {"chain/0", "chain/2"}
    assert set(done[1].details["promoted_ids"]) == corpus(done[0]) - corpus(before[0])


def test_the_jobs_find_nothing_to_do_but_mix(
    spark: SparkSession, done: tuple[Path, Record, Context], evaluation: Path, tmp_path: Path
) -> None:
    shutil.copytree(done[0], tmp_path, dirs_exist_ok=True)
    given, root = context(spark, tmp_path), str(tmp_path)
    for job, config in (
        ("dedup", DedupConfig(root=root, per_url="newest")),
        ("decontaminate", decontaminated(tmp_path, evaluation)),
        ("curate", CurateConfig(root=root, **CURATED)),
    ):
        record = cli.run(job, config, given)
        assert f"{job}: nothing has changed" in said(given)
        assert record.job == job
    made = mix(spark, tmp_path)
    assert made.run == Context(root).table("mixture").required().version


def test_broken_off_anywhere_the_same_again_finishes_it(
    spark: SparkSession,
    rows: Rows,
    before: tuple[Path, dict[str, Any]],
    fresh: dict[str, list[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    root = tmp_path / "root"
    shutil.copytree(before[0], root)
    named = {key: value for key, value in before[1].items() if key != "taken"}
    reader = tables.read(spark, str(root), "documents").select("id", "text")
    published: list[str] = []
    publish = manifest.publish

    def killed_after_some(at: str, version: manifest.Manifest, **others: Any) -> None:
        if len(published) == 6:
            raise KeyboardInterrupt
        published.append(version.table)
        publish(at, version, **others)

    with monkeypatch.context() as patch:
        patch.setattr(manifest, "publish", killed_after_some)
        with pytest.raises(KeyboardInterrupt):
            take(spark, root, **named, permanent=True)
    assert published[:3] == ["takedowns", "mixture", "corpus"]
    assert published[3:] == ["contamination", "copies", "duplicates"]

    # between publishing and removing, whoever began before still reads what there was
    def killed(*_: Any) -> list[str]:
        assert reader.count() == Context(str(before[0])).table("documents").required().rows
        with pytest.raises(UserError, match="a takedown is still changing documents/"):
            path.run(context(spark, root), PathConfig(root=str(root), table="documents"))
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(purge, "purge", killed)
        with pytest.raises(KeyboardInterrupt):
            take(spark, root, **named, permanent=True)
    assert contents(spark, root) == fresh

    record, _ = take(spark, root, **named, permanent=True)
    assert record.details["recorded"] == 0
    assert contents(spark, root) == fresh
    left = everything(root)
    assert not [text for text in texts_gone(rows, before[1]["taken"]) if text in left]
    # whoever began before is told, and does not get a part for the whole
    with pytest.raises(Exception, match=r"(?i)not.?exist|not.?found"):
        reader.collect()
    given = context(spark, root)
    folders = path.run(given, PathConfig(root=str(root), table="annotated"))
    read = [spark.read.parquet(folder).select("id") for folder in folders]
    assert sum(rows.count() for rows in read) == len(fresh["annotated"])
    cli.run("dedup", DedupConfig(root=str(root), per_url="newest"), given)
    assert "dedup: nothing has changed" in said(given)


def test_vacuum_removes_what_a_takedown_left(spark: SparkSession, tmp_path: Path) -> None:
    rows = [annotated(f"x/{i}", f"text {i}", slice=f"s{i}") for i in range(2)]
    fill(spark, tmp_path, "annotated", rows)
    found = Context(str(tmp_path)).table("annotated").required()
    (folder,) = found.folders
    partial = replace(folder, files=folder.files[:1], partial=True)
    made = replace(found, version="second", folders=(partial,))
    manifest.publish(str(tmp_path), made, replacing=found)
    assert collect(spark, tmp_path, "annotated", "id", "slice") == [("x/0", "s0")]

    gone = vacuum.run(context(spark, tmp_path), VacuumConfig(root=str(tmp_path)))
    assert gone == [str(tmp_path / "annotated" / folder.files[1].path)]
    assert not Path(gone[0]).exists()
    assert collect(spark, tmp_path, "annotated", "id", "slice") == [("x/0", "s0")]
