"""A window that moves over a stream of chunks: look ahead, read, skip, and know where one is."""

from __future__ import annotations

import re
from collections.abc import Iterable

_OVERLAP = 32
_NOT_A_NEWLINE = re.compile(rb"[^\r\n]")


class Window:
    """The part of a stream that is in memory, from the reading position on.

    Every method may raise what the chunks raise.
    """

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._buffer = b""
        self._at = 0
        self._start = 0  # position of the buffer's first byte in the stream

    @property
    def position(self) -> int:
        """Bytes of the stream behind the reading position."""
        return self._start + self._at

    def peek(self, n: int) -> bytes:
        """Return the next `n` bytes without moving; fewer only where the stream ends."""
        while len(self._buffer) - self._at < n and self._load():
            pass
        return self._buffer[self._at : self._at + n]

    def find(self, pattern: re.Pattern[bytes], limit: int) -> int | None:
        """How many bytes ahead the first match of a pattern ends, if within the next `limit`.

        What a pattern matches must be shorter than `_OVERLAP` and must not grow with more bytes.
        """
        seen = 0
        while True:
            if match := pattern.search(self._buffer, self._at + seen, self._at + limit):
                return match.end() - self._at
            loaded = len(self._buffer) - self._at
            seen = max(0, loaded - _OVERLAP)  # where a match may have begun
            if loaded >= limit or not self._load():
                return None

    def read(self, n: int) -> bytes:
        """Return the next `n` bytes and move behind them; fewer only where the stream ends."""
        end = self._at + n
        if end <= len(self._buffer):
            data = self._buffer[self._at : end]
            self._at = end
            return data
        parts = [self._buffer[self._at :]]
        missing = n - len(parts[0])
        self._at = len(self._buffer)
        while missing and self._load():
            part = self._buffer[:missing]
            self._at = len(part)
            missing -= len(part)
            parts.append(part)
        return b"".join(parts)

    def skip(self, n: int) -> int:
        """Move `n` bytes on and return how many there were, holding one chunk at a time."""
        missing = n
        while True:
            step = min(missing, len(self._buffer) - self._at)
            self._at += step
            missing -= step
            if not missing or not self._load():
                return n - missing

    def skip_newlines(self) -> bool:
        """Move to the next byte that is neither CR nor LF; False where the stream ends first."""
        while True:
            if match := _NOT_A_NEWLINE.search(self._buffer, self._at):
                self._at = match.start()
                return True
            self._at = len(self._buffer)
            if not self._load():
                return False

    def _load(self) -> bool:
        """Add a chunk to the buffer and drop what is behind; False where the stream ends."""
        chunk = next(self._chunks, None)
        if chunk is None:
            return False
        self._start += self._at
        self._buffer = self._buffer[self._at :] + chunk if self._at < len(self._buffer) else chunk
        self._at = 0
        return True
