"""Columns that were added to a table since its files were written are null."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from earlier_root import stored_rows, unpack_root
from pyspark.sql import SparkSession
from pyspark.sql import types as T

from jobs import tables
from jobs.runtime.context import Context
from jobs.storage import join
from jobs.tables import archive_lookup, manifest
from schemas.tables import TABLES, Table


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> str:
    return unpack_root(tmp_path_factory.mktemp("earlier"))


def test_a_column_that_some_files_lack_is_null(spark: SparkSession, tmp_path: Path) -> None:
    copy = unpack_root(tmp_path)
    made = manifest.current(copy, "corpus")
    assert made is not None
    some = made.files[:2]
    for file in some:
        path = join(copy, "corpus", file.path)
        stored = pq.ParquetFile(path).read()
        pq.write_table(stored.drop_columns(["perplexity", "text"]), path)
    table = Context(copy).table("corpus")
    table.publish(
        [table.with_files(folder) for folder in made.folders], run=made.version, replacing=made
    )
    texts = [row["text"] for row in tables.read(spark, copy, "corpus").select("text").collect()]
    assert len(texts) == made.rows
    assert texts.count(None) == sum(file.rows for file in some)


def grown(name: str) -> Table:
    """A table with a new column, and a new field in each struct."""
    more = T.StructField("added", T.ArrayType(T.StringType()))
    table = TABLES[name]
    fields = [
        replace_type(field, T.StructType([*field.dataType.fields, more]))
        if isinstance(field.dataType, T.StructType)
        else field
        for field in table.schema
    ]
    last = len(fields) - len(table.partitions)
    return replace(table, schema=T.StructType([*fields[:last], more, *fields[last:]]))


def replace_type(field: T.StructField, kind: T.DataType) -> T.StructField:
    return T.StructField(field.name, kind, field.nullable)


def test_new_columns_and_fields_of_earlier_rows_are_null(
    spark: SparkSession, root: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(TABLES, "annotated", grown("annotated"))
    rows = tables.read(spark, root, "annotated")
    new = ("added", "quality_signals.added", "source.added")
    kept = rows.where("quality_signals.rps_doc_word_count is not null")
    assert kept.count() == len(stored_rows(root, "annotated"))
    assert rows.where(" or ".join(f"{name} is not null" for name in new)).count() == 0


def test_new_columns_of_an_archive_are_null(root: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TABLES, "paragraphs", grown("paragraphs"))
    made = manifest.current(root, "paragraphs")
    assert made is not None
    table = Context(root).table("paragraphs")
    lookup = archive_lookup.of_table(table, made.files, ["id", "line_ids", "added"])
    first = str(made.files[0].first)
    expected = [row["line_ids"] for row in stored_rows(root, "paragraphs") if row["uri"] == first]
    rows = lookup.rows(first).to_pylist()
    assert sorted(row["line_ids"] for row in rows) == sorted(expected)
    assert {row["added"] for row in rows} == {None}
