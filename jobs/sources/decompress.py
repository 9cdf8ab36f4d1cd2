"""Uncompressed content of objects in gzip, bzip2, xz, Zstandard, or without compression."""

from __future__ import annotations

import bz2
import lzma
import sys
from collections.abc import Callable, Iterator
from typing import Protocol

from jobs.sources.faults import STORAGE, Fault
from jobs.sources.inflate import GZIP_MAGIC, GzipMembers
from jobs.sources.members import CHUNK, PIECE, Readable

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

BZIP2_MAGIC = b"BZh"
XZ_MAGIC = b"\xfd7zXZ\x00"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_LONGEST_MAGIC = 6


class Decompressor(Protocol):
    """The interface shared by the decompressors of bz2, lz4, lzma and zstd."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes | None: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class _Ahead:
    """A stream whose first bytes can be peeked at before they are read."""

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


def decompressed(stream: Readable) -> Iterator[bytes]:
    """Yield the content of an object in chunks of at most 1 MB, one member after another.

    The compression is recognised by the first bytes, not by the name.

    Raises
    ------
    Fault
        After all content that could be read: `truncated-gzip`, `corrupt-gzip`, the same for the
        other formats, or `storage-error`.
    """
    ahead = _Ahead(stream)
    try:
        head = ahead.peek(_LONGEST_MAGIC)
        if head.startswith(BZIP2_MAGIC):
            yield from _members(ahead, bz2.BZ2Decompressor, "bzip2")
        elif head.startswith(XZ_MAGIC):
            yield from _members(ahead, lzma.LZMADecompressor, "xz")
        elif head.startswith(ZSTD_MAGIC):
            yield from zstd_frames(ahead)
        elif head.startswith(GZIP_MAGIC):
            yield from GzipMembers(ahead, ahead.read(PIECE))
        else:
            yield from plain(ahead)
    except OSError as error:
        raise Fault(STORAGE, f"{type(error).__name__}: {error}") from error


def plain(stream: Readable) -> Iterator[bytes]:
    """Yield the bytes of an uncompressed stream in chunks of at most 1 MB."""
    while chunk := stream.read(CHUNK):
        yield chunk


def zstd_frames(stream: Readable) -> Iterator[bytes]:
    """Yield the content of Zstandard frames, as `decompressed` does."""
    yield from _members(stream, zstd.ZstdDecompressor, "zstd")


def _members(
    stream: Readable,
    decompressor: Callable[[], Decompressor],
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
