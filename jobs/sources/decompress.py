"""The bytes inside an object, whatever it is compressed with: gzip, bzip2, xz, Zstandard, or nothing."""

from __future__ import annotations

import bz2
import lzma
import sys
from collections.abc import Callable, Iterator
from typing import BinaryIO, Protocol

from jobs.sources.faults import STORAGE, Fault
from jobs.sources.inflate import CHUNK, GZIP_MAGIC, PIECE, Inflated, Readable

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

BZIP2_MAGIC = b"BZh"
XZ_MAGIC = b"\xfd7zXZ\x00"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_LONGEST_MAGIC = 6


class _Decompressor(Protocol):
    """What the decompressors of bz2, lzma and zstd have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class _Ahead:
    """A stream whose first bytes can be looked at before they are read."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._head = b""

    def peek(self, size: int) -> bytes:
        while len(self._head) < size and (more := self._stream.read(size - len(self._head))):
            self._head += more
        return self._head[:size]

    def read(self, size: int = -1, /) -> bytes:
        if not self._head:
            return self._stream.read(size)
        data, self._head = self._head[:size], self._head[size:]
        return data


def decompressed(stream: BinaryIO) -> Iterator[bytes]:
    """Yield what is inside an object, in chunks of at most 1 MB; members follow each other.

    What it is compressed with is seen from its first bytes, not from its name.

    Raises
    ------
    Fault
        After all that could be had: `truncated-gzip`, `corrupt-gzip` and their like for the other
        formats, `storage-error`.
    """
    ahead = _Ahead(stream)
    try:
        head = ahead.peek(_LONGEST_MAGIC)
        if head.startswith(BZIP2_MAGIC):
            yield from _members(ahead, bz2.BZ2Decompressor, "bzip2")
        elif head.startswith(XZ_MAGIC):
            yield from _members(ahead, lzma.LZMADecompressor, "xz")
        elif head.startswith(ZSTD_MAGIC):
            yield from _members(ahead, zstd.ZstdDecompressor, "zstd")
        elif head.startswith(GZIP_MAGIC):
            yield from Inflated(ahead)
        else:
            yield from plain(ahead)
    except OSError as error:
        raise Fault(STORAGE, f"{type(error).__name__}: {error}") from error


def plain(stream: Readable) -> Iterator[bytes]:
    """Yield the bytes of a stream as they are, in chunks of at most 1 MB."""
    while chunk := stream.read(CHUNK):
        yield chunk


def _members(
    stream: _Ahead,
    decompressor: Callable[[], _Decompressor],
    name: str,
) -> Iterator[bytes]:
    data = stream.read(PIECE)
    while data:
        member = decompressor()
        while not member.eof:
            try:
                chunk = member.decompress(data, CHUNK)
            except (OSError, EOFError, lzma.LZMAError, zstd.ZstdError) as error:
                raise Fault(f"corrupt-{name}", str(error)) from error
            data = b""
            if chunk:
                yield chunk
            if member.needs_input and not member.eof:
                data = stream.read(PIECE)
                if not data:
                    raise Fault(f"truncated-{name}", f"the object ends within its {name} data")
        data = (member.unused_data or stream.read(PIECE)).lstrip(b"\0")
