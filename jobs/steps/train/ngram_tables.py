"""Tables of n-grams with their counts and adjusted counts, from which a model is estimated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import from_arrow_schema

from jobs import storage
from udfs.language_models.ngram_batches import COUNTED, count_batches

Sentences = Callable[[Iterable[str]], Iterator[Sequence[str]]]
"""Splits texts into sentences, each a list of words; it must be picklable."""


class Steps:
    """Intermediate tables in a scratch folder."""

    def __init__(self, like: DataFrame, folder: str) -> None:
        self._read = like.sparkSession.read
        self._folder = folder

    def keep(self, name: str, rows: DataFrame, by: str | None = None) -> DataFrame:
        """Write rows, and return them as read from the file system."""
        uri = storage.join(self._folder, name)
        writer = rows.write.partitionBy(by) if by else rows.write
        writer.parquet(uri)
        return self._read.schema(rows.schema).parquet(uri)


def count(texts: DataFrame, sentences: Sentences, order: int) -> DataFrame:
    """Count the n-grams of the highest order, and the shorter ones that begin a sentence."""

    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        lines = (text for batch in batches for text in batch.column("text").to_pylist())
        return count_batches(sentences(lines), order)

    rows = texts.mapInArrow(work, from_arrow_schema(COUNTED))
    return rows.groupBy("ngram", "length").agg(F.sum("count").alias("count"))


def adjusted(counted: DataFrame, order: int, steps: Steps) -> list[DataFrame]:
    """Return `ngram`, `count` and `adjusted` of all n-grams, a table for each order.

    The adjusted count is the count for the highest order and for n-grams that begin with `<s>`; for
    any other n-gram it is the number of distinct words before it. It is 0 for `<s>` and `<unk>`.
    """
    tables: list[DataFrame] = []
    for length in range(order, 0, -1):
        own = F.col("count") if length > 1 else F.lit(0).cast("long")
        table = counted.where(F.col("length") == length)
        table = table.select("ngram", "count", own.alias("adjusted"))
        if tables:
            longer = tables[-1].groupBy(suffix(length + 1).alias("ngram"))
            table = table.union(
                longer.agg(F.sum("count").alias("count"), F.count("*").alias("adjusted"))
            )
        tables.append(steps.keep(f"adjusted-{length}", table))
    return tables[::-1]


def prefix(length: int) -> Column:
    """Return the n-gram without its last word."""
    return F.substring_index("ngram", " ", length - 1)


def suffix(length: int) -> Column:
    """Return the n-gram without its first word."""
    return F.substring_index("ngram", " ", 1 - length)
