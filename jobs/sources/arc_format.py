"""ARC records, versions 1 and 2: the format of web archives before WARC, and of Common Crawl until 2012.

The format: https://archive.org/web/researcher/ArcFileFormat.php
"""

from __future__ import annotations

import re
from typing import NamedTuple

from jobs.sources.buffer import Window
from jobs.sources.faults import TRUNCATED_RECORD, Fault
from jobs.sources.framing import Record, read_block, skip_block
from jobs.sources.resync import find_start

_ADDRESS = re.compile(rb"[0-9A-Fa-f.:]+|-|null|unknown")
_DATE = re.compile(rb"\d{4,17}|-|null")
_STATUS = re.compile(rb"\d{3}|-")
_LENGTH = re.compile(rb"\d{1,18}")
# version 2 has five fields between type and length: status, checksum, location, offset, file name
_V2_FIELDS = 5
_CUT_HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]*(?::[ -~]*)?")
_BEFORE_URL = re.compile(rb"\n(?=[a-z]{3,8}:[^\s])")
_CERTAIN = re.compile(rb" (?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]+) \d{14} ")
_LINE_END = re.compile(rb"\n")
_LINE_LIMIT = 1 << 13


class ArcFormat:
    """Reads ARC records from the window's position; the parameters are those of `WarcFormat`.

    All records are responses, except the first, which describes the archive.
    """

    def __init__(self, types: frozenset[str], limit: int) -> None:
        self._types = types
        self.limit = limit

    @staticmethod
    def starts(window: Window) -> bool:
        """Return whether a record's header line, or one cut by the archive's end, is next."""
        line = _line(window)
        if line:
            return _fields(line) is not None
        line = window.peek(_LINE_LIMIT)
        if len(line) == _LINE_LIMIT or window.more:
            return False
        return _CUT_HEADER.fullmatch(line) is not None

    @staticmethod
    def begins(head: bytes) -> bool:
        """Return whether the first bytes of a member are a header line."""
        line, end, _ = head.lstrip(b"\r\n").partition(b"\n")
        return bool(end) and _fields(line) is not None

    @staticmethod
    def find_record(window: Window) -> bool:
        """Move to the next line that is certainly a header; return False if there is none."""
        return find_start(window, _BEFORE_URL, _is_certain)

    def read(self, window: Window, offset: int) -> Record | None:
        """Return the next record, or skip it and return None if its type is not wanted.

        Raises
        ------
        Fault
            The archive ends within the record.
        """
        fields = _fields(window.read(len(_line(window))))
        if fields is None:
            raise Fault(TRUNCATED_RECORD, "the archive ends within a record's header")
        kind = "warcinfo" if fields.url.startswith("filedesc:") else "response"
        if kind not in self._types:
            skip_block(window, fields.length, self.limit)
            return None
        headers = {
            "warc-target-uri": fields.url,
            "warc-date": fields.date,
            "content-type": fields.content_type,
        }
        block = read_block(window, fields.length, self.limit)
        return Record(offset, kind, headers, block, fields.length)


def _is_certain(window: Window) -> bool:
    """Return whether the line has an IP address and a full date, which lines of pages seldom have."""
    line = _line(window)
    return _CERTAIN.search(line) is not None and _fields(line) is not None


class _Fields(NamedTuple):
    url: str
    date: str
    content_type: str
    length: int


def _fields(line: bytes) -> _Fields | None:
    """Return the fields of a header line: URL, IP address, date, content type, length.

    The IP address followed by a date anchors the fields, so blanks in the URL and parameters of
    the content type do not shift them.
    """
    words = line.split()
    for address in range(1, len(words) - 2):
        if _DATE.fullmatch(words[address + 1]) and _ADDRESS.fullmatch(words[address]):
            break
    else:
        return None
    date = words[address + 1].decode()
    *types, length = words[address + 2 :]
    if not _LENGTH.fullmatch(length):
        return None
    if len(types) > _V2_FIELDS and _STATUS.fullmatch(types[-_V2_FIELDS]):
        types = types[:-_V2_FIELDS]
    url = b" ".join(words[:address]).decode("utf-8", "replace")
    return _Fields(url, date, b" ".join(types).decode("latin-1"), int(length))


def _line(window: Window) -> bytes:
    """Return the next line with its end; empty if it is too long for a header."""
    size = window.find(_LINE_END, _LINE_LIMIT)
    return b"" if size is None else window.peek(size)
