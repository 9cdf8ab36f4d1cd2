"""ARC, versions 1 and 2: what web archives were before WARC, and Common Crawl until 2012.

The format: https://archive.org/web/researcher/ArcFileFormat.php
"""

from __future__ import annotations

import re
from typing import NamedTuple

from jobs.sources.buffer import Window
from jobs.sources.faults import TRUNCATED_RECORD, Fault
from jobs.sources.framing import Record, read_block, skip_block

_ADDRESS = re.compile(rb"[0-9A-Fa-f.:]+|-|null|unknown")
_DATE = re.compile(rb"\d{4,17}|-|null")
_STATUS = re.compile(rb"\d{3}|-")
_LENGTH = re.compile(rb"\d{1,18}")
# version 2 has between type and length: status, checksum, location, offset, file name
_MORE = 5
_CUT_HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]*(?::[ -~]*)?")
_LINE_END = re.compile(rb"\n")
_LINE_LIMIT = 1 << 13


class ArcFormat:
    """Reads ARC records where the window is; parameters as `WarcFormat`.

    All records are responses, but for the one at the start that describes the archive.
    """

    def __init__(self, types: frozenset[str], limit: int) -> None:
        self._types = types
        self._limit = limit

    @staticmethod
    def starts(window: Window) -> bool:
        """Whether a record's line, or one that the archive's end cuts, is where the window is."""
        line = _line(window)
        if not line:
            line = window.peek(_LINE_LIMIT)
            return len(line) < _LINE_LIMIT and _CUT_HEADER.fullmatch(line) is not None
        return _fields(line) is not None

    def read(self, window: Window, offset: int) -> Record | None:
        """Read a record, or skip it where its type is not wanted.

        Raises
        ------
        Fault
            The archive ends first.
        """
        fields = _fields(window.read(len(_line(window))))
        if fields is None:
            raise Fault(TRUNCATED_RECORD, "the archive ends within a record's header")
        kind = "warcinfo" if fields.url.startswith("filedesc:") else "response"
        if kind not in self._types:
            skip_block(window, fields.length)
            return None
        headers = {
            "warc-target-uri": fields.url,
            "warc-date": fields.date,
            "content-type": fields.content_type,
        }
        block = read_block(window, fields.length, self._limit)
        return Record(offset, kind, headers, block, fields.length)


class _Fields(NamedTuple):
    url: str
    date: str
    content_type: str
    length: int


def _fields(line: bytes) -> _Fields | None:
    """Return what a record's line says: URL, IP address, date, content type, length.

    Neither a URL with blanks nor a content type with parameters shifts the fields: what the line
    is read by is the address with the date behind it.
    """
    words = line.split()
    for at in range(1, len(words) - 2):
        if _DATE.fullmatch(words[at + 1]) and _ADDRESS.fullmatch(words[at]):
            break
    else:
        return None
    *types, length = words[at + 2 :]
    if not _LENGTH.fullmatch(length):
        return None
    if len(types) > _MORE and _STATUS.fullmatch(types[-_MORE]):
        types = types[:-_MORE]
    url = b" ".join(words[:at]).decode("utf-8", "replace")
    return _Fields(url, words[at + 1].decode(), b" ".join(types).decode("latin-1"), int(length))


def _line(window: Window) -> bytes:
    """Return the line where the window is, with its end; empty where it is too long for a header."""
    size = window.find(_LINE_END, _LINE_LIMIT)
    return b"" if size is None else window.peek(size)
