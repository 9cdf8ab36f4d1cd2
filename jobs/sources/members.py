"""Uncompressed stream of an archive, read member by member, with each member's offset.

A member is a gzip member or a frame of Zstandard or LZ4. Crawlers compress record by record, so that
members tell where records begin, also after damage.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterator
from typing import ClassVar, Protocol

from jobs.sources.faults import STORAGE, Fault

# size of a read; the rest of a piece after a member is copied, so larger pieces are slow
PIECE = 1 << 15
# maximum size of an uncompressed chunk, which bounds memory for gzip bombs
CHUNK = 1 << 20
# stored bytes that are read before a member is; its first chunk then shows whether a record begins there
HEAD = 1 << 12
# damage in the length of a block can hide this many pieces
_KEPT_PIECES = 16
# bytes that are read again after damage, beyond as many as the archive has: hostile members hide each other
_REREAD = 64 << 20
# positions at which a member is tried after damage; in random bytes, one in 16 million looks like a member
_MOST_TRIALS = 1 << 12

Begins = Callable[[bytes], bool]
"""Returns whether a record begins at a member's first uncompressed bytes."""


class Readable(Protocol):
    """A binary stream that can be read forwards."""

    def read(self, size: int = -1, /) -> bytes:
        """Return at most `size` bytes; none at the end of the stream."""


def read_piece(stream: Readable) -> bytes:
    """Return the next bytes of an archive as stored; raise a Fault if the storage fails."""
    try:
        return stream.read(PIECE)
    except OSError as error:
        raise Fault(STORAGE, f"{type(error).__name__}: {error}", 0) from error


class Members(ABC):
    """The uncompressed stream of an archive, as chunks of at most `CHUNK` bytes.

    Iteration raises `Fault` if the archive is damaged or unreadable, after all bytes before the
    damage; after `recover`, another iteration yields the rest.

    Parameters
    ----------
    stream
        The archive as stored, after `piece`.
    piece
        The first bytes of the archive.

    Attributes
    ----------
    is_empty
        Whether the archive has no bytes.
    produced
        Number of uncompressed bytes yielded.
    """

    def __init__(self, stream: Readable, piece: bytes) -> None:
        self.is_empty = not piece
        self.produced = 0
        self._stream = stream
        self._piece = piece
        self._pieces = deque([piece], _KEPT_PIECES)  # the last ones, as they were read
        self._read = len(piece)  # bytes read from the stream
        # start of the member or plain piece being read: uncompressed position, stored offset
        self._start = (0, 0)
        self._starts: deque[tuple[int, int]] = deque()
        self._ahead: deque[bytes] = deque()  # pieces to read before those of the stream
        self._failure: Fault | None = None  # of the storage

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self.sections(lambda head: False):
            if chunk is not None:
                yield chunk

    @abstractmethod
    def sections(self, begins: Begins) -> Iterator[bytes | None]:
        """Yield the chunks, and None before each member but the first that begins with a record."""

    @abstractmethod
    def recover(self, begins: Begins) -> bool:
        """Move past damage, to the next member that begins with a record; False if there is none."""

    def member_between(self, end: int, position: int) -> int | None:
        """Return the stored offset of the last member that starts between two positions.

        Return None if no member does. Positions are those of the uncompressed stream and must not
        decrease from call to call: members before them are forgotten.
        """
        offset = None
        while self._starts and self._starts[0][0] <= position:
            start, stored = self._starts.popleft()
            if start >= end:
                offset = stored
        return offset

    def _next_piece(self) -> bytes:
        piece = self._ahead.popleft() if self._ahead else self._stored_piece()
        if piece:
            self._read += len(piece)
            self._pieces.append(piece)
        return piece

    def _stored_piece(self) -> bytes:
        if self._failure is None:
            try:
                return read_piece(self._stream)
            except Fault as fault:
                self._failure = fault
        raise self._fault(self._failure.error, self._failure.message)

    def _fault(self, error: str, message: str) -> Fault:
        return Fault(error, message, *self._start)


