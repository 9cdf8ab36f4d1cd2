"""`redpajama path`: folders that exist, and that other readers of Parquet read as the table is."""

from __future__ import annotations

import io
from functools import reduce
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.dataset as ds
import pytest
from earlier_root import STORED, unpack_root
from pyspark.sql import DataFrame, SparkSession
from rows import context

from jobs import cli, ingest, path, tables
from jobs.runtime.context import Context
from jobs.tables import manifest
from schemas.errors import UserError
from schemas.settings.ingest import WikipediaConfig
from schemas.settings.path import PathConfig
from schemas.settings.takedown import TakedownConfig
from schemas.tables import TABLES

HEAD = (
    '<mediawiki xml:lang="en"><siteinfo><dbname>enwiki</dbname>'
    "<base>https://en.wikipedia.org/wiki/Main_Page</base></siteinfo>"
)
PAGE = (
    "<page><title>Title {0}</title><ns>0</ns><id>{0}</id><revision><id>9</id>"
    "<timestamp>2023-03-20T00:00:00Z</timestamp><text>The text of page {0}.</text></revision></page>"
)


def paths_of(root: str, table: str) -> list[str]:
    return path.run(Context(root, out=io.StringIO()), PathConfig(root=root, table=table))


def by_pandas(paths: list[str]) -> pd.DataFrame:
    return pd.concat(map(pd.read_parquet, paths))


def by_duckdb(paths: list[str]) -> pd.DataFrame:
    connection = duckdb.connect()
    files = [f"{folder}/**/*.parquet" for folder in paths]
    rows = connection.read_parquet(files, hive_partitioning=True, union_by_name=True)
    frame: pd.DataFrame = rows.df()
    return frame


@pytest.mark.parametrize("table", STORED)
def test_every_folder_of_an_earlier_root_is_read_by_others(table: str, tmp_path: Path) -> None:
    root = unpack_root(tmp_path)
    made = manifest.current(root, table)
    assert made is not None
    paths = paths_of(root, table)
    assert all(Path(folder).is_dir() for folder in paths)
    assert len(by_pandas(paths)) == made.rows
    arrow = ds.dataset([ds.dataset(folder, partitioning="hive") for folder in paths])
    assert arrow.count_rows() == made.rows
    frames = [by_duckdb([folder]) for folder in paths]
    assert sum(map(len, frames)) == made.rows
    columns = {*TABLES[table].schema.names}
    assert all(set(TABLES[table].partitions) <= set(frame.columns) for frame in frames)
    assert set(arrow.schema.names) <= columns


def test_all_folders_after_repeated_ids_and_a_takedown_are_read_together(
    spark: SparkSession, tmp_path: Path
) -> None:
    root = str(tmp_path / "root")
    given = context(spark, root)
    for day, pages in (("20230320", range(6)), ("20230401", range(4, 9))):
        dump = tmp_path / f"enwiki-{day}-pages-articles.xml"
        content = "".join(map(PAGE.format, pages))
        dump.write_text(f"{HEAD}{content}</mediawiki>")
        ingest.run(given, WikipediaConfig(root=root, input=(str(dump),)))
    taken = TakedownConfig(root=root, id=("wikipedia/en/1", "wikipedia/en/8"), reason="a test")
    cli.run("takedown", taken, given)
    paths = paths_of(root, "documents")
    assert len(paths) > 1
    expected = sorted(row["id"] for row in tables.read(spark, root, "documents").collect())
    assert expected == [f"wikipedia/en/{number}" for number in (0, 2, 3, 4, 5, 6, 7)]
    assert sorted(by_pandas(paths)["id"]) == expected
    duck = by_duckdb(paths)
    assert sorted(duck["id"]) == expected
    assert set(duck["slice"]) == {"wikipedia"}
    frames = map(spark.read.parquet, paths)
    together = reduce(DataFrame.unionByName, frames)
    assert sorted(row["id"] for row in together.select("id").collect()) == expected


def test_a_folder_with_a_lost_file_is_not_printed(tmp_path: Path) -> None:
    root = unpack_root(tmp_path)
    folder = Path(paths_of(root, "corpus")[0])
    next(folder.rglob("*.parquet")).unlink()
    with pytest.raises(UserError, match=r"\.parquet is lost: put it back from a copy, or run"):
        paths_of(root, "corpus")
