"""A member of a .7z as a stream of chunks; the archive is never unpacked to disk or held whole."""

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
_WAITING = 4  # chunks that are undone ahead of the reader


def member_chunks(uri: str, wanted: Callable[[str], bool]) -> Iterator[bytes]:
    """Yield the content of the first member whose name is wanted, in chunks of at most 1 MB.

    py7zr pushes what it undoes and cannot be asked for more, so it runs in a thread of its own that
    waits while there are chunks to take. It undoes up to 128 MB at a time.

    Raises
    ------
    Fault
        After all that could be had: `corrupt-7z`, `no-such-member`, `storage-error`.
    """
    chunks = _Chunks()
    thread = threading.Thread(target=_undo, args=(uri, wanted, chunks), daemon=True)
    thread.start()
    try:
        while (each := chunks.take()) is not None:
            yield each
    finally:
        chunks.stop()
        thread.join()
    if chunks.fault:
        raise chunks.fault


def _undo(uri: str, wanted: Callable[[str], bool], chunks: _Chunks) -> None:
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
            names = [each.filename for each in archive.list() if not each.is_directory]
            found = next((name for name in names if wanted(name)), None)
            if found is None:
                held = ", ".join(names[:5]) or "nothing"
                raise Fault(NO_MEMBER, f"the archive does not have it: it holds {held}")
            archive.extract(targets=[found], factory=_To(chunks))
    except (_StoppedError, Fault):
        raise
    except Exception as error:  # py7zr raises what it likes for a damaged archive
        raise Fault(CORRUPT, f"{type(error).__name__}: {error}") from error


class _StoppedError(Exception):
    """Nobody reads on."""


class _Chunks(Py7zIO):
    """What py7zr writes a member to, and the other thread takes it from."""

    def __init__(self) -> None:
        self._queue: queue.Queue[bytes | None] = queue.Queue(_WAITING)
        self._stopped = False
        self._size = 0
        self.fault: Fault | None = None

    def take(self) -> bytes | None:
        """Return the next chunk; None at the end."""
        return self._queue.get()

    def stop(self) -> None:
        """Take no more: what waits is dropped, and the thread that writes ends at its next chunk."""
        self._stopped = True
        while True:
            try:
                self._queue.get_nowait()
            except queue.Empty:
                return

    def end(self) -> None:
        """Say that there is no more."""
        if not self._stopped:
            self._queue.put(None)

    def write(self, s: bytes | bytearray) -> int:
        """Hand on some bytes, when there is room for them."""
        for start in range(0, len(s), _CHUNK):
            if self._stopped:
                raise _StoppedError
            self._queue.put(bytes(s[start : start + _CHUNK]))
        self._size += len(s)
        return len(s)

    def read(self, size: int | None = None) -> bytes:
        """Return nothing: it is read by `take`."""
        return b""

    def seek(self, offset: int, whence: int = 0) -> int:
        """Stay where it is."""
        return self._size

    def flush(self) -> None:
        """Do nothing: no byte is held back."""

    def size(self) -> int:
        """Return how many bytes were written."""
        return self._size


class _To(WriterFactory):
    def __init__(self, chunks: _Chunks) -> None:
        self._chunks = chunks

    def create(self, filename: str) -> Py7zIO:
        return self._chunks


class _Source(io.RawIOBase):
    """A stream whose own errors are told from those that a decompressor raises as OSError."""

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
