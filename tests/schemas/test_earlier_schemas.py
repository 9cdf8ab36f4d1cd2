"""Every table's schema has what version 0.1 stored, and what it gained since may be null."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from earlier_root import unpack_root
from pyspark.sql import types as T
from pyspark.sql.pandas.types import from_arrow_schema

from jobs.tables import manifest
from schemas.tables import TABLES


def differences(stored: T.DataType, now: T.DataType, name: str) -> Iterator[str]:
    """Yield what keeps files of the stored type from being read as the other."""
    if isinstance(stored, T.StructType) and isinstance(now, T.StructType):
        fields = {field.name: field for field in now}
        for field in stored:
            path = f"{name}.{field.name}"
            if field.name in fields:
                yield from differences(field.dataType, fields[field.name].dataType, path)
            else:
                yield f"{path} is missing"
        known = set(stored.names)
        yield from (
            f"{name}.{field.name} is new and not nullable"
            for field in now
            if field.name not in known and not field.nullable
        )
    elif isinstance(stored, T.ArrayType) and isinstance(now, T.ArrayType):
        yield from differences(stored.elementType, now.elementType, f"{name}[]")
    elif isinstance(stored, T.MapType) and isinstance(now, T.MapType):
        yield from differences(stored.keyType, now.keyType, f"{name} key")
        yield from differences(stored.valueType, now.valueType, f"{name} value")
    elif stored != now:
        yield f"{name} was {stored.simpleString()} and is {now.simpleString()}"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> str:
    return unpack_root(tmp_path_factory.mktemp("earlier"))


@pytest.mark.parametrize("name", [name for name in TABLES if name != "passages"])
def test_a_table_has_the_stored_columns(root: str, name: str) -> None:
    made = manifest.current(root, name)
    assert made is not None
    assert made.files
    for file in made.files:
        stored = from_arrow_schema(pq.read_schema(Path(root, name, file.path)))
        assert [*differences(stored, TABLES[name].schema, name)] == []
        folders = [part.partition("=")[0] for part in Path(file.path).parts if "=" in part]
        assert [folder for folder in folders if folder != "outcome"] == [*TABLES[name].partitions]


INT, LONG, TEXT = T.IntegerType(), T.LongType(), T.StringType()


def struct(**fields: T.DataType) -> T.StructType:
    return T.StructType([T.StructField(name, kind) for name, kind in fields.items()])


STORED = struct(id=TEXT, scores=struct(a=INT), lines=T.ArrayType(INT))


@pytest.mark.parametrize(
    ("now", "found"),
    [
        (struct(id=TEXT, scores=struct(a=INT, b=INT), lines=T.ArrayType(INT), more=LONG), []),
        (struct(scores=struct(a=INT), lines=T.ArrayType(INT)), ["t.id is missing"]),
        (
            struct(id=TEXT, scores=struct(b=INT), lines=T.ArrayType(INT)),
            ["t.scores.a is missing"],
        ),
        (
            struct(id=TEXT, scores=struct(a=INT), lines=T.ArrayType(LONG)),
            ["t.lines[] was int and is bigint"],
        ),
        (
            T.StructType([*STORED.fields, T.StructField("more", INT, nullable=False)]),
            ["t.more is new and not nullable"],
        ),
    ],
)
def test_a_difference_would_be_seen(now: T.StructType, found: list[str]) -> None:
    assert [*differences(STORED, now, "t")] == found
