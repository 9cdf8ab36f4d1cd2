"""Manifests and tables: one complete version at any time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from earlier_root import STORED, unpack_root
from pyspark.sql import SparkSession
from rows import collect, context, document, fill, said

from jobs import path, storage, tables, vacuum
from jobs.runtime.context import Context
from jobs.tables import manifest
from jobs.tables.manifest import DataFile, Folder, Manifest
from schemas.errors import UserError
from schemas.settings.path import PathConfig
from schemas.settings.vacuum import VacuumConfig
from schemas.tables import TABLES
from schemas.tables.duplicates import DUPLICATES


def version(name: str) -> Manifest:
    folder = Folder(f"{name}/rows", name, "dedup", {}, (DataFile(f"{name}/rows/a.parquet", 2, 10),))
    return Manifest("duplicates", name, (folder,), digest="d", inputs=[{"annotated": "x"}])


def test_a_manifest_survives_its_json() -> None:
    made = version("first")
    assert Manifest.from_json(made.to_json(), "_CURRENT.json") == made
    assert (made.rows, made.bytes) == (2, 10)


def test_a_version_replaces_the_one_it_was_made_from(tmp_path: Path) -> None:
    root = str(tmp_path)
    assert manifest.current(root, "duplicates") is None
    manifest.publish(root, version("first"), replacing=None)
    manifest.publish(root, version("second"), replacing=version("first"))
    found = manifest.current(root, "duplicates")
    assert found == version("second")


def test_no_version_is_lost_to_another(tmp_path: Path) -> None:
    root = str(tmp_path)
    manifest.publish(root, version("first"), replacing=None)
    with pytest.raises(storage.Conflict):
        manifest.publish(root, version("late"), replacing=None)
    with pytest.raises(storage.Conflict):
        manifest.publish(root, version("late"), replacing=version("other"))
    found = manifest.current(root, "duplicates")
    assert found is not None
    assert found.version == "first"


@pytest.mark.parametrize(
    ("first", "last", "held"),
    [("a", "c", True), ("b", "b", True), ("c", "d", False), (None, None, True)],
)
def test_a_file_holds_what_its_bounds_allow(
    first: str | None, last: str | None, held: bool
) -> None:
    assert DataFile("f", 1, 1, first, last).may_hold("b") is held


def test_what_is_written_is_read_with_rows_bytes_and_bounds(
    spark: SparkSession, tmp_path: Path
) -> None:
    rows = [
        document("1", "one", source={"uri": "b.warc.gz", "offset": 1}),
        document("2", "two", source={"uri": "a.warc.gz", "offset": 2}),
    ]
    fill(spark, tmp_path, "documents", rows)
    found = Context(str(tmp_path)).table("documents").required()
    (file,) = found.files
    assert (file.rows, file.first, file.last) == (2, "a.warc.gz", "b.warc.gz")
    assert file.bytes == (tmp_path / "documents" / file.path).stat().st_size
    assert collect(spark, tmp_path, "documents", "id", "text", "slice") == [
        ("common_crawl/1", "one", "common_crawl"),
        ("common_crawl/2", "two", "common_crawl"),
    ]


def test_rows_that_tests_collect_are_those_that_spark_reads(
    spark: SparkSession, tmp_path: Path
) -> None:
    def first_columns(row: tuple[Any, ...]) -> str:
        return str(row[:6])

    root = unpack_root(tmp_path)
    for name in STORED:
        columns = TABLES[name].schema.names
        read = tables.read(spark, root, name).select(*columns)
        expected = sorted(map(tuple, read.collect()), key=first_columns)
        assert sorted(collect(spark, root, name, *columns), key=first_columns) == expected


def test_an_empty_table_has_its_columns(spark: SparkSession, tmp_path: Path) -> None:
    fill(spark, tmp_path, "duplicates", [])
    found = tables.read(spark, str(tmp_path), "duplicates")
    assert found.columns == DUPLICATES.names
    assert found.count() == 0


def test_path_names_the_folders_of_the_current_version(spark: SparkSession, tmp_path: Path) -> None:
    fill(spark, tmp_path, "documents", [document("1", "one")], run="first")
    fill(spark, tmp_path, "documents", [document("2", "two")], run="second")
    given = context(spark, tmp_path)
    path.run(given, PathConfig(root=str(tmp_path), table="documents"))
    (folder,) = said(given).split()
    assert [row["text"] for row in spark.read.parquet(folder).collect()] == ["two"]


def test_a_table_that_is_not_there_is_told_with_the_job_that_makes_it(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="run `redpajama dedup` first"):
        Context(str(tmp_path)).table("duplicates").required()
    with pytest.raises(UserError, match="no table 'duplicate':"):
        Context(str(tmp_path)).table("duplicate").required()


def test_vacuum_removes_what_no_manifest_names(spark: SparkSession, tmp_path: Path) -> None:
    for run in ("first", "second"):
        fill(spark, tmp_path, "documents", [document(run, "text")], run=run)
    stray = tmp_path / "documents" / "second" / "scratch" / "part.parquet"
    stray.parent.mkdir()
    stray.write_bytes(b"left by a killed run")
    settings = VacuumConfig(root=str(tmp_path))
    given = context(spark, tmp_path)

    vacuum.run(given, VacuumConfig(root=str(tmp_path), dry_run=True))
    assert stray.exists()
    vacuum.run(given, settings)

    assert not stray.parent.exists()
    assert not (tmp_path / "documents" / "first").exists()
    assert collect(spark, tmp_path, "documents", "id") == [("common_crawl/second",)]
    assert vacuum.run(given, settings) == []
