"""Stream a member of a .7z archive in chunks, without unpacking it to disk or into memory.

py7zr writes a member to an object of its own choosing and has no `read(n)`: its factories hold the
member whole in memory or on disk. Here at most 4 chunks of 1 MB wait for the reader.
"""

from __future__ import annotations

import io
import queue
import threading
from collections.abc import Callable, Iterator
from typing import IO, BinaryIO, cast

import py7zr
from py7zr.io import Py7zIO, WriterFactory

from jobs import storage
from jobs.sources.faults import STORAGE, Fault

CORRUPT = "corrupt-7z"
NO_MEMBER = "no-such-member"
_CHUNK = 1 << 20
_WAITING = 4  # chunks decompressed ahead of the reader


def member_chunks(uri: str, wanted: Callable[[str], bool]) -> Iterator[bytes]:
    """Yield the content of the first member whose name is wanted, in chunks of at most 1 MB.

    py7zr decompresses up to 128 MB at a time, in a thread of its own that waits while chunks are
    unread.

    Raises
    ------
    Fault
        After all content that could be read: `corrupt-7z`, `no-such-member`, `storage-error`.
    """
    chunks = _Chunks()
    thread = threading.Thread(target=_decompress, args=(uri, wanted, chunks), daemon=True)
    thread.start()
    try:
        while (chunk := chunks.take()) is not None:
            yield chunk
    finally:
        chunks.stop()
        thread.join()
    if chunks.fault:
        raise chunks.fault


def _decompress(uri: str, wanted: Callable[[str], bool], chunks: _Chunks) -> None:
    try:
        with storage.open_seekable(uri) as stream:
            _extract(stream, wanted, chunks)
    except _StoppedError:
        pass
    except Fault as fault:
        chunks.fault = fault
    except OSError as error:
        chunks.fault = Fault(STORAGE, f"{type(error).__name__}: {error}")
    finally:
        chunks.end()


def _extract(stream: BinaryIO, wanted: Callable[[str], bool], chunks: _Chunks) -> None:
    try:
        with py7zr.SevenZipFile(cast("IO[bytes]", _Source(stream)), "r") as archive:
            names = [info.filename for info in archive.list() if not info.is_directory]
            member = next((name for name in names if wanted(name)), None)
            if member is None:
                members = ", ".join(names[:5]) or "nothing"
                raise Fault(NO_MEMBER, f"the archive does not have it: it holds {members}")
            archive.extract(targets=[member], factory=_ChunksFactory(chunks))
    except (_StoppedError, Fault):
        raise
    except Exception as error:  # py7zr raises many types of exceptions for damaged archives
        raise Fault(CORRUPT, f"{type(error).__name__}: {error}") from error


class _StoppedError(Exception):
    """The reader has stopped."""


class _Chunks(Py7zIO):
    """Bounded queue of chunks between py7zr's thread, which writes, and the reader, which takes."""

    def __init__(self) -> None:
        self._queue: queue.Queue[bytes | None] = queue.Queue(_WAITING)
        self._stopped = False
        self._size = 0
        self.fault: Fault | None = None

    def take(self) -> bytes | None:
        """Return the next chunk, or None at the end."""
        return self._queue.get()

    def stop(self) -> None:
        """Drop the waiting chunks and end the writing thread at its next chunk."""
        self._stopped = True
        while True:
            try:
                self._queue.get_nowait()
            except queue.Empty:
                return

    def end(self) -> None:
        """Mark the end of the chunks."""
        if not self._stopped:
            self._queue.put(None)

    def write(self, s: bytes | bytearray) -> int:
        """Put bytes into the queue, waiting for room."""
        for start in range(0, len(s), _CHUNK):
            if self._stopped:
                raise _StoppedError
            self._queue.put(bytes(s[start : start + _CHUNK]))
        self._size += len(s)
        return len(s)

    def read(self, size: int | None = None) -> bytes:
        """Return nothing; chunks are read with `take`."""
        return b""

    def seek(self, offset: int, whence: int = 0) -> int:
        """Return the current position without moving."""
        return self._size

    def flush(self) -> None:
        """Do nothing; bytes are queued at once."""

    def size(self) -> int:
        """Return the number of bytes written."""
        return self._size


class _ChunksFactory(WriterFactory):
    def __init__(self, chunks: _Chunks) -> None:
        self._chunks = chunks

    def create(self, filename: str) -> Py7zIO:
        return self._chunks


class _Source(io.RawIOBase):
    """A stream whose read errors are Faults, unlike the OSErrors that decompressors raise."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def read(self, size: int = -1, /) -> bytes:
        try:
            return self._stream.read(size)
        except OSError as error:
            raise Fault(STORAGE, f"{type(error).__name__}: {error}") from error

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True
