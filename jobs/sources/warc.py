"""`spark.read.format("warc")`: WARC, WET and ARC archives as rows of `schemas.sources.warc_records`."""

from __future__ import annotations

from collections.abc import Iterator

from pyspark.sql import SparkSession

from jobs import storage
from jobs.sources.faults import STORAGE
from jobs.sources.objects import ObjectDataSource, ObjectReader
from jobs.sources.splits import ByteRange
from jobs.sources.warc_rows import Row, Wanted, fault_row
from schemas.sources.warc_records import WARC_RECORDS


class WarcReader(ObjectReader):
    """Plans one task per archive and reads its records.

    Raises
    ------
    UserError
        An option has an invalid value, or neither `path` nor `uris` is given.
    """

    format = "warc"
    rows_schema = WARC_RECORDS

    def __init__(self, options: dict[str, str]) -> None:
        super().__init__(options)
        self._wanted = Wanted(
            record_types=frozenset(self.words(options, "record_types", "response,conversion")),
            statuses=frozenset(map(int, self.words(options, "statuses", "", digits=True))),
            content_types=frozenset(self.words(options, "content_types", "")),
            max_record_bytes=self.max_record_bytes,
        )

    def rows(self, byte_range: ByteRange) -> Iterator[Row]:
        """Yield the rows of an archive."""
        return read_rows(byte_range, self._wanted)


class WarcDataSource(ObjectDataSource):
    """Archives of web pages: one task per archive, the longest first.

    The formats are WARC (0.17 to 1.1), WET and ARC (1 and 2), plain or in gzip, Zstandard or LZ4, as
    a member per record or as one file. An unusable record becomes a row with `error` and `message`,
    and so does a part of an archive in which no record can be found.

    Options, in addition to those of `jobs.sources.objects.ObjectReader`
    --------------------------------------------------------------------
    record_types
        Types of the records that become rows (default `response,conversion`); `unknown` stands for
        types that the standard does not define.
    statuses
        HTTP statuses of responses whose content is kept, such as `200`; that of others is null
        (default: all).
    content_types
        Media types of responses and resources whose content is kept, such as
        `text/html,application/xhtml+xml`; that of others is null (default: all). Content without a
        type is always kept.

    Examples
    --------
    >>> register(spark)  # doctest: +SKIP
    >>> pages = spark.read.format("warc").option("statuses", "200").load("crawl/*.warc.gz")
    ... # doctest: +SKIP
    """

    reader_type = WarcReader


def read_rows(archive: ByteRange, wanted: Wanted) -> Iterator[Row]:
    """Yield the rows of an archive, in the order of its records and faults."""
    from jobs.sources.archive import read_archive

    uri = archive.uri
    try:
        stream = storage.open_stream(uri)
    except OSError as error:
        yield fault_row(uri, 0, STORAGE, f"{type(error).__name__}: {error}")
        return
    with stream:
        yield from read_archive(stream, uri, wanted, archive.size)


def register(spark: SparkSession) -> None:
    """Register `spark.read.format("warc")` in a session."""
    spark.dataSource.register(WarcDataSource)
