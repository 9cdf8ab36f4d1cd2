"""`spark.read.format("lines")`: lines of text files such as JSON Lines, compressed or not."""

from __future__ import annotations

import codecs
import io
import itertools
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pyspark.sql import SparkSession

from jobs import storage
from jobs.sources import splits
from jobs.sources.decompress import BZIP2_MAGIC, XZ_MAGIC, ZSTD_MAGIC, decompressed, plain
from jobs.sources.faults import NOT_UTF8, STORAGE, TOO_LARGE, Fault
from jobs.sources.inflate import GZIP_MAGIC
from jobs.sources.objects import MAX_RECORD_BYTES, ObjectDataSource, ObjectReader
from jobs.sources.splits import ByteRange, Split
from jobs.storage import ObjectInfo
from schemas.errors import one_line
from schemas.sources.lines import LINES

_MAGICS = (GZIP_MAGIC, BZIP2_MAGIC, XZ_MAGIC, ZSTD_MAGIC)
_SUFFIXES = (".gz", ".bz2", ".xz", ".zst")


class Line(NamedTuple):
    """The columns of `schemas.sources.lines`."""

    uri: str
    offset: int
    line: str | None = None
    error: str | None = None
    message: str | None = None


class Block(NamedTuple):
    """Consecutive lines with their line ends; None for a line that is too long."""

    offsets: list[int]
    lines: list[bytes | None]


class LinesReader(ObjectReader):
    """Plans tasks of 128 MB, or one per compressed file, and reads their lines."""

    format = "lines"
    rows_schema = LINES
    default_split_bytes = splits.SPLIT_BYTES

    def splits(self, objects: Sequence[ObjectInfo]) -> list[Split]:
        """Return byte ranges of plain files and whole compressed files; small ones share a split."""
        return plan(objects, self.split_bytes)

    def rows(self, byte_range: ByteRange) -> Iterator[Line]:
        """Yield the lines that begin in a byte range."""
        return read_lines(byte_range, self.max_record_bytes)


class LinesDataSource(ObjectDataSource):
    """Lines of UTF-8 text, plain or in gzip, bzip2, xz or Zstandard. Blank lines are skipped.

    A line that is too long or not UTF-8 becomes a row with `error` and `message`, and so does the
    lost part of a damaged compressed file. Plain files are split at line ends.

    Options are those of `jobs.sources.objects.ObjectReader`.
    """

    reader_type = LinesReader


def register(spark: SparkSession) -> None:
    """Register `spark.read.format("lines")` in a session."""
    spark.dataSource.register(LinesDataSource)


def plan(objects: Sequence[ObjectInfo], split_bytes: int = splits.SPLIT_BYTES) -> list[Split]:
    """Return the splits of text files; files with the suffix of a compression stay whole."""
    compressed = [info for info in objects if info.uri.lower().endswith(_SUFFIXES)]
    plain = [info for info in objects if not info.uri.lower().endswith(_SUFFIXES)]
    return [
        *splits.whole(compressed, pack=split_bytes),
        *splits.ranges(plain, split_bytes=split_bytes),
    ]


def read_lines(byte_range: ByteRange, max_bytes: int = MAX_RECORD_BYTES) -> Iterator[Line]:
    """Yield the lines that begin in a byte range; the last row may be the fault that ends it."""
    for offset, data, fault in line_bytes(byte_range, max_bytes):
        if fault:
            yield Line(byte_range.uri, offset, None, fault.error, one_line(fault.message))
        elif data.strip():
            try:
                yield Line(byte_range.uri, offset, data.decode())
            except UnicodeDecodeError as error:
                yield Line(
                    byte_range.uri, offset, None, NOT_UTF8, f"the line is not UTF-8: {error}"
                )


def line_bytes(byte_range: ByteRange, max_bytes: int) -> Iterator[tuple[int, bytes, Fault | None]]:
    """Yield the lines of `line_blocks` one by one as (offset, line without its end, None).

    An unreadable line is (offset, b"", fault).
    """
    for block in line_blocks(byte_range, max_bytes):
        if isinstance(block, Fault):
            yield block.offset, b"", block
            continue
        for offset, line in zip(*block, strict=True):
            if line is None:
                yield offset, b"", too_long(max_bytes)
            else:
                yield offset, without_end(line), None


