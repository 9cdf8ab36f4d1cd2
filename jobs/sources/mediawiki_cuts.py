"""Cut the pages out of a MediaWiki export as bytes.

Text in an export is escaped, so the bytes `<page>` are always the tag. A page can therefore be cut
out without a parser, from any starting point, and is then parsed alone: a page that is not
well-formed affects no other, and no declaration of the export's head (entities, a DTD) reaches it.
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
    """The bytes of a page, or the fault at its offset."""

    offset: int
    data: bytes = b""
    fault: Fault | None = None


class Cutter:
    """Cuts out the pages that begin in one task's part of an export.

    A page ends with its end tag or, if that is missing, before the next page, so it has the same
    bytes however the export is split.

    Parameters
    ----------
    encoding
        Encoding of the export.
    first
        Whether the task's part starts at the start of the export.
    position
        Position of the first byte, in uncompressed bytes of the export.
    by_stream
        Whether a page's offset is that of its compressed stream.
    max_bytes
        Maximum size of a page; a larger one is a fault and is never held in memory.
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
        page, less, slash = "page".encode(encoding), "<".encode(encoding), "/".encode(encoding)
        name_end = b"|".join(re.escape(character.encode(encoding)) for character in ">" + _SPACES)
        self._tag = re.compile(
            re.escape(less)
            + b"("
            + re.escape(slash)
            + b")?"
            + re.escape(page)
            + b"(?:%s)" % name_end
        )
        self._longest = len("</page>".encode(encoding))
        self._unit = len(less)
        self._by_stream = by_stream
        self._max_bytes = max_bytes
        self._base = position  # position of the buffer's first byte
        self._buffer = bytearray()
        self._next = 0  # index in the buffer from which tags are searched
        self._page: int | None = None  # index in the buffer of the open page
        self._skipping = False  # within a page that is too large
        self._limit: int | None = None  # position where the task's own part ends
        self._streams: deque[tuple[int, int]] = deque()  # position and offset of each stream
        self._end = _END.encode(encoding)
        self._tail = b""
        self._closed = False  # whether the export's end tag was seen
        # whether the last tag ended a page of the task's own part: then this task alone reads on
        # to the next page or the end, and checks that the export has its end tag
        self._between = first
        self._done = False

    def cuts(self, runs: Iterable[Run]) -> Iterator[Cut]:
        """Yield the pages that begin in the task's own runs."""
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
        if self._page is not None:
            yield self._truncated(self._page)
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
            page, opens = self._page, match[1] is None
            own = self._between or page is not None or self._skipping
            self._between = own and not opens
            if self._skipping or page is not None:
                end = match.start() if opens else match.end()
                if page is not None and end - page > self._max_bytes:
                    yield self._too_large(page)
                elif page is not None and opens:
                    yield self._truncated(page)
                elif page is not None:
                    yield Cut(self._offset(page), bytes(self._buffer[page:end]))
                self._page, self._skipping, self._next = None, False, end
            elif opens and self._is_beyond(match.start()):
                self._done = True
                return
            else:
                self._page = match.start() if opens else None
                self._next = match.end()

    def _search(self) -> re.Match[bytes] | None:
        match = self._tag.search(self._buffer, self._next)
        while match and (self._base + match.start()) % self._unit:
            match = self._tag.search(self._buffer, match.start() + 1)
        return match

    def _unfinished(self) -> Iterator[Cut]:
        """Drop the bytes that are not needed when more are read."""
        self._next = max(self._next, len(self._buffer) - self._longest + 1)
        if self._page is not None:
            if self._next - self._page <= self._max_bytes:
                self._drop(self._page)
                return
            yield self._too_large(self._page)
            self._page, self._skipping = None, True
        self._done = self._is_beyond(self._next) and not self._between
        self._drop(self._next)

    def _is_beyond(self, index: int) -> bool:
        return self._limit is not None and self._base + index >= self._limit

    def _drop(self, size: int) -> None:
        del self._buffer[:size]
        self._base += size
        self._next -= size
        if self._page is not None:
            self._page -= size

    def _broken(self, run: Run) -> Iterator[Cut]:
        """Abandon the open page; a fault in the page's own stream yields one cut for both."""
        assert run.fault is not None
        if self._page is not None and self._stream(self._page) != run.stream:
            yield self._truncated(self._page)
        if run.owned:
            inside = self._page is not None and not self._by_stream
            offset = self._offset(self._page or 0) if inside else run.fault.offset
            yield Cut(offset, b"", run.fault)
        self._base += len(self._buffer)
        self._buffer.clear()
        self._next, self._page, self._skipping = 0, None, False

    def _stream(self, index: int) -> int:
        """Return the offset of the stream that holds a byte of the buffer."""
        position = self._base + index
        while len(self._streams) > 1 and self._streams[1][0] <= position:
            self._streams.popleft()
        return self._streams[0][1] if self._streams else 0

    def _offset(self, index: int) -> int:
        return self._stream(index) if self._by_stream else self._base + index

    def _truncated(self, page: int) -> Cut:
        fault = Fault(TRUNCATED_RECORD, "the page ends before it is whole")
        return Cut(self._offset(page), b"", fault)

    def _too_large(self, page: int) -> Cut:
        message = f"the page has more than {self._max_bytes} bytes"
        return Cut(self._offset(page), b"", Fault(TOO_LARGE, message))
