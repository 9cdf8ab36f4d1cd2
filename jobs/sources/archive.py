"""Rows of one WARC or ARC archive, plain or compressed: its records, and a row for each fault."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import BinaryIO

from jobs.sources.arc_format import ArcFormat
from jobs.sources.buffer import Window
from jobs.sources.compressions import open_members
from jobs.sources.faults import EMPTY, NOT_AN_ARCHIVE, PANIC, STORAGE, Fault
from jobs.sources.framing import ArchiveFormat, Record, RecordReader
from jobs.sources.members import CHUNK, Members, Plain
from jobs.sources.warc_format import WarcFormat
from jobs.sources.warc_rows import Row, Wanted, fault_row, to_row
from udfs.extract.panic import is_panic

_log = logging.getLogger(__name__)


def read_archive(
    stream: BinaryIO, uri: str, wanted: Wanted, size: int | None = None
) -> Iterator[Row]:
    """Yield one row per wanted record, and one for each fault of the archive, where it is.

    Never raise for bad content: any exception of the reader becomes the last row.

    Parameters
    ----------
    stream
        The archive as stored.
    uri
        Its address.
    wanted
        Selects records.
    size
        Size of the archive as stored in bytes; None or -1 if it is not known.
    """
    offset = 0
    try:
        for record in _records(stream, wanted, size):
            offset = record.offset
            if isinstance(record, Fault):
                yield fault_row(uri, offset, record.error, record.message)
            else:
                yield _row(record, uri, wanted)
    except Fault as fault:
        yield fault_row(uri, fault.offset, fault.error, fault.message)
    except Exception as error:  # noqa: BLE001 - it becomes a row
        yield _panic_row(uri, offset, error)


def _row(record: Record, uri: str, wanted: Wanted) -> Row:
    try:
        return to_row(record, uri, wanted)
    except BaseException as error:
        if not isinstance(error, Exception) and not is_panic(error):
            raise
        return _panic_row(uri, record.offset, error)


def _panic_row(uri: str, offset: int, error: BaseException) -> Row:
    # one unforeseen record or archive must not end a job over a hundred thousand
    _log.error("the reader failed", exc_info=error)
    return fault_row(uri, offset, PANIC, f"{type(error).__name__}: {error}")


def _records(stream: BinaryIO, wanted: Wanted, size: int | None) -> Iterator[Record | Fault]:
    members = open_members(stream)
    plain_size = size if isinstance(members, Plain) and size and size > 0 else None
    window = Window(members.sections(begins_record), plain_size)
    while True:
        try:
            archive_format = _format(window, wanted)
            break
        except Fault as fault:  # in the first member, before it says what it is
            yield fault
            if fault.error == STORAGE or not members.recover(begins_record):
                return
            window.restart(members.sections(begins_record), members.produced)
    if archive_format:
        yield from RecordReader(members, archive_format, window)
    elif members.is_empty:
        yield Fault(EMPTY, "it has no bytes")
    elif not window.peek(1):
        yield Fault(EMPTY, "there is no record in it")
    else:
        yield Fault(NOT_AN_ARCHIVE, f"neither WARC nor ARC begins with {window.peek(24)!r}")


def all_content(members: Members) -> Iterator[bytes]:
    """Yield the chunks of an archive, without what damage hides, at the positions of the records' offsets.

    Raises
    ------
    Fault
        The storage fails, or no member follows damage.
    """
    while True:
        try:
            yield from members
            return
        except Fault as fault:
            if fault.error == STORAGE or not members.recover(begins_record):
                raise


def _format(window: Window, wanted: Wanted) -> ArchiveFormat | None:
    """Move to the first record and return its format; None if there is no record."""
    while not window.skip_newlines():
        if not window.next_section():
            return None
    for archive_format in _FORMATS:
        if archive_format.starts(window):
            return archive_format(wanted.record_types, wanted.max_record_bytes)
    window.peek(CHUNK)  # damaged compression can yield a few wrong bytes before its fault
    return None


def begins_record(head: bytes) -> bool:
    """Return whether a record of either format begins at a member's first bytes."""
    return WarcFormat.begins(head) or ArcFormat.begins(head)


_FORMATS = (WarcFormat, ArcFormat)
