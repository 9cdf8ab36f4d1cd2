"""Whether a document has been taken down: what every job asks of its input.

Where takedowns/ is empty it costs one look at its manifest. Else a task asks a set of hashes
(`udfs.addresses.takedown_keys.Named`) by id, address, digest and domain, at some microseconds a
document; no text crosses into Python for it.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence

import pandas as pd
import pyarrow.parquet as pq
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T
from pyspark.sql.pandas.functions import pandas_udf

from jobs import storage
from jobs.tables import manifest
from schemas.tables.documents import DOCUMENTS
from schemas.tables.outcomes import COUNTED, KEPT
from udfs.addresses.takedown_keys import Named, key

REASON = "taken-down"
"""What jobs count such documents under."""

KEYS = ("id", "url", "digest", "source_domain")
"""The columns that a takedown can name a document by; a table may lack the last three."""


def files(root: str) -> tuple[str, ...]:
    """Where the Parquet files of takedowns/ are; none where nothing was taken down."""
    found = manifest.current(root, "takedowns")
    return (
        tuple(storage.join(root, "takedowns", each.path) for each in found.files) if found else ()
    )


def without(rows: DataFrame, root: str) -> DataFrame:
    """Leave out the documents that have been taken down.

    Parameters
    ----------
    rows
        With `id` and what there is of the other `KEYS`.
    """
    entries = files(root)
    return rows.where(named_by(rows, entries).isNull()) if entries else rows


def reasons(rows: DataFrame, root: str) -> dict[str, int]:
    """How many documents `without` leaves out, as a run's record has it; nothing where it is none.

    Only their `KEYS` are read.
    """
    entries = files(root)
    n = rows.where(named_by(rows, entries).isNotNull()).count() if entries else 0
    return {REASON: n} if n else {}


def counted(outcomes: DataFrame, root: str) -> DataFrame:
    """Make documents that have been taken down into counts, with nothing of them left.

    Parameters
    ----------
    outcomes
        As `schemas.tables.outcomes` has them for documents/.
    """
    entries = files(root)
    if not entries:
        return outcomes
    told = outcomes.withColumn("taken", named_by(outcomes, entries).isNotNull())
    note = {
        "outcome": F.lit(COUNTED),
        "stage": F.lit("ingest"),
        "reason": F.lit(REASON),
        "uri": F.col("source.uri"),
        "n": F.lit(1).cast("long"),
    }
    empty = {name: F.lit(None) for name in DOCUMENTS.names if name != "slice"}
    taken = F.col("taken") & (F.col("outcome") == KEPT)
    changed = {**empty, **note}
    return told.select(
        *(
            F.when(taken, changed[name]).otherwise(F.col(name)).alias(name)
            if name in changed
            else name
            for name in outcomes.columns
        )
    )


def named_by(rows: DataFrame, entries: Sequence[str]) -> Column:
    """Return the takedowns that name a document, as `takedown_keys.key` writes them; null for none."""
    where = tuple(entries)

    def matches(
        ids: pd.Series, urls: pd.Series, digests: pd.Series, source_domains: pd.Series
    ) -> pd.Series:
        named = load(where)
        columns = (each.tolist() for each in (ids, urls, digests, source_domains))
        return pd.Series(named.matches(*columns), dtype=object)

    told = pandas_udf(matches, T.ArrayType(T.StringType()))  # type: ignore[call-overload]
    null = F.lit(None).cast("string")
    found: Column = told(*(F.col(name) if name in rows.columns else null for name in KEYS))
    return found


@functools.lru_cache(maxsize=4)
def load(entries: tuple[str, ...]) -> Named:
    """Return the set of what Parquet files with `kind` and `value` name; a worker reads them once."""
    return Named(_keys(entries))


def _keys(entries: Sequence[str]) -> Iterator[str]:
    for uri in entries:
        with storage.open_seekable(uri) as stream:
            for batch in pq.ParquetFile(stream).iter_batches(columns=["kind", "value"]):
                pairs = zip(*(column.to_pylist() for column in batch.columns), strict=True)
                yield from (key(kind, value) for kind, value in pairs)
