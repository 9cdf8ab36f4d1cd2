"""Buffered reading of a stream of chunks: look ahead, search, read, skip, and keep the position."""

from __future__ import annotations

import re
from collections.abc import Iterable

OVERLAP = 32  # maximum size in bytes of what is searched for
_REWOUND = 64 << 20  # bytes that can be read twice from the beginning on
_NOT_A_NEWLINE = re.compile(rb"[^\r\n]")


class Window:
    """The part of a stream that is held in memory, from the reading position on.

    Every method may raise the exceptions of the chunks' iterator.

    Parameters
    ----------
    chunks
        The stream; None divides it into sections. For all methods but `next_section` the stream ends
        where the section does.
    size
        Size of the whole stream in bytes, if that is known.

    Attributes
    ----------
    more
        Whether the section's end was reached and another one follows.
    """

    def __init__(self, chunks: Iterable[bytes | None], size: int | None = None) -> None:
        self._chunks = iter(chunks)
        self._buffer = b""
        self._next = 0  # index in the buffer of the next byte to read
        self._start = 0  # position of the buffer's first byte in the stream
        self._ended = False
        self.more = False
        self.size = size
        self._mark: int | None = None
        self._kept: list[tuple[bytes, int, int]] = []  # chunks since the mark, and slices of them
        self._kept_bytes = 0
        self._kept_most = 0
        self._rewound = 0

    @property
    def position(self) -> int:
        """Number of bytes of the stream before the reading position."""
        return self._start + self._next

    def peek(self, n: int, skip: int = 0) -> bytes:
        """Return `n` bytes after the next `skip` ones without moving; fewer only at the stream's end."""
        while len(self._buffer) - self._next < skip + n and self._load():
            pass
        start = self._next + skip
        return self._buffer[start : start + n]

    def holds(self, n: int) -> bool:
        """Return whether the stream has `n` more bytes, all of which are then held in memory."""
        while len(self._buffer) - self._next < n:
            if not self._load():
                return False
        return True

    def find(self, pattern: re.Pattern[bytes], limit: int) -> int | None:
        """Return the distance to the end of the pattern's first match in the next `limit` bytes.

        A match must be shorter than `OVERLAP` bytes and must not grow when more bytes follow.
        """
        searched = 0
        while True:
            if match := pattern.search(self._buffer, self._next + searched, self._next + limit):
                return match.end() - self._next
            loaded = len(self._buffer) - self._next
            searched = max(0, loaded - OVERLAP)  # a match may start in the last bytes
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

    def mark(self, most: int) -> None:
        """Remember the position for `rewind`, as long as it is at most `most` bytes back."""
        if self._kept:
            self._kept.clear()
        self._kept_bytes = 0
        self._kept_most = most
        self._mark = self._start + self._next

    def rewind(self) -> bool:
        """Move back to the mark; return False if it is too far back.

        All together, about as many bytes are read twice as the stream has, so that hostile input
        takes time that is linear in its size.
        """
        if self._mark is None:
            return False
        distance = self.position - self._mark
        if self._rewound + distance > self.position + _REWOUND:
            return False
        self._rewound += distance
        if self._mark < self._start:
            parts = [chunk[start:end] for chunk, start, end in self._kept]
            self._buffer = b"".join([*parts, self._buffer])
            self._start = self._mark
        self._next = self._mark - self._start
        self.forget()
        return True

    def forget(self) -> None:
        """Forget the mark."""
        if self._mark is not None:
            self._kept.clear()
            self._mark = None

    def next_section(self) -> bool:
        """Move to the next section, past the rest of this one; return False if there is none."""
        self.forget()
        self._next = len(self._buffer)
        while not self._ended and self._load():
            self._next = len(self._buffer)
        more, self.more = self.more, False
        self._ended = not more
        return more

    def restart(self, chunks: Iterable[bytes | None], position: int) -> None:
        """Continue with other chunks, the first of which is at a position of the stream."""
        self._chunks = iter(chunks)
        self._buffer, self._next, self._start = b"", 0, position
        self._ended = self.more = False
        self.forget()

    def _load(self) -> bool:
        """Add a chunk to the buffer and drop the bytes already read; False at the section's end."""
        if self._ended:
            return False
        chunk = next(self._chunks, b"")
        if not chunk:
            self._ended = True
            self.more = chunk is None
            return False
        read, buffer = self._next, self._buffer
        if self._mark is not None:
            self._keep(max(0, self._mark - self._start), read)
        self._start += read
        self._buffer = buffer[read:] + chunk if read < len(buffer) else chunk
        self._next = 0
        return True

    def _keep(self, start: int, end: int) -> None:
        """Keep a slice of the buffer from the mark on, or forget the mark."""
        if end <= start:
            return
        self._kept_bytes += end - start
        if self._kept_bytes > self._kept_most:
            self.forget()
        else:
            self._kept.append((self._buffer, start, end))