def line_blocks(byte_range: ByteRange, max_bytes: int) -> Iterator[Block | Fault]:
    """Yield blocks of the lines that begin in a byte range, and last the fault that ends them, if any.

    A byte order mark at the start of the file is removed. A compressed file belongs to the byte
    range that it starts in.
    """
    try:
        compressed = storage.read_range(byte_range.uri, 0, len(XZ_MAGIC)).startswith(_MAGICS)
        if compressed and byte_range.start:
            return
        # the byte before the range shows whether a line begins at its start
        begin = max(0, byte_range.start - 1)
        with storage.open_stream(byte_range.uri, offset=begin) as stream:
            chunks = decompressed(stream) if compressed else plain(stream)
            for offsets, lines in split_blocks(chunks, begin, max_bytes):
                if lines[0] and not offsets[0]:
                    lines[0] = lines[0].removeprefix(codecs.BOM_UTF8)
                first = bisect_left(offsets, byte_range.start)
                end = len(offsets) if compressed else bisect_left(offsets, byte_range.end)
                if first < end:
                    yield Block(offsets[first:end], lines[first:end])
                if end < len(offsets):
                    return
    except Fault as fault:
        yield fault
    except OSError as error:
        yield Fault(STORAGE, f"{type(error).__name__}: {error}", offset=byte_range.start)


def too_long(max_bytes: int) -> Fault:
    """Return the fault of a line that is None in a block."""
    return Fault(TOO_LARGE, f"the line has more than {max_bytes} bytes")


def split_lines(
    chunks: Iterator[bytes], position: int, max_bytes: int
) -> Iterator[tuple[int, bytes | None]]:
    """Yield the lines of `split_blocks` one by one as (offset, line without its end).

    A line that is too long is None.
    """
    for block in split_blocks(chunks, position, max_bytes):
        for offset, line in zip(*block, strict=True):
            yield offset, None if line is None else without_end(line)


def split_blocks(chunks: Iterator[bytes], position: int, max_bytes: int) -> Iterator[Block]:
    """Yield a block of the lines that end in each chunk, and last the line without a line feed.

    The first chunk starts at byte `position`. A line is too long if more than `max_bytes` precede
    its line feed. Raise a Fault with the offset of the incomplete line.
    """
    unfinished: list[bytes] = []  # parts of a line whose end has not been read
    size = 0  # bytes of that line so far, held or not
    try:
        for chunk in chunks:
            lines = [*io.BytesIO(chunk)]  # takes a third of the time of `split`
            rest = lines.pop() if lines and not chunk.endswith(b"\n") else b""
            if lines:
                sizes = [*map(len, lines)]
                sizes[0] += size
                lines[0] = b"".join([*unfinished, lines[0]])
                offsets = [*itertools.accumulate(sizes, initial=position)]
                position = offsets.pop()
                unfinished, size = [], 0
                yield Block(offsets, _bounded(lines, sizes, max_bytes))
            if rest:
                size += len(rest)
                if size > max_bytes:
                    unfinished.clear()
                else:
                    unfinished.append(rest)
    except OSError as error:
        raise Fault(STORAGE, f"{type(error).__name__}: {error}", offset=position) from error
    except Fault as fault:
        fault.offset = position
        raise
    if size:
        yield Block([position], [b"".join(unfinished) if size <= max_bytes else None])


def _bounded(lines: list[bytes], sizes: list[int], max_bytes: int) -> list[bytes | None]:
    if max(sizes) <= max_bytes:
        return [*lines]
    with_end = max_bytes + 1
    return [line if size <= with_end else None for line, size in zip(lines, sizes, strict=True)]


def without_end(line: bytes) -> bytes:
    """Return a line of a block without its LF or CRLF."""
    return line.removesuffix(b"\n").removesuffix(b"\r")
