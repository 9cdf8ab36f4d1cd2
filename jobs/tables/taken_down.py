"""Exclude documents that have been taken down: every job filters its input so.

An empty takedowns/ costs one read of its manifest. Otherwise a task asks a set of hashes
(`udfs.addresses.takedown_keys.Named`) by id, address, digest and domain, at some microseconds a
document; no text crosses into Python for it.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T
from pyspark.sql.pandas.functions import pandas_udf

from jobs import storage
from jobs.tables import damage, integrity, manifest
from jobs.tables.manifest import Manifest
from schemas.errors import UserError
from schemas.tables.documents import DOCUMENTS
from schemas.tables.outcomes import COUNTED, KEPT
from udfs.addresses.takedown_keys import Named, key_of_stored

REASON = "taken-down"
"""Reason under which jobs count such documents."""

KEYS = ("id", "url", "digest", "source_domain", "messages")
"""The columns that a takedown can name a document by; a table may lack all but the first."""

COLUMNS = (*KEYS[:-1], "messages.list.element.id")
"""The same as columns of Parquet: of messages their ids alone."""


def files(root: str) -> tuple[str, ...]:
    """Return the addresses of the Parquet files of takedowns/; none where nothing was taken down."""
    return files_of(root, manifest.current(root, "takedowns"))


def files_of(root: str, version: Manifest | None) -> tuple[str, ...]:
    """Return the addresses of the files of a version of takedowns/.

    Raises
    ------
    UserError
        One is lost or cut: without it documents would come back.
    """
    base = storage.join(root, "takedowns")
    for folder in version.folders if version else ():
        faults = integrity.lost(base, folder)
        if faults:
            raise UserError(integrity.message(root, "takedowns", folder, faults))
    return tuple(storage.join(base, file.path) for file in (version.files if version else ()))


def exclude(rows: DataFrame, root: str) -> DataFrame:
    """Return the rows without documents that have been taken down.

    Parameters
    ----------
    rows
        With `id`, and those of the other `KEYS` that the table has.
    """
    return rows.where(~is_named(rows, root)) if files(root) else rows


def is_named(rows: DataFrame, root: str) -> Column:
    """Return whether a document has been taken down."""
    entries = files(root)
    return named_by(rows, entries).isNotNull() if entries else F.lit(False)


def counts(rows: DataFrame, root: str) -> dict[str, int]:
    """Return how many documents `exclude` drops, by reason, as a run record has it; {} for none.

    Only their `KEYS` are read.
    """
    entries = files(root)
    n = rows.where(named_by(rows, entries).isNotNull()).count() if entries else 0
    return {REASON: n} if n else {}


def as_counts(outcomes: DataFrame, root: str) -> DataFrame:
    """Replace documents that have been taken down by counts, which hold nothing of them.

    Parameters
    ----------
    outcomes
        As `schemas.tables.outcomes` has them for documents/.
    """
    entries = files(root)
    if not entries:
        return outcomes
    marked = outcomes.withColumn("taken", named_by(outcomes, entries).isNotNull())
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
    return marked.select(
        *(
            F.when(taken, changed[name]).otherwise(F.col(name)).alias(name)
            if name in changed
            else name
            for name in outcomes.columns
        )
    )


def named_by(rows: DataFrame, entries: Sequence[str]) -> Column:
    """Return the takedowns that name a document, as `takedown_keys.key` writes them; null for none."""
    uris = tuple(entries)

    def matches(
        ids: pd.Series,
        urls: pd.Series,
        digests: pd.Series,
        source_domains: pd.Series,
        messages: pd.Series,
    ) -> pd.Series:
        entries = load(uris)
        columns = (column.tolist() for column in (ids, urls, digests, source_domains, messages))
        return pd.Series(entries.matches(*columns), dtype=object)

    matching = pandas_udf(matches, T.ArrayType(T.StringType()))  # type: ignore[call-overload]
    null = F.lit(None).cast("string")
    plain = [F.col(name) if name in rows.columns else null for name in KEYS[:-1]]
    message_ids = F.col("messages.id") if "messages" in rows.columns else null
    names: Column = matching(*plain, message_ids)
    return names


@functools.lru_cache(maxsize=4)
def load(entries: tuple[str, ...]) -> Named:
    """Return the set of keys in Parquet files with `kind` and `value`; a worker reads them once."""
    return Named(_keys(entries))


def _keys(entries: Sequence[str]) -> Iterator[str]:
    return (key_of_stored(row["kind"], row["value"]) for row in rows_of(entries, "kind", "value"))


def rows_of(entries: Sequence[str], *columns: str) -> Iterator[dict[str, Any]]:
    """Yield columns of Parquet files of entries; without names all columns."""
    for uri in entries:
        with damage.named(uri), storage.open_seekable(uri) as stream:
            for batch in pq.ParquetFile(stream).iter_batches(columns=list(columns) or None):
                yield from batch.to_pylist()
