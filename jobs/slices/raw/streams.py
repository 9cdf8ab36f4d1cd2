"""Read an object from a byte on: by a range request, or by reading up to it inside a compression."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator

from jobs import storage
from jobs.sources.decompress import BZIP2_MAGIC, XZ_MAGIC, ZSTD_MAGIC, decompressed, plain
from jobs.sources.frames import DICTIONARY_MAGIC, LZ4_MAGIC
from jobs.sources.inflate import GZIP_MAGIC
from jobs.storage.store import redacted

_NAMES = {
    GZIP_MAGIC: "gzip",
    BZIP2_MAGIC: "bzip2",
    XZ_MAGIC: "xz",
    ZSTD_MAGIC: "Zstandard",
    DICTIONARY_MAGIC: "Zstandard",
    LZ4_MAGIC: "LZ4",
}
_STEP = 256 << 20  # bytes between two lines of progress


def packing(uri: str, offset: int = 0) -> str | None:
    """Return the name of the compression that begins at a byte of an object; None without one."""
    head = storage.read_range(uri, offset, len(XZ_MAGIC))
    return next((name for magic, name in _NAMES.items() if head.startswith(magic)), None)


def from_byte(
    uri: str, offset: int, packed: str | None, report: Callable[[str], None]
) -> Generator[bytes, None, None]:
    """Yield an object's content without its compression, from a byte of that content on."""
    with storage.open_stream(uri, offset=0 if packed else offset) as stream:
        if packed:
            yield from from_offset(decompressed(stream), offset, uri, report)
        else:
            yield from plain(stream)


def from_offset(
    chunks: Iterator[bytes], offset: int, uri: str, report: Callable[[str], None]
) -> Generator[bytes, None, None]:
    """Yield the chunks from a byte on; report progress every 256 MB before it."""
    position, next_report = 0, _STEP
    for chunk in chunks:
        if position + len(chunk) > offset:
            yield chunk[max(0, offset - position) :]
        position += len(chunk)
        if next_report <= position < offset:
            report(f"reading {redacted(uri)}: {position >> 20:,} of {offset >> 20:,} MB")
            next_report = position + _STEP


def read_to(offset: int, packed: str | None) -> list[str]:
    """Return the note on how many bytes were read to reach a record; none for a range request."""
    if not packed or not offset:
        return []
    return [f"{offset:,} bytes were read to get there: {packed} cannot be entered within"]
