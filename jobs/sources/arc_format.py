"""ARC, versions 1 and 2: what web archives were before WARC, and Common Crawl until 2012.

The format: https://archive.org/web/researcher/ArcFileFormat.php
"""

from __future__ import annotations

import re

from jobs.sources.faults import TRUNCATED_RECORD, Fault
from jobs.sources.framing import Record, read_block, skip_block
from jobs.sources.window import Window

# URL, IP address, date, content type, in version 2 five more fields, length. Neither a URL with
# blanks nor a content type with parameters is to shift the fields: the address and the date hold.
_HEADER = re.compile(
    rb"(?P<url>[^\r\n]+?) +(?P<ip>[0-9A-Fa-f.:]+|-|null|unknown) +(?P<date>\d{4,17}|-|null)"
    rb"(?: +(?P<type>[^\r\n]*?))?"
    rb"(?: +(?:\d{3}|-) +\S+ +\S+ +\d+ +\S+)? +(?P<length>\d{1,18}) *\r?\n"
)
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
        return _HEADER.fullmatch(line) is not None

    def read(self, window: Window, offset: int) -> Record | None:
        """Read a record, or skip it where its type is not wanted.

        Raises
        ------
        Fault
            The archive ends first.
        """
        line = _line(window)
        match = _HEADER.fullmatch(window.read(len(line)))
        if match is None:
            raise Fault(TRUNCATED_RECORD, "the archive ends within a record's header")
        length = int(match["length"])
        url = match["url"].decode("utf-8", "replace")
        kind = "warcinfo" if url.startswith("filedesc:") else "response"
        if kind not in self._types:
            skip_block(window, length)
            return None
        headers = {
            "warc-target-uri": url,
            "warc-date": match["date"].decode(),
            "content-type": (match["type"] or b"").decode("latin-1"),
        }
        return Record(offset, kind, headers, read_block(window, length, self._limit), length)


def _line(window: Window) -> bytes:
    """Return the line where the window is, with its end; empty where it is too long for a header."""
    size = window.find(_LINE_END, _LINE_LIMIT)
    return b"" if size is None else window.peek(size)
