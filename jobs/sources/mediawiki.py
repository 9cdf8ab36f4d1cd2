"""`spark.read.format("mediawiki")`: pages of MediaWiki XML exports, multistream or not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pyspark.sql import SparkSession

from jobs import storage
from jobs.sources import splits
from jobs.sources.bzip2_streams import Run, read_streams
from jobs.sources.decompress import BZIP2_MAGIC, XZ_MAGIC, ZSTD_MAGIC, decompressed, plain
from jobs.sources.faults import EMPTY, STORAGE, Fault
from jobs.sources.inflate import GZIP_MAGIC
from jobs.sources.mediawiki_cuts import Cutter
from jobs.sources.mediawiki_header import Header, read_header
from jobs.sources.mediawiki_pages import parse_page
from jobs.sources.objects import MAX_RECORD_BYTES, ObjectDataSource, ObjectReader
from jobs.sources.splits import ByteRange, Split
from jobs.storage import ObjectInfo
from schemas.errors import one_line
from schemas.sources.mediawiki import MEDIAWIKI_PAGES

SPLIT_BYTES = 32 << 20  # of a dump as stored; bzip2 is slow and expands to four times as much
_WHOLE_SUFFIXES = (".gz", ".xz", ".zst")
_WHOLE_MAGICS = (GZIP_MAGIC, XZ_MAGIC, ZSTD_MAGIC)
_INDEX = re.compile(r"-multistream-index\d*\.txt[^/]*$")


class Page(NamedTuple):
    """The columns of `schemas.sources.mediawiki`."""

    uri: str
    offset: int
    wiki: str | None = None
    language: str | None = None
    base: str | None = None
    page_id: int | None = None
    namespace: int | None = None
    title: str | None = None
    redirect: str | None = None
    revision_id: int | None = None
    timestamp: str | None = None
    model: str | None = None
    format: str | None = None
    text: str | None = None
    error: str | None = None
    message: str | None = None


class MediaWikiReader(ObjectReader):
    """Plans tasks of 32 MB of a dump as stored and reads their pages."""

    format = "mediawiki"
    rows_schema = MEDIAWIKI_PAGES
    default_split_bytes = SPLIT_BYTES

    def splits(self, objects: Sequence[ObjectInfo]) -> list[Split]:
        """Return byte ranges of dumps, without the indexes of multistream dumps."""
        return plan([info for info in objects if not is_index(info.uri)], self.split_bytes)

    def rows(self, byte_range: ByteRange) -> Iterator[Page]:
        """Yield the pages that begin in a byte range."""
        return read_pages(byte_range, self.max_record_bytes)


class MediaWikiDataSource(ObjectDataSource):
    """Pages of MediaWiki XML exports: plain, or in bzip2, gzip, xz or Zstandard; in any encoding.

    A row holds the newest revision of a page by timestamp. A page that is not well-formed, is cut
    or is too large becomes a row with `error` and `message`, and so do a damaged bzip2 stream and
    the missing end of a cut dump.

    Plain XML and bzip2 are split: a task reads the bzip2 streams that begin in its range, so a
    multistream dump needs no index. A `*-multistream-index.txt.bz2` in a folder is skipped.

    Options are those of `jobs.sources.objects.ObjectReader`.
    """

    reader_type = MediaWikiReader


def register(spark: SparkSession) -> None:
    """Register `spark.read.format("mediawiki")` in a session."""
    spark.dataSource.register(MediaWikiDataSource)


def is_index(uri: str) -> bool:
    """Return whether a URI is that of a multistream dump's index."""
    return bool(_INDEX.search(uri))


def plan(objects: Sequence[ObjectInfo], split_bytes: int = SPLIT_BYTES) -> list[Split]:
    """Return the splits of dumps; files in gzip, xz or Zstandard, by their names, stay whole."""
    whole = [info for info in objects if info.uri.lower().endswith(_WHOLE_SUFFIXES)]
    splittable = [info for info in objects if not info.uri.lower().endswith(_WHOLE_SUFFIXES)]
    return [
        *splits.whole(whole, pack=split_bytes),
        *splits.ranges(splittable, split_bytes=split_bytes),
    ]


