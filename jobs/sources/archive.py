"""One archive, WARC or ARC, however compressed, as rows: records, and what is wrong with it."""

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
    """Yield a row a wanted record, and at most one more for what is lost behind a fault.

    Never raises for what an archive holds: whatever a reader makes of it becomes the last row.
    """
    offset = 0
    try:
        for record in _records(stream, wanted):
            offset = record.offset
            yield to_row(record, uri, wanted)
    except Fault as fault:
        yield fault_row(uri, fault.offset, fault.error, fault.message)
    except Exception as error:  # noqa: BLE001 - it becomes a row
        # one archive that nobody thought of must not end a job over a hundred thousand
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
    for each in (WarcFormat, ArcFormat):
        if each.starts(window):
            return each(wanted.record_types, wanted.max_record_bytes)
    return None
