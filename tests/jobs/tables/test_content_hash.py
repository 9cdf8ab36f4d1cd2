"""The content hash of a table: equal for equal rows, however they are stored."""

from __future__ import annotations

import io
import math
import random
from pathlib import Path
from typing import Any

import pytest
from earlier_root import unpack_root
from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T
from rows import context, from_spark

from jobs import path
from jobs.runtime.context import Context
from jobs.tables import content_hash, manifest
from jobs.tables.content_hash_of_values import of_values
from schemas.settings.path import PathConfig
from schemas.tables import TABLES
from schemas.tables.mixture import MIXTURE

SCHEMA = T.StructType(
    [
        T.StructField("id", T.StringType()),
        T.StructField("n", T.LongType()),
        T.StructField("source", T.StructType([T.StructField("uri", T.StringType())])),
        T.StructField("metadata", T.MapType(T.StringType(), T.StringType())),
        T.StructField("spans", T.ArrayType(T.ArrayType(T.DoubleType()))),
    ]
)
ROWS: list[tuple[Any, ...]] = [
    ("a", 1, ("x",), {"k": "v", "l": "w"}, [[0.0, 2.0]]),
    ("b", None, None, None, None),
    ("b", None, None, None, None),
]


def test_maps_within_lists_have_no_order(spark: SparkSession) -> None:
    labels = T.MapType(T.StringType(), T.DoubleType())
    turn = T.StructType([T.StructField("role", T.StringType()), T.StructField("labels", labels)])
    schema = T.StructType([T.StructField("messages", T.ArrayType(turn))])

    def hash_of(*turns: tuple[str, dict[str, float] | None]) -> str:
        return content_hash.of_rows(spark.createDataFrame([(list(turns),)], schema))

    first = hash_of(("user", {"a": 1.0, "b": 2.0}), ("assistant", None))
    assert hash_of(("user", {"b": 2.0, "a": 1.0}), ("assistant", None)) == first
    assert hash_of(("user", {"b": 2.0, "a": 1.5}), ("assistant", None)) != first
    assert hash_of(("assistant", None), ("user", {"a": 1.0, "b": 2.0})) != first


@pytest.mark.parametrize("name", TABLES)
def test_every_table_has_a_hash(spark: SparkSession, name: str) -> None:
    assert content_hash.of_rows(spark.createDataFrame([], TABLES[name].schema)) == "0" * 32


def frame(spark: SparkSession, rows: list[tuple[Any, ...]]) -> DataFrame:
    return spark.createDataFrame(rows, SCHEMA)


@pytest.fixture(scope="module")
def hash_of_rows(spark: SparkSession) -> str:
    return content_hash.of_rows(frame(spark, ROWS))


def test_values_have_the_hash_that_spark_gives(spark: SparkSession, hash_of_rows: str) -> None:
    values = [from_spark(row, SCHEMA) for row in ROWS]
    assert of_values(values, SCHEMA) == hash_of_rows
    # all tables as structs of one row, in one job
    schema = T.StructType([T.StructField(name, table.schema) for name, table in TABLES.items()])
    choose = random.Random(1)
    rows = [filled(choose, schema) for _ in range(3)]
    of_spark = content_hash.of_rows(spark.createDataFrame(rows, schema))
    assert of_values([from_spark(row, schema) for row in rows], schema) == of_spark


def filled(choose: random.Random, type_: T.DataType) -> Any:
    """Return a value of a type; every part of it may be null."""
    if isinstance(type_, T.StructType):
        return {
            field.name: filled(choose, field.dataType) for field in type_ if choose.random() < 0.8
        }
    if isinstance(type_, T.ArrayType):
        return [filled(choose, type_.elementType) for _ in range(choose.randrange(3))]
    if isinstance(type_, T.MapType):
        keys = [filled(choose, type_.keyType) for _ in range(choose.randrange(3))]
        return {key: filled(choose, type_.valueType) for key in keys}
    values: dict[str, Any] = {
        "string": choose.choice(["", "ä", "a word", "more than thirty-two bytes of text " * 2]),
        "binary": choose.randbytes(choose.randrange(80)),
        "bigint": choose.choice([-(2**63), -1, 0, 2**40]),
        "int": choose.choice([-(2**31), -1, 0, 7]),
        "double": choose.choice([-0.0, 0.0, 1.5, math.inf, math.nan]),
        "boolean": choose.random() < 0.5,
    }
    return values[type_.simpleString()]