class Plain(Members):
    """An uncompressed archive, which has no members and is one section."""

    def sections(self, begins: Begins) -> Iterator[bytes | None]:
        """Yield the pieces of the archive."""
        while self._piece:
            self.produced += len(self._piece)
            yield self._piece
            self._start = (self.produced, self._read)
            self._piece = self._next_piece()

    def recover(self, begins: Begins) -> bool:
        """Return False: only the storage can fail."""
        return False


class Compressed(Members):
    """The content of members, one after another.

    Attributes
    ----------
    name
        Name of the compression.
    magic
        First bytes of a member with content.
    starts
        First bytes of members of any kind.
    trial
        Stored bytes of a member that yield its first uncompressed ones, at most.
    """

    name: ClassVar[str]
    magic: ClassVar[bytes]
    starts: ClassVar[tuple[bytes, ...]]
    trial: ClassVar[int]

    def __init__(self, stream: Readable, piece: bytes) -> None:
        super().__init__(stream, piece)
        self._trials = 0
        self._reread = 0  # bytes that were read again

    def sections(self, begins: Begins) -> Iterator[bytes | None]:
        """Yield the chunks of all members, and None before those that begin with a record."""
        is_first = True
        while self._begins_member():
            self._starts.append(self._start)
            is_head = True
            for chunk in self._member():
                if is_head:
                    if begins(chunk) and not is_first:
                        yield None
                    is_first = is_head = False
                self.produced += len(chunk)
                yield chunk
            self._start = (self.produced, self._read - len(self._piece))

    def recover(self, begins: Begins) -> bool:
        """Move to a member after the start of the damaged one, which may have lost its own end."""
        searched = b"".join(self._pieces)
        start = max(0, self._start[1] + 1 - (self._read - len(searched)))
        while self._trials < _MOST_TRIALS and self._reread <= self._read + _REREAD:
            position = searched.find(self.magic, start)
            kept = position if position >= 0 else len(searched) - len(self.magic) + 1
            if len(searched) - kept < self.trial and (more := self._next_piece()):
                searched, start = searched[max(start, kept) :] + more, 0
                continue
            if position < 0:
                break
            self._trials += 1
            if begins(self._beginning(searched[position : position + self.trial])):
                self._go_back(searched[position:])
                return True
            start = position + 1
        return False

    def _go_back(self, stored: bytes) -> None:
        """Continue with stored bytes that were read before."""
        first, *others = (stored[start : start + PIECE] for start in range(0, len(stored), PIECE))
        self._reread += len(stored)
        self._ahead.extendleft(reversed(others))
        self._piece = first
        self._pieces = deque([first], _KEPT_PIECES)
        self._read -= sum(map(len, others))
        self._start = (self.produced, self._read - len(first))
        self._starts.clear()

    def _begins_member(self) -> bool:
        """Return whether another member follows; raise a Fault if something else does.

        Zero bytes between members are skipped: tapes and some stores fill their blocks with them.
        """
        while len(self._piece) < HEAD or not self._piece[0]:
            self._piece = self._piece.lstrip(b"\0")
            if len(self._piece) < HEAD and not self._has_more():
                break
        piece = self._piece
        self._start = (self.produced, self._read - len(piece))
        if piece.startswith(self.starts):
            return True
        if not piece or self.magic.startswith(piece):  # a member's first bytes, cut
            return bool(piece)
        raise self._fault(f"corrupt-{self.name}", "what follows a member is not another one")

    def _has_more(self) -> bool:
        """Add the next bytes to the piece; return False if there are none."""
        try:
            more = self._next_piece()
        except Fault:
            if self._piece:  # it is read before the storage's failure counts
                return False
            raise
        self._piece += more
        return bool(more)

    @abstractmethod
    def _member(self) -> Iterator[bytes]:
        """Yield the content of the member at the start of the piece; keep the rest of the piece."""

    @abstractmethod
    def _beginning(self, data: bytes) -> bytes:
        """Return the first uncompressed bytes of a member, `HEAD` at most; none if it is no member."""
