"""WARC records, versions 0.17 to 1.1, as crawlers, Common Crawl, wget and text editors write them."""

from __future__ import annotations

import re

from jobs.sources.buffer import Window
from jobs.sources.faults import BAD_HEADER, TRUNCATED_RECORD, Fault
from jobs.sources.framing import HEADER_LIMIT, Record, read_block, skip_block

_VERSION = re.compile(rb"WARC/\d+\.\d+[ \t]*(\r?)\n")
_VERSION_BYTES = 24
_HEADER_END = re.compile(rb"\n\r?\n")
_TYPE = re.compile(rb"(?i)\nWARC-Type[ \t]*:([^\r\n]*)")
_CONTENT_LENGTH = re.compile(rb"(?i)\nContent-Length[ \t]*:([^\r\n]*)")
_FIELD = re.compile(r"\n([^:\s]+)[ \t]*:[ \t]*([^\r\n]*)")
_FOLD = re.compile(r"\r?\n[ \t]+")
_NEXT_RECORD = re.compile(rb"\n(?=WARC/\d+\.\d+[ \t]*\r?\n)")
_LF_TERMINATOR = b"\n\n"


class WarcFormat:
    """Reads WARC records from the window's position.

    Parameters
    ----------
    types
        The wanted record types.
    limit
        Maximum size of a block in bytes; only the beginning of a larger one is kept.
    """

    def __init__(self, types: frozenset[str], limit: int) -> None:
        self._types = types
        self._limit = limit

    @staticmethod
    def starts(window: Window) -> bool:
        """Return whether a version line, or one cut by the archive's end, is next."""
        line = window.peek(_VERSION_BYTES)
        cut = len(line) < _VERSION_BYTES and b"WARC/".startswith(line[:5])
        return cut or _VERSION.match(line) is not None

    def read(self, window: Window, offset: int) -> Record | None:
        """Return the next record, or skip it and return None if its type is not wanted.

        Raises
        ------
        Fault
            The record's header is invalid, or the archive ends within the record.
        """
        size = window.find(_HEADER_END, HEADER_LIMIT)
        if size is None:
            if len(window.peek(HEADER_LIMIT)) < HEADER_LIMIT:
                raise Fault(TRUNCATED_RECORD, "the archive ends within a record's header")
            raise Fault(BAD_HEADER, f"a record's header is longer than {HEADER_LIMIT} bytes")
        raw = window.read(size)
        # most records are skipped, so the whole header is parsed only for wanted ones
        kind = _first(_TYPE, raw).lower()
        length = _length(_first(_CONTENT_LENGTH, raw))
        if not raw.partition(b"\n")[0].endswith(b"\r"):
            length = _length_in_text_file(window, length, self._limit)
        if kind not in self._types:
            skip_block(window, length)
            return None
        block = read_block(window, length, self._limit)
        return Record(offset, kind, parse_headers(raw), block, length)


def parse_headers(raw: bytes) -> dict[str, str]:
    """Return header fields by lower-case name; the first value wins for a repeated name.

    Headers are decoded as UTF-8, or as Latin-1 if they are not UTF-8. A line that begins with a
    blank continues the previous one. The first line, the version or status, is skipped.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    if "\n " in text or "\n\t" in text:
        text = _FOLD.sub(" ", text)
    fields = _FIELD.findall(text)
    return {name.lower(): value.rstrip() for name, value in reversed(fields)}


def _first(pattern: re.Pattern[bytes], raw: bytes) -> str:
    match = pattern.search(raw)
    return match[1].decode("latin-1").strip() if match else ""


def _length(value: str) -> int:
    # 18 digits are an exabyte; int() would accept thousands of digits
    if not (value.isascii() and value.isdigit() and len(value) <= 18):
        raise Fault(BAD_HEADER, f"a record's Content-Length is {value[:40]!r}")
    return int(value)


def _length_in_text_file(window: Window, length: int, limit: int) -> int:
    """Return the length of a block in an archive whose lines end in LF instead of CRLF.

    Such an archive was changed by a text editor, and its lengths count the original bytes. If a
    length does not fit, the block ends before the next version line, as CCNet reads all WET files,
    without the empty lines that end a record.
    """
    if length <= limit:
        block = window.peek(length + _VERSION_BYTES)
        following = block[length:].lstrip(b"\r\n")
        if len(block) >= length and (not following or following.startswith(b"WARC/")):
            return length
    size = window.find(_NEXT_RECORD, limit)
    if size is None:
        size = len(window.peek(limit))
    return size - len(_LF_TERMINATOR) * window.peek(size).endswith(_LF_TERMINATOR)
