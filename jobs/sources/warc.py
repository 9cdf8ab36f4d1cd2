"""`spark.read.format("warc")`: WARC, WET and ARC archives as the rows of `schemas.sources.warc_records`."""

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
    """Plans one task an archive, and reads it.

    Raises
    ------
    UserError
        An option has a value that it cannot have, or nothing to read is named.
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
        """Yield an archive's rows, one by one."""
        return read_rows(byte_range.uri, self._wanted)


class WarcDataSource(ObjectDataSource):
    """Archives of web pages, one task an archive, the longest first.

    Read are WARC (0.17 to 1.1), WET and ARC (1 and 2), compressed by gzip record by record or as
    one file, or not at all. What cannot be read becomes a row with `error` and `message`: one for
    a record, or one for all of an archive behind a fault.

    Options beside those of `jobs.sources.objects.ObjectReader`
    -----------------------------------------------------------
    record_types
        Which records become rows (default `response,conversion`).
    statuses
        HTTP statuses of responses whose content is wanted, such as `200`; others have null content
        (default: all).
    content_types
        Media types of responses whose content is wanted, such as
        `text/html,application/xhtml+xml`, as `statuses`. Without a type it is always wanted.

    Examples
    --------
    >>> register(spark)  # doctest: +SKIP
    >>> pages = spark.read.format("warc").option("statuses", "200").load("crawl/*.warc.gz")
    ... # doctest: +SKIP
    """

    reader_type = WarcReader


def read_rows(uri: str, wanted: Wanted) -> Iterator[Row]:
    """Yield an archive's rows; the last may say why there are no more."""
    from jobs.sources.archive import read_archive

    try:
        stream = storage.open_stream(uri)
    except OSError as error:
        yield fault_row(uri, 0, STORAGE, f"{type(error).__name__}: {error}")
        return
    with stream:
        yield from read_archive(stream, uri, wanted)


def register(spark: SparkSession) -> None:
    """Make `spark.read.format("warc")` known to a session."""
    spark.dataSource.register(WarcDataSource)
