"""Records one after the other, each handed on only when what follows it shows that it is whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from jobs.sources.buffer import Window
from jobs.sources.faults import BAD_LENGTH, TRUNCATED_RECORD, Fault
from jobs.sources.inflate import CHUNK, Inflated

# a record's or a message's header is a few hundred bytes; a whole archive must not pass for one
HEADER_LIMIT = 1 << 18


@dataclass(frozen=True, slots=True)
class Record:
    """One record as stored.

    Attributes
    ----------
    offset
        Where it starts, as in `schemas.sources.warc_records`.
    type
        WARC-Type; `response` or `warcinfo` for ARC.
    headers
        WARC headers by name in small letters; an ARC header by the names WARC has for the same.
    block
        What is behind the header: all of it, or the first `HEADER_LIMIT` bytes where that is more
        than was asked for.
    length
        Bytes of the block, all of it.
    """

    offset: int
    type: str
    headers: dict[str, str]
    block: bytes
    length: int


def read_records(
    window: Window,
    inflated: Inflated,
    starts: Callable[[Window], bool],
    read: Callable[[Window, int], Record | None],
) -> Iterator[Record]:
    """Yield the records of an archive.

    Parameters
    ----------
    window
        Over `inflated`, at its start.
    starts
        Whether a record starts where the window is.
    read
        Reads the record that starts there, given its offset; None where it is not wanted.

    Raises
    ------
    Fault
        With the offset of the first record that is not whole. A record whose length leads to
        neither a record nor the end is not whole: nobody knows what it was to hold.
    """
    record: Record | None = None
    offset = end = 0
    while True:
        try:
            more = window.skip_newlines()
            started = more and starts(window)
        except Fault as fault:
            if fault.position is not None and fault.position >= end:
                if record:
                    yield record
                offset = fault.offset
            fault.offset = offset
            raise
        begun = inflated.member_between(end, window.position)
        if more and not started:
            misplaced = _misplaced(window)
            misplaced.offset = offset
            if begun is not None:  # the record ends where its gzip member does
                misplaced.offset = begun
                if record:
                    yield record
            raise misplaced
        if record:
            yield record
        if not more:
            return
        offset = window.position if begun is None else begun
        try:
            record = read(window, offset)
        except Fault as fault:
            fault.offset = offset
            raise
        end = window.position


def _misplaced(window: Window) -> Fault:
    """Return what is wrong where neither a record nor the end is."""
    try:
        found = f"no record begins at byte {window.position}, but {window.peek(24)!r}"
        # damage can come out as a few wrong bytes before it is noticed
        window.skip(CHUNK)
    except Fault as fault:
        return fault
    return Fault(BAD_LENGTH, found)


def read_block(window: Window, length: int, limit: int) -> bytes:
    """Return a block of `length` bytes, or its beginning and skip the rest where it is too long.

    Raises
    ------
    Fault
        The archive ends before the block does.
    """
    if length <= limit:
        block = window.read(length)
        missing = length - len(block)
    else:
        block = window.read(min(length, HEADER_LIMIT))
        missing = length - len(block) - window.skip(length - len(block))
    check_missing(missing, length)
    return block


def skip_block(window: Window, length: int) -> None:
    """Move behind a block; raises as `read_block`."""
    check_missing(length - window.skip(length), length)


def check_missing(missing: int, length: int) -> None:
    """Raise a Fault where a block of `length` bytes lacks some."""
    if missing:
        message = f"the archive ends {missing} bytes before a record of {length} bytes does"
        raise Fault(TRUNCATED_RECORD, message)
