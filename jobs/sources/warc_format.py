"""WARC records, versions 0.17 to 1.1, as crawlers, Common Crawl, wget and text editors write them."""

from __future__ import annotations

import re

from jobs.sources.buffer import Window
from jobs.sources.faults import BAD_HEADER, TRUNCATED_RECORD, Fault
from jobs.sources.framing import HEADER_LIMIT, Record, read_block, skip_block
from jobs.sources.resync import find_start

UNKNOWN = "unknown"
"""Type of the records whose type the standard does not define, or that have none."""

# ISO 28500, section 6
_TYPES = frozenset(
    (
        "warcinfo",
        "response",
        "resource",
        "request",
        "metadata",
        "revisit",
        "conversion",
        "continuation",
    )
)
_VERSION = re.compile(rb"WARC/\d+\.\d+[ \t]*(\r?)\n")
_VERSION_BYTES = 24
_HEADER_END = re.compile(rb"\n\r?\n")
_TYPE = re.compile(rb"(?i)\nWARC-Type[ \t]*:")
_CONTENT_LENGTH = re.compile(rb"(?i)\nContent-Length[ \t]*:")
_FOLD = re.compile(r"\r?\n[ \t]+")
_NEXT_RECORD = re.compile(rb"\n(?=WARC/\d+\.\d+[ \t]*\r?\n)")
_CR = ord("\r")
_LF_TERMINATOR = b"\n\n"
_MEMBER_START = re.compile(rb"[\r\n]*WARC/\d+\.\d+[ \t]*\r?\n")
_AFTER_EMPTY_LINE = re.compile(rb"\n\r?\n(?=WARC/\d\.\d{1,2}[ \t]?\r?\n)")
# the fields that a record must have (ISO 28500, section 5.1), without its length, which can be wrong
_MANDATORY = (
    re.compile(rb"(?i)\nWARC-Type[ \t]*:[ \t]*\w"),
    re.compile(rb"(?i)\nWARC-Record-ID[ \t]*:[ \t]*<"),
    re.compile(rb"(?i)\nWARC-Date[ \t]*:[ \t]*\d{4}"),
)


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
        self.limit = limit

    @staticmethod
    def starts(window: Window) -> bool:
        """Return whether a version line, or one cut by the archive's end, is next."""
        line = window.peek(_VERSION_BYTES)
        if _VERSION.match(line):
            return True
        return len(line) < _VERSION_BYTES and not window.more and b"WARC/".startswith(line[:5])

    @staticmethod
    def begins(head: bytes) -> bool:
        """Return whether the first bytes of a member are a version line."""
        return _MEMBER_START.match(head) is not None

    @staticmethod
    def find_record(window: Window) -> bool:
        """Move to the next version line that begins a whole header; return False if there is none.

        The line follows an empty one, and the header has all mandatory fields.
        """
        return find_start(window, _AFTER_EMPTY_LINE, _has_mandatory_fields)

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
        kind = _value(raw, b"\nWARC-Type:", _TYPE).decode("latin-1").lower()
        if kind not in _TYPES:
            kind = UNKNOWN
        length = _length(_value(raw, b"\nContent-Length:", _CONTENT_LENGTH))
        if raw[raw.index(b"\n") - 1] != _CR:
            length = _length_in_text_file(window, length, self.limit)
        if kind not in self._types:
            skip_block(window, length, self.limit)
            return None
        block = read_block(window, length, self.limit)
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
    fields = [line.partition(":") for line in text.split("\n")[:0:-1]]
    return {name.rstrip().lower(): value.strip() for name, _, value in fields}


def _has_mandatory_fields(window: Window) -> bool:
    size = window.find(_HEADER_END, HEADER_LIMIT)
    header = window.peek(size or 0)
    return all(field.search(header) for field in _MANDATORY)


def _value(header: bytes, name: bytes, pattern: re.Pattern[bytes]) -> bytes:
    """Return a field's value; the name is found sooner as nearly all archives write it."""
    start = header.find(name) + len(name)
    if start < len(name):
        match = pattern.search(header)
        if match is None:
            return b""
        start = match.end()
    return header[start : header.index(b"\n", start)].strip()


def _length(value: bytes) -> int:
    # 18 digits are an exabyte; int() would accept thousands of digits
    if not (value.isdigit() and len(value) <= 18):
        raise Fault(BAD_HEADER, f"a record's Content-Length is {value[:40].decode('latin-1')!r}")
    return int(value)


def _length_in_text_file(window: Window, length: int, limit: int) -> int:
    """Return the length of a block in an archive whose lines end in LF instead of CRLF.

    Such an archive was changed by a text editor, and its lengths count the original bytes. If a
    length does not fit, the block ends before the next version line, as CCNet reads all WET files,
    without the empty lines that end a record.
    """
    if length <= limit and window.holds(length):
        following = window.peek(_VERSION_BYTES, skip=length).lstrip(b"\r\n")
        if not following or following.startswith(b"WARC/"):
            return length
    size = window.find(_NEXT_RECORD, limit)
    if size is None:
        size = len(window.peek(limit))
    return size - len(_LF_TERMINATOR) * window.peek(size).endswith(_LF_TERMINATOR)
