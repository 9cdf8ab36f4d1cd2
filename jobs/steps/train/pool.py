"""A pool of texts from which to draw: each text once, in the order of a keyed hash.

The first reading brings hashes alone to the driver, of the lowest `at_most`; the second brings the texts
up to one of these. So a crawl of any size can be drawn from, and no text of the others is moved.
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

_KEYED = pa.schema([("key", pa.int64()), ("text", pa.string()), ("reason", pa.string())])
_KEYED_DDL = "key long, text string, reason string"
NO_TEXT, SHORT = "without text", "too short"

Clean = Callable[[str], str]


@dataclass(frozen=True)
class Pool:
    """What may be drawn.

    Attributes
    ----------
    keys
        The lowest hashes, sorted.
    read, without_text, short
        Documents that were read, and of these those that have no text or too few characters.
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
        """`key` and `text` (cleaned) of the texts with the lowest hashes, each text once."""
        last = int(self.keys[count - 1])
        keyed = self.rows.mapInArrow(
            _keyed(self.seed, self.clean, self.min_length, last), _KEYED_DDL
        )
        return keyed.where(F.col("key") <= last).select("key", "text").dropDuplicates(["key"])


def pool(
    rows: DataFrame, *, seed: int, at_most: int, clean: Clean = str, min_length: int = 0
) -> Pool:
    """Look through a column `text`.

    Parameters
    ----------
    at_most
        How many texts will be drawn, at the most.
    clean
        What is done to a text first; one of which nothing is left is one without text.
    min_length
        Characters, before that, below which a document is left out.
    """
    seen = Observation()
    keyed = rows.mapInArrow(_keyed(seed, clean, min_length, None), _KEYED_DDL).observe(
        seen,
        F.count(F.lit(1)).alias("read"),
        F.count(F.when(F.col("reason") == NO_TEXT, 1)).alias("without_text"),
        F.count(F.when(F.col("reason") == SHORT, 1)).alias("short"),
    )
    keys = keyed.where("key is not null").select("key").distinct().orderBy("key").limit(at_most)
    found = keys.toArrow().column("key").to_numpy()
    counts = seen.get
    return Pool(
        rows, seed, clean, min_length, found, **{name: int(counts[name]) for name in counts}
    )


def _keyed(
    seed: int, clean: Clean, min_length: int, last: int | None
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """Give each text its hash; the texts come along only up to the hash `last`."""

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
            made = [row(text) for text in batch.column("text").to_pylist()]
            columns = zip(*made, strict=True) if made else ((), (), ())
            arrays = [
                pa.array(list(values), field.type)
                for values, field in zip(columns, _KEYED, strict=True)
            ]
            yield pa.record_batch(arrays, schema=_KEYED)

    return work