@pytest.mark.parametrize(
    "other",
    [
        [*ROWS[:2]],
        [*ROWS, ROWS[1]],
        [("a", 2, ("x",), {"k": "v", "l": "w"}, [[0.0, 2.0]]), *ROWS[1:]],
        [("a", 1, ("y",), {"k": "v", "l": "w"}, [[0.0, 2.0]]), *ROWS[1:]],
        [("a", 1, ("x",), {"k": "v", "l": "x"}, [[0.0, 2.0]]), *ROWS[1:]],
        [("a", 1, ("x",), {"k": "v", "l": "w"}, [[0.0], [2.0]]), ROWS[1], ("b", 0, *ROWS[1][2:])],
        [],
    ],
)
def test_other_rows_have_another_hash(
    spark: SparkSession, hash_of_rows: str, other: list[tuple[Any, ...]]
) -> None:
    assert content_hash.of_rows(frame(spark, other)) != hash_of_rows


def test_order_partitions_and_new_null_columns_do_not_count(
    spark: SparkSession, hash_of_rows: str
) -> None:
    turned = frame(spark, [*ROWS[1:], ("a", 1, ("x",), {"l": "w", "k": "v"}, [[0.0, 2.0]])])
    grown = turned.repartition(7).withColumn("new", F.lit(None).cast("string"))
    assert content_hash.of_rows(grown.select("new", *reversed(turned.columns))) == hash_of_rows


def test_hashes_of_parts_add_up(spark: SparkSession, hash_of_rows: str) -> None:
    parts = [content_hash.of_rows(frame(spark, [row])) for row in ROWS]
    assert content_hash.added(parts) == hash_of_rows
    assert content_hash.of_rows(frame(spark, [])) == content_hash.added([])
    observed, hash_ = content_hash.observed(frame(spark, ROWS), SCHEMA, F.col("id") == "a")
    assert len(observed.collect()) == len(ROWS)
    assert hash_() == parts[0]


def test_a_table_has_the_hash_of_its_rows_for_any_number_of_files(
    spark: SparkSession, tmp_path: Path
) -> None:
    """The mixture's table: text that Parquet stores in another order, partitions, nulls and maps."""
    rows = [
        Row(**dict.fromkeys(MIXTURE.names) | {"id": f"é{n}", "text": "的" * n, "shard": n % 3})
        for n in range(90)
    ]
    hashes = set()
    for files in (1, 2, 7, 64):
        table = context(spark, str(tmp_path / str(files))).table("mixture")
        folder = table.write(spark.createDataFrame(rows, MIXTURE).repartition(files), run="run")
        version = table.publish([folder], run="run", replacing=None)
        stored = table.manifest
        assert stored == version
        assert version.content_hash == content_hash.of_rows(table.read())
        hashes.add(version.content_hash)
    assert len(hashes) == 1
    part = table.rewrite(table.read().where("shard < 2"), folder, below="part")
    rest = table.rewrite(table.read().where("shard = 2"), folder, below="rest")
    both = table.publish([part, rest], run="run", replacing=version)
    assert {both.content_hash} == hashes


def test_path_prints_the_hash_also_of_a_table_that_has_none(
    spark: SparkSession, tmp_path: Path
) -> None:
    root = unpack_root(tmp_path)
    stored = manifest.current(root, "mixture")
    assert stored is not None
    assert stored.content_hash is None
    given = Context(root, spark=spark, out=io.StringIO())
    printed = path.run(given, PathConfig(root=root, table="mixture", hash=True))
    assert printed == [content_hash.of_rows(given.table("mixture").read())]
