"""Small roots for the tests of jobs: tables filled with rows directly, without archives."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from earlier_root import stored_rows
from pyspark.sql import SparkSession
from pyspark.sql import types as T

from jobs import tables
from jobs.runtime.context import Context
from schemas.tables import TABLES


def context(spark: SparkSession, root: Path | str) -> Context:
    """Return a context that keeps the output of jobs, which `said` returns."""
    return Context(str(root), spark, out=io.StringIO())


def said(given: Context) -> str:
    """Return the output of the jobs."""
    assert isinstance(given.out, io.StringIO)
    return given.out.getvalue()


def document(id_: str, text: str, **others: Any) -> dict[str, Any]:
    """Return a row of documents/."""
    row: dict[str, Any] = {
        "id": f"common_crawl/{id_}",
        "slice": "common_crawl",
        "snapshot": "CC-MAIN-2099-01",
        "text": text,
        "url": f"https://example.org/{id_}",
        "source_domain": "example.org",
        "digest": f"sha1:{id_}",
        "source": {"uri": "a.warc.gz", "offset": 0},
        "length": len(text),
        "nlines": text.count("\n") + 1,
    }
    return {**row, **others}


def fill(
    spark: SparkSession,
    root: Path | str,
    name: str,
    rows: Iterable[Mapping[str, Any]],
    *,
    run: str = "first",
    partitions: int = 1,
    inputs: Iterable[Mapping[str, Any]] = (),
    labels: Mapping[str, str] | None = None,
) -> None:
    """Publish the rows as the table; columns missing in a row are null.

    Spark writes them only to several partitions: a job takes half a second.
    """
    schema = TABLES[name].schema
    table = Context(str(root), spark).table(name)
    described: dict[str, Any] = {"run": run, "job": "test", "labels": dict(labels or _LABELS)}
    if partitions == 1:
        values = [from_spark(row, schema) for row in rows]
        folder = table.write_values(values, **described)
    else:
        tuples = [tuple(row.get(column) for column in schema.names) for row in rows]
        frame = spark.createDataFrame(tuples, schema).repartition(partitions)
        folder = table.write(frame, **described)
    table.publish([folder], run=run, replacing=table.manifest, inputs=list(inputs))


def from_spark(value: Any, type_: T.DataType) -> Any:
    """Return a value that Spark takes as pyarrow takes it: structs as mappings, maps as pairs.

    Surrogates, which pyarrow refuses, become U+FFFD one by one, as on their way to Spark.
    """
    if value is None:
        return None
    if isinstance(type_, T.StructType):
        values = value if isinstance(value, Mapping) else dict(zip(type_.names, value, strict=True))
        return {field.name: from_spark(values.get(field.name), field.dataType) for field in type_}
    if isinstance(type_, T.ArrayType):
        return [from_spark(item, type_.elementType) for item in value]
    if isinstance(type_, T.MapType):
        return [
            (from_spark(key, type_.keyType), from_spark(item, type_.valueType))
            for key, item in value.items()
        ]
    return _SURROGATE.sub("\ufffd", value) if isinstance(value, str) else value


_SURROGATE = re.compile("[\ud800-\udfff]")
_LABELS = {"slice": "common_crawl", "snapshot": "CC-MAIN-2099-01"}


def collect(
    spark: SparkSession, root: Path | str, name: str, *columns: str
) -> list[tuple[Any, ...]]:
    """Return the rows of a table as sorted tuples of the given columns.

    The files are read without a Spark job, which would take half a second; the values are Spark's all the
    same. Expressions, such as a field of a column, are left to Spark.
    """
    types = {field.name: field.dataType for field in TABLES[name].schema.fields}
    if not columns or set(columns) - set(types):
        frame = tables.read(spark, str(root), name).select(*columns)
        return sorted(tuple(row) for row in frame.collect())
    return sorted(
        tuple(_as_spark(row.get(column), types[column]) for column in columns)
        for row in stored_rows(str(root), name)
    )


def _as_spark(value: Any, type_: T.DataType) -> Any:
    """Return a value of pyarrow, or the text of a partition, as Spark returns it."""
    if value is None:
        return None
    if isinstance(type_, T.StructType):
        fields = T.Row(*type_.names)
        return fields(*(_as_spark(value.get(field.name), field.dataType) for field in type_))
    if isinstance(type_, T.ArrayType):
        return [_as_spark(item, type_.elementType) for item in value]
    if isinstance(type_, T.MapType):
        return {key: _as_spark(item, type_.valueType) for key, item in value}
    return int(value) if isinstance(type_, T.IntegralType) else value
