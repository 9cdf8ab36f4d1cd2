"""Buffered reading of a stream of chunks: look ahead, search, read, skip, and keep the position."""

from __future__ import annotations

import re
from collections.abc import Iterable

_OVERLAP = 32
_NOT_A_NEWLINE = re.compile(rb"[^\r\n]")


class Window:
    """The part of a stream that is held in memory, from the reading position on.

    Every method may raise the exceptions of the chunks' iterator.
    """

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._buffer = b""
        self._next = 0  # index in the buffer of the next byte to read
        self._start = 0  # position of the buffer's first byte in the stream

    @property
    def position(self) -> int:
        """Number of bytes of the stream before the reading position."""
        return self._start + self._next

    def peek(self, n: int) -> bytes:
        """Return the next `n` bytes without moving; fewer only at the end of the stream."""
        while len(self._buffer) - self._next < n and self._load():
            pass
        return self._buffer[self._next : self._next + n]

    def find(self, pattern: re.Pattern[bytes], limit: int) -> int | None:
        """Return the distance to the end of the pattern's first match in the next `limit` bytes.

        A match must be shorter than `_OVERLAP` bytes and must not grow when more bytes follow.
        """
        searched = 0
        while True:
            if match := pattern.search(self._buffer, self._next + searched, self._next + limit):
                return match.end() - self._next
            loaded = len(self._buffer) - self._next
            searched = max(0, loaded - _OVERLAP)  # a match may start in the last bytes
            if loaded >= limit or not self._load():
                return None

    def read(self, n: int) -> bytes:
        """Return the next `n` bytes and move past them; fewer only at the end of the stream."""
        end = self._next + n
        if end <= len(self._buffer):
            data = self._buffer[self._next : end]
            self._next = end
            return data
        parts = [self._buffer[self._next :]]
        missing = n - len(parts[0])
        self._next = len(self._buffer)
        while missing and self._load():
            part = self._buffer[:missing]
            self._next = len(part)
            missing -= len(part)
            parts.append(part)
        return b"".join(parts)

    def skip(self, n: int) -> int:
        """Skip `n` bytes, holding one chunk at a time, and return the number of bytes skipped."""
        missing = n
        while True:
            step = min(missing, len(self._buffer) - self._next)
            self._next += step
            missing -= step
            if not missing or not self._load():
                return n - missing

    def skip_newlines(self) -> bool:
        """Move to the next byte that is neither CR nor LF; return False if the stream ends first."""
        while True:
            if match := _NOT_A_NEWLINE.search(self._buffer, self._next):
                self._next = match.start()
                return True
            self._next = len(self._buffer)
            if not self._load():
                return False

    def _load(self) -> bool:
        """Add a chunk to the buffer and drop the bytes already read; False at the stream's end."""
        chunk = next(self._chunks, None)
        if chunk is None:
            return False
        self._start += self._next
        self._buffer = (
            self._buffer[self._next :] + chunk if self._next < len(self._buffer) else chunk
        )
        self._next = 0
        return True
