"""Entries of a takedown: read from the command line or a file, recorded in takedowns/."""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Iterator
from datetime import date, datetime, timezone
from itertools import islice

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs import storage
from jobs.runtime.context import Context
from jobs.tables import parquet_footers
from schemas.errors import UserError
from schemas.settings.takedown import TakedownConfig
from schemas.tables.takedowns import TAKEDOWNS
from udfs.addresses import takedown_keys
from udfs.addresses.takedown_keys import KINDS, parse_lines

_ENTRIES = pa.schema([("kind", pa.string()), ("value", pa.string())])
_BATCH = 100_000


def requested(config: TakedownConfig) -> Iterator[tuple[str, str]]:
    """Yield kind and value of each entry on the command line and in the file of `--from`.

    Raises
    ------
    UserError
        A value cannot name a document, or the file has a line of another form.
    """
    for kind in KINDS:
        for value in getattr(config, kind):
            try:
                yield kind, takedown_keys.requested(kind, value)
            except ValueError as error:
                raise UserError(f"--{kind}: {error}") from error
    uri = config.from_
    if uri is not None:
        try:
            with storage.open_stream(uri) as stream:
                yield from parse_lines(io.TextIOWrapper(stream, encoding="utf-8-sig"))
        except OSError as error:
            raise UserError(f"cannot read {uri}: {error.strerror or error}") from error
        except ValueError as error:
            raise UserError(f"--from {uri}: {error}") from error


def check(config: TakedownConfig) -> None:
    """Read all entries before anything is changed.

    Raises
    ------
    UserError
        As for `requested`, or there is no entry.
    """
    day(config.date)
    if not sum(1 for _ in requested(config)):
        options = ", ".join(f"--{kind}" for kind in KINDS)
        raise UserError(f"nothing to take down: give {options} or --from")


def day(text: str | None) -> str:
    """Return the date of a takedown as YYYY-MM-DD: the given one, or today's in UTC."""
    if text is None:
        return f"{datetime.now(timezone.utc):%Y-%m-%d}"
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            raise ValueError
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise UserError(f"--date: expected YYYY-MM-DD, found {text!r}") from None


def stored(context: Context, config: TakedownConfig, path: str) -> DataFrame:
    """Store the entries below a folder; return their distinct `kind` and `value`.

    The driver holds one batch at a time.
    """
    pairs = requested(config)
    uri = storage.join(path, "entries.parquet")
    with tempfile.TemporaryFile() as local:
        with pq.ParquetWriter(local, _ENTRIES) as writer:
            while part := list(islice(pairs, _BATCH)):
                columns = [pa.array(column, pa.string()) for column in zip(*part, strict=True)]
                writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=_ENTRIES))
        storage.write_file(uri, local)
    return context.spark.read.parquet(path).dropDuplicates()


def record(
    context: Context, entries: DataFrame, config: TakedownConfig, run: str, below: str
) -> int:
    """Add entries to takedowns/ and publish it; an entry that exists keeps its date and reason.

    Returns
    -------
    int
        Number of new entries.
    """
    table, attempt = context.table("takedowns"), 0
    while True:
        before = table.manifest
        known = table.read_folders(before.folders if before else ())
        new = entries.join(known, ["kind", "value"], "left_anti").withColumns(
            {"date": F.lit(day(config.date)), "reason": F.lit(config.reason)}
        )
        rows = known.unionByName(new.select(*TAKEDOWNS.names))
        # one file, since every worker of every job reads all of it
        rows = rows.coalesce(1).sortWithinPartitions("kind", "value")
        folder = table.write(rows, run=run, below=f"{below}-{attempt}")
        total = before.rows if before else 0
        if folder.rows == total:
            storage.remove_tree(table.uri(folder.path))
            return 0
        try:
            table.publish([folder], run=run, replacing=before)
        except storage.Conflict:
            attempt += 1
            continue
        return folder.rows - total


def files_of(documents: DataFrame, path: str) -> tuple[str, ...]:
    """Write `id` to a folder as `kind` and `value`, with the other columns.

    Returns
    -------
    tuple
        Addresses of the files, in the form that `jobs.tables.taken_down.load` reads.
    """
    of_ids(documents).write.parquet(path)
    return parquet_files(path)


def parquet_files(path: str) -> tuple[str, ...]:
    """Return the addresses of the Parquet files below a folder."""
    return tuple(stored.uri for stored in parquet_footers.parquet_objects(path))


def of_ids(documents: DataFrame) -> DataFrame:
    """Return the rows with `kind` and `value` in place of `id`."""
    return documents.withColumnRenamed("id", "value").withColumn("kind", F.lit("id"))
