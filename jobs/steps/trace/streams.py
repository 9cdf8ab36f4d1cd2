"""An object from a byte on: by a range where its format can be entered there, else by reading to it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator

from jobs import storage
from jobs.sources.decompress import BZIP2_MAGIC, XZ_MAGIC, ZSTD_MAGIC, decompressed, plain
from jobs.sources.inflate import GZIP_MAGIC
from jobs.storage.store import redacted

_NAMES = {GZIP_MAGIC: "gzip", BZIP2_MAGIC: "bzip2", XZ_MAGIC: "xz", ZSTD_MAGIC: "Zstandard"}
_STEP = 256 << 20  # bytes after which it is said how far reading is


def packing(uri: str) -> str | None:
    """What an object is compressed with, by its first bytes; None for nothing."""
    head = storage.read_range(uri, 0, len(XZ_MAGIC))
    return next((name for magic, name in _NAMES.items() if head.startswith(magic)), None)


def is_gzip(uri: str, offset: int) -> bool:
    """Whether a gzip member may begin at a byte."""
    return storage.read_range(uri, offset, len(GZIP_MAGIC)) == GZIP_MAGIC


def from_byte(
    uri: str, offset: int, packed: str | None, say: Callable[[str], None]
) -> Generator[bytes, None, None]:
    """What is in an object, from a byte of it without its compression on."""
    with storage.open_stream(uri, offset=0 if packed else offset) as stream:
        if packed:
            yield from behind(decompressed(stream), offset, uri, say)
        else:
            yield from plain(stream)


def behind(
    chunks: Iterator[bytes], offset: int, uri: str, say: Callable[[str], None]
) -> Generator[bytes, None, None]:
    """The chunks from a byte on; on a long way there it is said how far reading is."""
    position, told = 0, _STEP
    for chunk in chunks:
        if position + len(chunk) > offset:
            yield chunk[max(0, offset - position) :]
        position += len(chunk)
        if told <= position < offset:
            say(f"reading {redacted(uri)}: {position >> 20:,} of {offset >> 20:,} MB")
            told = position + _STEP


def read_to(offset: int, packed: str | None) -> list[str]:
    """What a person is told of the way there."""
    if not packed or not offset:
        return []
    return [f"{offset:,} bytes were read to get there: {packed} cannot be entered within"]
