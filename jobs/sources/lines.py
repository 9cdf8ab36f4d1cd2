"""`spark.read.format("lines")`: the lines of text files, such as JSON lines, compressed or not."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pyspark.sql import SparkSession

from jobs import storage
from jobs.sources import splits
from jobs.sources.decompress import BZIP2_MAGIC, XZ_MAGIC, ZSTD_MAGIC, decompressed, plain
from jobs.sources.faults import NOT_UTF8, STORAGE, TOO_LARGE, Fault
from jobs.sources.inflate import GZIP_MAGIC
from jobs.sources.objects import MAX_RECORD_BYTES, ObjectDataSource, ObjectReader
from jobs.sources.splits import Piece, Split
from jobs.storage import ObjectInfo
from schemas.lines import LINES

_MAGICS = (GZIP_MAGIC, BZIP2_MAGIC, XZ_MAGIC, ZSTD_MAGIC)
_SUFFIXES = (".gz", ".bz2", ".xz", ".zst")


class Line(NamedTuple):
    """The columns of `schemas.lines`."""

    uri: str
    offset: int
    line: str | None = None
    error: str | None = None
    message: str | None = None


class LinesReader(ObjectReader):
    """Plans tasks of 128 MB, or one a compressed file, and reads their lines."""

    format = "lines"
    rows_schema = LINES
    default_split_bytes = splits.SPLIT_BYTES

    def splits(self, objects: Sequence[ObjectInfo]) -> list[Split]:
        """Return runs of plain files, and compressed files whole, small ones together."""
        return plan(objects, self.split_bytes)

    def rows(self, piece: Piece) -> Iterator[Line]:
        """Yield the lines that begin in a piece."""
        return read_lines(piece, self.max_record_bytes)


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


def read_lines(piece: Piece, max_bytes: int = MAX_RECORD_BYTES) -> Iterator[Line]:
    """Yield the lines that begin in a piece; the last may say why there are no more."""
    for offset, data, fault in line_bytes(piece, max_bytes):
        if fault:
            yield Line(piece.uri, offset, None, fault.error, " ".join(fault.message.split()))
        elif data.strip():
            try:
                yield Line(piece.uri, offset, data.decode())
            except UnicodeDecodeError as error:
                yield Line(piece.uri, offset, None, NOT_UTF8, f"the line is not UTF-8: {error}")


def line_bytes(piece: Piece, max_bytes: int) -> Iterator[tuple[int, bytes, Fault | None]]:
    """Yield (offset, line without its end, None), or (offset, b"", fault) where there is none to have.

    A byte order mark at the start of the file is left out. A compressed file belongs to the piece
    that it starts in.
    """
    try:
        packed = storage.read_range(piece.uri, 0, len(XZ_MAGIC)).startswith(_MAGICS)
        if packed and piece.start:
            return
        begin = max(0, piece.start - 1)  # the byte before tells whether a line begins at the start
        with storage.open_stream(piece.uri, offset=begin) as stream:
            chunks = decompressed(stream) if packed else plain(stream)
            for at, data in split_lines(chunks, begin, max_bytes):
                if not packed and at >= piece.end:
                    return
                if at < piece.start:
                    continue
                if data is None:
                    yield at, b"", Fault(TOO_LARGE, f"the line has more than {max_bytes} bytes")
                else:
                    yield at, data if at else data.removeprefix(codecs.BOM_UTF8), None
    except Fault as fault:
        yield fault.offset, b"", fault
    except OSError as error:
        yield piece.start, b"", Fault(STORAGE, f"{type(error).__name__}: {error}")


def split_lines(
    chunks: Iterator[bytes], position: int, max_bytes: int
) -> Iterator[tuple[int, bytes | None]]:
    """Yield where each line of some chunks starts and what is in it; None for one that is too long.

    The first chunk starts at byte `position`. Raises Fault with the offset of the line that is not whole.
    """
    held: list[bytes] = []  # the start of a line, as far as it was read
    size = 0  # of the line, however much of it is held
    try:
        for chunk in chunks:
            *lines, rest = chunk.split(b"\n")
            for line in lines:
                yield position, _joined(held, line, size, max_bytes)
                position += size + len(line) + 1
                held, size = [], 0
            if rest:
                size += len(rest)
                held = [*held, rest] if size <= max_bytes else []
    except OSError as error:
        raise Fault(STORAGE, f"{type(error).__name__}: {error}", offset=position) from error
    except Fault as fault:
        fault.offset = position
        raise
    if size:
        yield position, _joined(held, b"", size, max_bytes)


def _joined(held: list[bytes], rest: bytes, size: int, max_bytes: int) -> bytes | None:
    if size + len(rest) > max_bytes:
        return None
    line = b"".join([*held, rest]) if held else rest
    return line[:-1] if line.endswith(b"\r") else line
