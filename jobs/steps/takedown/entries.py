"""Entries of a takedown: read from the command line or a file, recorded in takedowns/."""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timezone
from itertools import islice
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql.pandas.types import to_arrow_schema

from jobs import storage
from jobs.runtime.context import Context
from jobs.tables import taken_down
from jobs.tables.manifest import Folder
from jobs.tables.table_handle import TableHandle
from schemas.errors import UserError
from schemas.settings.takedown import TakedownConfig
from schemas.tables.takedowns import TAKEDOWNS
from udfs.addresses import takedown_keys
from udfs.addresses.takedown_keys import KINDS, parse_lines

_ENTRIES = pa.schema([("kind", pa.string()), ("value", pa.string())])
_BATCH = 100_000

Row = dict[str, Any]


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
        As for `requested`, or there is no entry, or no reason.
    """
    day(config.date)
    if not config.reason.strip():
        raise UserError("--reason: it is empty: write who asked for it, and when")
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


def distinct(config: TakedownConfig) -> list[tuple[str, str]]:
    """Return the requested entries without repetitions, sorted."""
    return sorted(set(requested(config)))


def unrecorded(context: Context, entries: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return those of the entries that takedowns/ does not have yet."""
    rows = taken_down.rows_of(taken_down.files(context.root), "kind", "value")
    recorded = {(row["kind"], row["value"]) for row in rows}
    return [entry for entry in entries if entry not in recorded]


def write(entries: Iterable[tuple[str, str]], uri: str) -> tuple[str, ...]:
    """Write entries to a file, in the form that `jobs.tables.taken_down.load` reads; return its address."""
    pairs = iter(entries)
    with tempfile.TemporaryFile() as local:
        with pq.ParquetWriter(local, _ENTRIES) as writer:
            while part := list(islice(pairs, _BATCH)):
                columns = [pa.array(column, pa.string()) for column in zip(*part, strict=True)]
                writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=_ENTRIES))
        storage.write_file(uri, local)
    return (uri,)


def of_ids(ids: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the entries of documents."""
    return (("id", id_) for id_ in ids)


def record(
    context: Context, entries: Iterable[tuple[str, str]], config: TakedownConfig, run: str
) -> int:
    """Add entries to takedowns/ and publish it; an entry that exists keeps its date and reason.

    Returns
    -------
    int
        Number of new entries.
    """
    about = {"date": day(config.date), "reason": config.reason}

    def with_new(known: list[Row]) -> list[Row]:
        recorded = {(row["kind"], row["value"]) for row in known}
        new = (entry for entry in entries if entry not in recorded)
        return [*known, *({"kind": kind, "value": value, **about} for kind, value in new)]

    before, after = change(context, run, with_new)
    return after - before


def change(
    context: Context, run: str, changed: Callable[[list[Row]], list[Row]]
) -> tuple[int, int]:
    """Publish takedowns/ with other rows; where another run publishes at the same time, do it again.

    Returns
    -------
    tuple
        The number of entries before and after it.
    """
    table, attempt = context.table("takedowns"), 0
    while True:
        before = table.manifest
        known = list(taken_down.rows_of(taken_down.files_of(context.root, before)))
        rows = changed(known)
        if rows == known:
            return len(known), len(rows)
        folder = _stored(table, rows, f"{run}/entries-{attempt}", run)
        try:
            table.publish([folder], run=run, replacing=before)
        except storage.Conflict:
            attempt += 1
            continue
        return len(known), len(rows)


def _stored(table: TableHandle, rows: list[Row], path: str, run: str) -> Folder:
    """Write the entries to one file, since every worker of every job reads all of it."""
    ordered = sorted(rows, key=lambda row: (row["kind"], row["value"]))
    content = pa.Table.from_pylist(ordered, schema=to_arrow_schema(TAKEDOWNS))
    with tempfile.TemporaryFile() as local:
        pq.write_table(content, local, store_schema=False, write_page_checksum=True)
        storage.write_file(table.uri(path, "part-0.parquet"), local)
    return table.with_files(Folder(path, run, "takedown"))
