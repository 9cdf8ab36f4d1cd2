"""Cuts the pages out of an export as bytes.

Text in an export is escaped, so the bytes `<page>` are always the tag. So a page can be cut out
without a parser, wherever reading began, and is then parsed alone: a page that is not well-formed
costs no other, and no declaration of the export's head (entities, a DTD) reaches it.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from jobs.sources.bzip2_streams import Run
from jobs.sources.faults import TOO_LARGE, TRUNCATED_RECORD, Fault

TRUNCATED_DUMP = "truncated-dump"
_SPACES = " \t\r\n"
_END = "</mediawiki"


class Cut(NamedTuple):
    """A page as bytes, or why there is none at this offset."""

    offset: int
    data: bytes = b""
    fault: Fault | None = None


class Cutter:
    """Cuts out the pages that begin in a task's own part of an export.

    A page ends with its end tag, or, if that is missing, before the next page: so it has the same
    bytes however the export is parted.

    Parameters
    ----------
    encoding
        Of the export.
    first
        Whether the task's part begins where the export does.
    position
        Of the first byte, in bytes of the export without compression.
    by_stream
        Whether a page's offset is that of its stream.
    max_bytes
        A larger page is a fault, and is never held.
    """

    def __init__(
        self,
        encoding: str,
        *,
        first: bool,
        position: int = 0,
        by_stream: bool = False,
        max_bytes: int,
    ) -> None:
        page, space = "page".encode(encoding), [each.encode(encoding) for each in ">" + _SPACES]
        less, slash = "<".encode(encoding), "/".encode(encoding)
        behind = b"|".join(re.escape(each) for each in space)
        self._tag = re.compile(
            re.escape(less) + b"(" + re.escape(slash) + b")?" + re.escape(page) + b"(?:%s)" % behind
        )
        self._longest = len("</page>".encode(encoding))
        self._unit = len(less)
        self._by_stream = by_stream
        self._max_bytes = max_bytes
        self._base = position  # of the buffer's first byte
        self._buffer = bytearray()
        self._at = 0  # in the buffer: tags before it are dealt with
        self._begun: int | None = None  # in the buffer: the page that is open
        self._skipping = False  # in a page that is too large
        self._limit: int | None = None  # position where the task's own part ends
        self._streams: deque[tuple[int, int]] = deque()  # position, offset of each stream
        self._end = _END.encode(encoding)
        self._tail = b""
        self._closed = False  # whether the export's end tag was seen
        # whether the last tag ended a page of its own part: then this task alone reads on to the
        # next page, or to the end, and tells whether the export has its end
        self._between = first
        self._done = False

    def cuts(self, runs: Iterable[Run]) -> Iterator[Cut]:
        """Yield the pages that begin in the runs that are owned."""
        lost = False
        for run in runs:
            if run.fault:
                yield from self._broken(run)
                lost = True
                if not run.owned:
                    return
                continue
            self._take(run)
            lost = False
            yield from self._whole()
            if self._done:
                return
        if lost:
            return
        if self._begun is not None:
            yield self._truncated(self._begun)
        elif self._between and self._streams and not self._closed:
            message = f"it ends without {_END}>"
            yield Cut(
                self._offset(max(0, len(self._buffer) - 1)), b"", Fault(TRUNCATED_DUMP, message)
            )

    def _take(self, run: Run) -> None:
        position = self._base + len(self._buffer)
        if not self._streams or self._streams[-1][1] != run.stream:
            self._streams.append((position, run.stream))
        if not run.owned and self._limit is None:
            self._limit = position
        self._buffer += run.data
        if not self._closed:
            size = len(self._end)
            self._closed = self._end in self._tail + run.data
            self._tail = (self._tail + run.data[-size:])[-size:]

    def _whole(self) -> Iterator[Cut]:
        while True:
            match = self._search()
            if match is None:
                yield from self._unfinished()
                return
            begun, opens = self._begun, match[1] is None
            own = self._between or begun is not None or self._skipping
            self._between = own and not opens
            if self._skipping or begun is not None:
                end = match.start() if opens else match.end()
                if begun is not None and end - begun > self._max_bytes:
                    yield self._too_large(begun)
                elif begun is not None and opens:
                    yield self._truncated(begun)
                elif begun is not None:
                    yield Cut(self._offset(begun), bytes(self._buffer[begun:end]))
                self._begun, self._skipping, self._at = None, False, end
            elif opens and self._is_beyond(match.start()):
                self._done = True
                return
            else:
                self._begun = match.start() if opens else None
                self._at = match.end()

    def _search(self) -> re.Match[bytes] | None:
        match = self._tag.search(self._buffer, self._at)
        while match and (self._base + match.start()) % self._unit:
            match = self._tag.search(self._buffer, match.start() + 1)
        return match

    def _unfinished(self) -> Iterator[Cut]:
        """Let go what is not needed until more is read."""
        self._at = max(self._at, len(self._buffer) - self._longest + 1)
        if self._begun is not None:
            if self._at - self._begun <= self._max_bytes:
                self._drop(self._begun)
                return
            yield self._too_large(self._begun)
            self._begun, self._skipping = None, True
        self._done = self._is_beyond(self._at) and not self._between
        self._drop(self._at)

    def _is_beyond(self, index: int) -> bool:
        return self._limit is not None and self._base + index >= self._limit

    def _drop(self, size: int) -> None:
        del self._buffer[:size]
        self._base += size
        self._at -= size
        if self._begun is not None:
            self._begun -= size

    def _broken(self, run: Run) -> Iterator[Cut]:
        """Give up the page that is open. Where the fault is in its own stream, one row says both."""
        assert run.fault is not None
        if self._begun is not None and self._stream(self._begun) != run.stream:
            yield self._truncated(self._begun)
        if run.owned:
            inside = self._begun is not None and not self._by_stream
            offset = self._offset(self._begun or 0) if inside else run.fault.offset
            yield Cut(offset, b"", run.fault)
        self._base += len(self._buffer)
        self._buffer.clear()
        self._at, self._begun, self._skipping = 0, None, False

    def _stream(self, index: int) -> int:
        """Return the offset of the stream that a byte of the buffer is in."""
        position = self._base + index
        while len(self._streams) > 1 and self._streams[1][0] <= position:
            self._streams.popleft()
        return self._streams[0][1] if self._streams else 0

    def _offset(self, index: int) -> int:
        return self._stream(index) if self._by_stream else self._base + index

    def _truncated(self, begun: int) -> Cut:
        return Cut(
            self._offset(begun), b"", Fault(TRUNCATED_RECORD, "the page ends before it is whole")
        )

    def _too_large(self, begun: int) -> Cut:
        message = f"the page has more than {self._max_bytes} bytes"
        return Cut(self._offset(begun), b"", Fault(TOO_LARGE, message))
