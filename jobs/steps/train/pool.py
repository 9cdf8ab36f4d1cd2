"""Sample distinct texts by a keyed hash, from inputs of any size.

The first pass sends the lowest `at_most` hashes to the driver, without texts. The second pass returns the
texts up to one of these hashes; no other text is moved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyspark.sql import DataFrame, Observation
from pyspark.sql import functions as F

from udfs.keyed_hash import keyed_hash

_KEYED = pa.schema(
    [("key", pa.int64()), ("text", pa.string()), ("url", pa.string()), ("reason", pa.string())]
)
_KEYED_DDL = "key long, text string, url string, reason string"
NO_TEXT, SHORT = "without text", "too short"

Clean = Callable[[str], str]


@dataclass(frozen=True)
class Pool:
    """Texts to sample from.

    Attributes
    ----------
    keys
        The lowest hashes, sorted.
    read, without_text, short
        Numbers of documents read, of those without text, and of those with too few characters.
    """

    rows: DataFrame
    seed: int
    clean: Clean
    min_length: int
    keys: npt.NDArray[np.int64]
    read: int
    without_text: int
    short: int

    def draw(self, count: int) -> DataFrame:
        """Return `key`, the cleaned `text` and `url` of the texts with the lowest hashes, each text once.

        Of the addresses of a repeated text the least is its `url`.
        """
        last = int(self.keys[count - 1])
        keyed = self.rows.mapInArrow(
            _keyed(self.seed, self.clean, self.min_length, last), _KEYED_DDL
        )
        drawn = keyed.where(F.col("key") <= last)
        return drawn.groupBy("key").agg(F.first("text").alias("text"), F.min("url").alias("url"))


def build_pool(
    rows: DataFrame, *, seed: int, at_most: int, clean: Clean = str, min_length: int = 0
) -> Pool:
    """Hash the column `text` of rows of `text` and `url`, and count them.

    Parameters
    ----------
    at_most
        Maximum number of texts to draw.
    clean
        Applied to each text before it is hashed; an empty result counts as no text.
    min_length
        Minimum length of a text in characters, before `clean`.
    """
    observed = Observation()
    keyed = rows.mapInArrow(_keyed(seed, clean, min_length, None), _KEYED_DDL).observe(
        observed,
        F.count(F.lit(1)).alias("read"),
        F.count(F.when(F.col("reason") == NO_TEXT, 1)).alias("without_text"),
        F.count(F.when(F.col("reason") == SHORT, 1)).alias("short"),
    )
    keys = keyed.where("key is not null").select("key").distinct().orderBy("key").limit(at_most)
    lowest = keys.toArrow().column("key").to_numpy()
    counts = observed.get
    return Pool(
        rows, seed, clean, min_length, lowest, **{name: int(counts[name]) for name in counts}
    )


def _keyed(
    seed: int, clean: Clean, min_length: int, last: int | None
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """Return a function that hashes texts; it returns the texts only up to the hash `last`."""

    def row(text: str | None) -> tuple[int | None, str | None, str | None]:
        if text is not None and len(text) < min_length:
            return None, None, SHORT
        cleaned = clean(text or "")
        if not cleaned:
            return None, None, NO_TEXT
        key = keyed_hash(seed, "draw", cleaned)
        return key, cleaned if last is not None and key <= last else None, None

    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            rows = [row(text) for text in batch.column("text").to_pylist()]
            keys, texts, reasons = zip(*rows, strict=True) if rows else ((), (), ())
            columns = (keys, texts, batch.column("url").to_pylist(), reasons)
            arrays = [
                pa.array(list(values), field.type)
                for values, field in zip(columns, _KEYED, strict=True)
            ]
            yield pa.record_batch(arrays, schema=_KEYED)

    return work
