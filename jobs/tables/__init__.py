"""The tables of a root: manifests, reading and writing, run records, the takedown filter."""

from __future__ import annotations

from types import SimpleNamespace

from pyspark.sql import DataFrame, SparkSession

from jobs.tables.table_handle import TableHandle

__all__ = ["TableHandle", "read"]


def read(spark: SparkSession, root: str, name: str) -> DataFrame:
    """Return the current version of a table, with the columns of `schemas.tables.TABLES`.

    Raises
    ------
    UserError
        There is no such table, or no job has written it yet.
    """
    return TableHandle(SimpleNamespace(spark=spark, root=root), name).read()
