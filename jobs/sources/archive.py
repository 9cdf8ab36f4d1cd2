"""Rows of one WARC or ARC archive, plain or in gzip: its records and its fault, if it has one."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import BinaryIO

from jobs.sources.arc_format import ArcFormat
from jobs.sources.buffer import Window
from jobs.sources.faults import EMPTY, NOT_AN_ARCHIVE, PANIC, Fault
from jobs.sources.framing import Record, read_records
from jobs.sources.inflate import Inflated
from jobs.sources.warc_format import WarcFormat
from jobs.sources.warc_rows import Row, Wanted, fault_row, to_row
from udfs.extract.panic import is_panic

_log = logging.getLogger(__name__)


def read_archive(stream: BinaryIO, uri: str, wanted: Wanted) -> Iterator[Row]:
    """Yield one row per wanted record, and a last one for the fault that ends the archive, if any.

    Never raise for bad content: any exception of the reader becomes the last row.
    """
    offset = 0
    try:
        for record in _records(stream, wanted):
            offset = record.offset
            yield to_row(record, uri, wanted)
    except Fault as fault:
        yield fault_row(uri, fault.offset, fault.error, fault.message)
    except Exception as error:  # noqa: BLE001 - it becomes a row
        # one unforeseen archive must not end a job over a hundred thousand
        _log.exception("the reader failed")
        yield fault_row(uri, offset, PANIC, f"{type(error).__name__}: {error}")
    except BaseException as error:
        if not is_panic(error):
            raise
        yield fault_row(uri, offset, PANIC, f"{type(error).__name__}: {error}")


def _records(stream: BinaryIO, wanted: Wanted) -> Iterator[Record]:
    inflated = Inflated(stream)
    window = Window(inflated)
    try:
        if not window.skip_newlines():
            raise Fault(EMPTY, "there is no record in it" if inflated.head else "it has no bytes")
        archive_format = _format(window, wanted)
    except Fault as fault:
        fault.offset = 0
        raise
    if archive_format is None:
        raise Fault(NOT_AN_ARCHIVE, f"neither WARC nor ARC begins with {window.peek(24)!r}")
    yield from read_records(window, inflated, archive_format.starts, archive_format.read)


def _format(window: Window, wanted: Wanted) -> WarcFormat | ArcFormat | None:
    for archive_format in (WarcFormat, ArcFormat):
        if archive_format.starts(window):
            return archive_format(wanted.record_types, wanted.max_record_bytes)
    return None