def read_pages(byte_range: ByteRange, max_bytes: int = MAX_RECORD_BYTES) -> Iterator[Page]:
    """Yield the pages that begin in a byte range, and a row for each unreadable part."""
    dump = open_dump(byte_range)
    return iter([dump]) if isinstance(dump, Page) else pages(dump, max_bytes)


@dataclass(frozen=True)
class Dump:
    """A byte range of a dump, with the dump's header."""

    byte_range: ByteRange
    magic: bytes
    header: Header


def open_dump(byte_range: ByteRange) -> Dump | Page:
    """Return a byte range with the header of its dump, or an error row if the header is unreadable.

    The error row belongs to the first byte range of an object; for the others, return an empty
    dump.
    """
    try:
        magic = storage.read_range(byte_range.uri, 0, len(XZ_MAGIC))
        if not magic:
            raise Fault(EMPTY, "the object is empty")
        with storage.open_stream(byte_range.uri) as stream:
            return Dump(byte_range, magic, read_header(decompressed(stream)))
    except Fault as fault:
        if byte_range.start and fault.error != STORAGE:
            return Dump(ByteRange(byte_range.uri, byte_range.size, 0, 0), b"", Header("utf-8"))
        return _error(byte_range.uri, byte_range.start, fault)
    except OSError as error:
        message = f"{type(error).__name__}: {error}"
        return _error(byte_range.uri, byte_range.start, Fault(STORAGE, message))


def pages(dump: Dump, max_bytes: int, holding: str = "") -> Iterator[Page]:
    """Yield the pages that begin in a dump's byte range, and a row for each unreadable part.

    Pages whose XML does not have the text `holding` are left out without being parsed.
    """
    byte_range, header = dump.byte_range, dump.header
    is_bzip2 = dump.magic.startswith(BZIP2_MAGIC)
    splittable = header.ascii_compatible and not dump.magic.startswith(_WHOLE_MAGICS)
    start, end = (byte_range.start, byte_range.end) if splittable else (0, byte_range.size)
    if start == end or (byte_range.start and not splittable):
        return
    cutter = Cutter(
        header.encoding,
        first=start == 0,
        position=0 if is_bzip2 else start,
        by_stream=is_bzip2,
        max_bytes=max_bytes,
    )
    needed = holding.encode(header.encoding)
    for offset, data, fault in cutter.cuts(_runs(byte_range.uri, start, end, dump.magic)):
        if needed not in data:
            continue
        yield _error(byte_range.uri, offset, fault) if fault else _page(dump, offset, data)


def _runs(uri: str, start: int, end: int, magic: bytes) -> Iterator[Run]:
    """Yield the uncompressed bytes of a dump from `start` on."""
    try:
        with storage.open_stream(uri, offset=start) as stream:
            if magic.startswith(BZIP2_MAGIC):
                yield from read_streams(stream, start, end)
            elif magic.startswith(_WHOLE_MAGICS):
                for chunk in decompressed(stream):
                    yield Run(chunk, 0, True)
            else:
                for chunk in plain(stream):
                    if in_range := chunk[: max(0, end - start)]:
                        yield Run(in_range, 0, True)
                    if after := chunk[len(in_range) :]:
                        yield Run(after, 0, False)
                    start += len(chunk)
    except Fault as fault:
        yield Run(b"", 0, True, fault)
    except OSError as error:
        yield Run(b"", 0, True, Fault(STORAGE, f"{type(error).__name__}: {error}", offset=start))


def _page(dump: Dump, offset: int, data: bytes) -> Page:
    uri, header = dump.byte_range.uri, dump.header
    try:
        content = parse_page(data, header.encoding)
    except Fault as fault:
        return _error(uri, offset, fault)
    return Page(uri, offset, header.wiki, header.language, header.base, *content)


def _error(uri: str, offset: int, fault: Fault) -> Page:
    return Page(uri, offset, error=fault.error, message=one_line(fault.message))
