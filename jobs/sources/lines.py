"""`spark.read.format("lines")`: the lines of text files, such as JSON lines, compressed or not."""

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
    """Lines that follow each other, with their ends; None for one that is too long."""

    offsets: list[int]
    lines: list[bytes | None]


class LinesReader(ObjectReader):
    """Plans tasks of 128 MB, or one a compressed file, and reads their lines."""

    format = "lines"
    rows_schema = LINES
    default_split_bytes = splits.SPLIT_BYTES

    def splits(self, objects: Sequence[ObjectInfo]) -> list[Split]:
        """Return runs of plain files, and compressed files whole, small ones together."""
        return plan(objects, self.split_bytes)

    def rows(self, byte_range: ByteRange) -> Iterator[Line]:
        """Yield the lines that begin in a piece."""
        return read_lines(byte_range, self.max_record_bytes)


class LinesDataSource(ObjectDataSource):
    """Lines of text in UTF-8, plain or in gzip, bzip2, xz or Zstandard. Blank lines are no rows.

    A line that is too long or is not UTF-8 becomes a row with `error` and `message`, and so does what
    is lost where a compressed file is damaged. Plain files are parted at line ends.

    Options are those of `jobs.sources.objects.ObjectReader`.
    """

    reader_type = LinesReader


def register(spark: SparkSession) -> None:
    """Make `spark.read.format("lines")` known to a session."""
    spark.dataSource.register(LinesDataSource)


def plan(objects: Sequence[ObjectInfo], split_bytes: int = splits.SPLIT_BYTES) -> list[Split]:
    """Return the splits of text files: by their names, the compressed ones whole."""
    packed = [each for each in objects if each.uri.lower().endswith(_SUFFIXES)]
    plain = [each for each in objects if not each.uri.lower().endswith(_SUFFIXES)]
    return [
        *splits.whole(packed, pack=split_bytes),
        *splits.ranges(plain, split_bytes=split_bytes),
    ]


def read_lines(byte_range: ByteRange, max_bytes: int = MAX_RECORD_BYTES) -> Iterator[Line]:
    """Yield the lines that begin in a piece; the last may say why there are no more."""
    for offset, data, fault in line_bytes(byte_range, max_bytes):
        if fault:
            yield Line(byte_range.uri, offset, None, fault.error, " ".join(fault.message.split()))
        elif data.strip():
            try:
                yield Line(byte_range.uri, offset, data.decode())
            except UnicodeDecodeError as error:
                yield Line(
                    byte_range.uri, offset, None, NOT_UTF8, f"the line is not UTF-8: {error}"
                )


def line_bytes(byte_range: ByteRange, max_bytes: int) -> Iterator[tuple[int, bytes, Fault | None]]:
    """Yield (offset, line without its end, None), or (offset, b"", fault) where there is none to have.

    These are the lines of `line_blocks`, one by one.
    """
    for block in line_blocks(byte_range, max_bytes):
        if isinstance(block, Fault):
            yield block.offset, b"", block
            continue
        for at, line in zip(*block, strict=True):
            if line is None:
                yield at, b"", too_long(max_bytes)
            else:
                yield at, without_end(line), None


def line_blocks(byte_range: ByteRange, max_bytes: int) -> Iterator[Block | Fault]:
    """Yield the lines that begin in a piece, many at once, and last the fault that cut them off.

    A byte order mark at the start of the file is left out. A compressed file belongs to the piece
    that it starts in.
    """
    try:
        packed = storage.read_range(byte_range.uri, 0, len(XZ_MAGIC)).startswith(_MAGICS)
        if packed and byte_range.start:
            return
        begin = max(
            0, byte_range.start - 1
        )  # the byte before tells whether a line begins at the start
        with storage.open_stream(byte_range.uri, offset=begin) as stream:
            chunks = decompressed(stream) if packed else plain(stream)
            for offsets, lines in split_blocks(chunks, begin, max_bytes):
                if lines[0] and not offsets[0]:
                    lines[0] = lines[0].removeprefix(codecs.BOM_UTF8)
                first = bisect_left(offsets, byte_range.start)
                end = len(offsets) if packed else bisect_left(offsets, byte_range.end)
                if first < end:
                    yield Block(offsets[first:end], lines[first:end])
                if end < len(offsets):
                    return
    except Fault as fault:
        yield fault
    except OSError as error:
        yield Fault(STORAGE, f"{type(error).__name__}: {error}", offset=byte_range.start)


def too_long(max_bytes: int) -> Fault:
    """Return what is wrong with a line that a block has as None."""
    return Fault(TOO_LARGE, f"the line has more than {max_bytes} bytes")


def split_lines(
    chunks: Iterator[bytes], position: int, max_bytes: int
) -> Iterator[tuple[int, bytes | None]]:
    """Yield where each line of some chunks starts and what is in it; None for one that is too long.

    These are the lines of `split_blocks`, one by one, without their ends.
    """
    for block in split_blocks(chunks, position, max_bytes):
        for at, line in zip(*block, strict=True):
            yield at, None if line is None else without_end(line)


def split_blocks(chunks: Iterator[bytes], position: int, max_bytes: int) -> Iterator[Block]:
    """Yield the lines that end in each of some chunks, and last the one that has no end.

    The first chunk starts at byte `position`. A line is too long with more than `max_bytes` before
    its line feed. Raises Fault with the offset of the line that is not whole.
    """
    held: list[bytes] = []  # the start of a line, as far as it was read
    size = 0  # of the line, however much of it is held
    try:
        for chunk in chunks:
            lines = [*io.BytesIO(chunk)]  # a third of what `split` takes
            rest = lines.pop() if lines and not chunk.endswith(b"\n") else b""
            if lines:
                sizes = [*map(len, lines)]
                sizes[0] += size
                lines[0] = b"".join([*held, lines[0]])
                offsets = [*itertools.accumulate(sizes, initial=position)]
                position = offsets.pop()
                held, size = [], 0
                yield Block(offsets, _bounded(lines, sizes, max_bytes))
            if rest:
                size += len(rest)
                if size > max_bytes:
                    held.clear()
                else:
                    held.append(rest)
    except OSError as error:
        raise Fault(STORAGE, f"{type(error).__name__}: {error}", offset=position) from error
    except Fault as fault:
        fault.offset = position
        raise
    if size:
        yield Block([position], [b"".join(held) if size <= max_bytes else None])


def _bounded(lines: list[bytes], sizes: list[int], max_bytes: int) -> list[bytes | None]:
    if max(sizes) <= max_bytes:
        return [*lines]
    ended = max_bytes + 1
    return [line if size <= ended else None for line, size in zip(lines, sizes, strict=True)]


def without_end(line: bytes) -> bytes:
    """Return a line of a block without the line feed, or carriage return and line feed, at its end."""
    return line.removesuffix(b"\n").removesuffix(b"\r")
