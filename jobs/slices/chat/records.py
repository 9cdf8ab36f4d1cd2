"""Records of a chat set's file: rows of Parquet, lines of JSON, or the elements of one JSON array."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from jobs import storage
from jobs.sources import json_array, lines, parquet_rows
from jobs.sources.decompress import BZIP2_MAGIC, XZ_MAGIC, ZSTD_MAGIC, decompressed
from jobs.sources.faults import STORAGE, Fault
from jobs.sources.inflate import GZIP_MAGIC
from jobs.sources.splits import ByteRange
from udfs.extract import json_line
from udfs.extract.errors import ExtractionError

PARQUET, ARRAY, LINES = "row of Parquet", "element of a JSON array", "line of JSON"

_PARQUET = ".parquet"
_HEAD = 4096
_COMPRESSED = (GZIP_MAGIC, BZIP2_MAGIC, XZ_MAGIC, ZSTD_MAGIC)


class Record(NamedTuple):
    """A record, or what is wrong with it.

    Attributes
    ----------
    offset
        Bytes into the file without its compression; in Parquet the row's number.
    unread
        Why it could not be read.
    broken
        Why it cannot be parsed.
    """

    offset: int
    values: dict[str, Any] | None = None
    unread: Fault | None = None
    broken: ExtractionError | None = None


def named_parquet(uri: str) -> bool:
    """Return whether a file's name says that it is Parquet."""
    return uri.lower().endswith(_PARQUET)


def kind(uri: str) -> str:
    """Return what a file's records are, by its first bytes.

    Raises
    ------
    OSError
        It cannot be read.
    """
    head = storage.read_range(uri, 0, _HEAD)
    # a broken file named .parquet is one fault, not thousands of broken lines
    if named_parquet(uri) or head.startswith(parquet_rows.MAGIC):
        return PARQUET
    if head.startswith(_COMPRESSED):
        try:
            with storage.open_stream(uri) as stream:
                head = next(decompressed(stream), b"")
        except Fault:
            return LINES  # its reader reports the fault
    return ARRAY if json_array.begins_array(head) else LINES


def read(
    byte_range: ByteRange, columns: Sequence[str], needed: Sequence[str], max_bytes: int
) -> Iterator[Record]:
    """Yield the records that begin in a byte range of a file.

    Parameters
    ----------
    columns, needed
        Columns of Parquet to read, and those without which the file is one fault.
    """
    try:
        form = kind(byte_range.uri)
    except OSError as error:
        fault = Fault(STORAGE, f"{type(error).__name__}: {error}")
        yield Record(byte_range.start, unread=fault)
        return
    if form == PARQUET:
        for row in parquet_rows.read_rows(byte_range, columns, needed, max_bytes):
            yield Record(row.offset, row.values, row.fault)
    elif form == ARRAY:
        if not byte_range.start:
            with storage.open_stream(byte_range.uri) as stream:
                yield from map(_parsed, json_array.elements(decompressed(stream), max_bytes))
    else:
        for item in lines.line_bytes(byte_range, max_bytes):
            if item[2] or item[1].strip():
                yield _parsed(item)


def _parsed(item: tuple[int, bytes, Fault | None]) -> Record:
    offset, content, fault = item
    if fault:
        return Record(offset, unread=fault)
    try:
        return Record(offset, json_line.parse(content))
    except ExtractionError as error:
        return Record(offset, broken=error)
