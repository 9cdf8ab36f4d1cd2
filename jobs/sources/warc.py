"""`spark.read.format("warc")`: WARC, WET and ARC archives as the rows of `schemas.warc_records`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyspark.sql import SparkSession
from pyspark.sql.datasource import DataSource, DataSourceReader, InputPartition
from pyspark.sql.types import StructType

from jobs import storage
from jobs.sources.faults import STORAGE
from jobs.sources.warc_rows import Row, Wanted, fault_row
from schemas.errors import UserError
from schemas.warc_records import WARC_RECORDS

if TYPE_CHECKING:
    import pyarrow as pa

# rows without content are small, but not nothing
_ROW_BYTES = 512


@dataclass
class Archive(InputPartition):
    """One task: one archive."""

    uri: str


class WarcDataSource(DataSource):
    """Archives of web pages, one task an archive, the longest first.

    Read are WARC (0.17 to 1.1), WET and ARC (1 and 2), compressed by gzip record by record or as
    one file, or not at all. What cannot be read becomes a row with `error` and `message`: one for
    a record, or one for all of an archive behind a fault.

    Options
    -------
    path
        What `load()` is given: an object, a folder or prefix, or a glob.
    uris
        Instead of a path: a JSON list of [address, bytes], so that nothing is listed again.
    record_types
        Which records become rows (default `response,conversion`).
    statuses
        HTTP statuses of responses whose content is wanted, such as `200`; others have null content
        (default: all).
    content_types
        Media types of responses whose content is wanted, such as
        `text/html,application/xhtml+xml`, as `statuses`. Without a type it is always wanted.
    batch_bytes
        Bytes of content after which an Arrow batch is handed to Spark (default 16 MB).
    max_record_bytes
        A larger record becomes a row with an error, and is never held in memory (default 32 MB).

    Examples
    --------
    >>> register(spark)  # doctest: +SKIP
    >>> pages = spark.read.format("warc").option("statuses", "200").load("crawl/*.warc.gz")
    ... # doctest: +SKIP
    """

    @classmethod
    def name(cls) -> str:
        """Return what `spark.read.format()` takes."""
        return "warc"

    def schema(self) -> StructType:
        """Return `WARC_RECORDS`."""
        return WARC_RECORDS

    def reader(self, schema: StructType) -> WarcReader:
        """Return the reader of what the options name."""
        return WarcReader(dict(self.options))


class WarcReader(DataSourceReader):
    """Plans one task an archive, and reads it.

    Raises
    ------
    UserError
        An option has a value that it cannot have, or nothing to read is named.
    """

    def __init__(self, options: dict[str, str]) -> None:
        self._path = options.get("path")
        self._uris = options.get("uris")
        if not self._path and not self._uris:
            raise UserError("the data source warc needs a path: .load(path), or the option uris")
        self.wanted = Wanted(
            record_types=frozenset(_words(options, "record_types", "response,conversion")),
            statuses=frozenset(map(int, _words(options, "statuses", "", digits=True))),
            content_types=frozenset(_words(options, "content_types", "")),
            max_record_bytes=_number(options, "max_record_bytes", Wanted.max_record_bytes),
        )
        self._batch_bytes = _number(options, "batch_bytes", 16 << 20)

    def partitions(self) -> list[Archive]:
        """Return one partition an archive, the longest first, so that none of them ends the job."""
        if self._uris:
            found = [(uri, size) for uri, size in json.loads(self._uris)]
        else:
            found = [(each.uri, each.size) for each in storage.expand([str(self._path)])]
        found.sort(key=lambda each: (-each[1], each[0]))
        return [Archive(uri) for uri, _ in found]

    def read(self, partition: Archive) -> Iterator[pa.RecordBatch]:  # type: ignore[override]
        """Yield an archive's rows as Arrow batches."""
        rows: list[Row] = []
        size = 0
        for row in self.rows(partition):
            rows.append(row)
            size += _ROW_BYTES + len(row.content or b"")
            if size >= self._batch_bytes:
                yield _batch(rows)
                rows, size = [], 0
        if rows:
            yield _batch(rows)

    def rows(self, partition: Archive) -> Iterator[Row]:
        """Yield an archive's rows, one by one."""
        from jobs.sources.archive import read_archive

        try:
            stream = storage.open_stream(partition.uri)
        except OSError as error:
            yield fault_row(partition.uri, 0, STORAGE, f"{type(error).__name__}: {error}")
            return
        with stream:
            yield from read_archive(stream, partition.uri, self.wanted)


def register(spark: SparkSession) -> None:
    """Make `spark.read.format("warc")` known to a session."""
    spark.dataSource.register(WarcDataSource)


def _batch(rows: list[Row]) -> pa.RecordBatch:
    import pyarrow as pa
    from pyspark.sql.pandas.types import to_arrow_schema

    schema = to_arrow_schema(WARC_RECORDS)
    columns = zip(*rows, strict=True)
    arrays = [
        pa.array(values, type=field.type) for values, field in zip(columns, schema, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _words(options: dict[str, str], name: str, default: str, *, digits: bool = False) -> list[str]:
    words = [word.strip().lower() for word in options.get(name, default).split(",") if word.strip()]
    if digits and not all(word.isdecimal() for word in words):
        raise UserError(
            f"the option {name} of the data source warc is a list of numbers, as 200,203"
        )
    return words


def _number(options: dict[str, str], name: str, default: int) -> int:
    value = options.get(name, str(default))
    if not value.isdecimal() or int(value) < 1:
        raise UserError(
            f"the option {name} of the data source warc is a positive number, not {value}"
        )
    return int(value)
