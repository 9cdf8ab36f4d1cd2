"""Common Crawl, and any other web archive: HTML of WARC and ARC, text of WET."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import StructType

from jobs.slices.outcome_batches import OUTCOMES
from jobs.slices.web_pages import HTML_TYPES, SLICE, Settings, find_outcomes
from jobs.sources.warc import Archive, WarcDataSource, WarcReader
from jobs.sources.warc_rows import Row
from jobs.storage import ObjectInfo
from schemas.jobs import IngestConfig

if TYPE_CHECKING:
    import pyarrow as pa


def read(
    spark: SparkSession, objects: Sequence[ObjectInfo], config: IngestConfig, snapshot: str
) -> DataFrame:
    """Return an outcome (`schemas.outcomes`) for each record of some archives."""
    spark.dataSource.register(OutcomeDataSource)
    return (
        spark.read.format(OutcomeDataSource.name())
        .option("uris", json.dumps([[each.uri, each.size] for each in objects]))
        .option("statuses", ",".join(map(str, config.status)))
        .option("content_types", ",".join(sorted(HTML_TYPES)))
        .option("max_record_bytes", config.max_record_bytes)
        .option("snapshot", snapshot)
        .option("min_length", config.min_length)
        .load()
    )


def outcomes(
    records: DataFrame,
    *,
    snapshot: str,
    statuses: frozenset[int] = frozenset({200}),
    min_length: int = 300,
) -> DataFrame:
    """Make documents of the rows of the data source `warc`, each row exactly one outcome.

    Kept are HTML pages with one of the statuses, and WET's conversions, that have a text of
    `min_length` characters or more (CCNet: 300). Counted are the others, under `http-status-404`
    and its like, `not-http`, `content-type`, `record-type-...` and `short`. In quarantine is what
    the source could not read, what no text could be had of, and pages without an address.
    """
    settings = Settings(snapshot, statuses, min_length)
    return records.mapInArrow(functools.partial(_from_batches, settings=settings), OUTCOMES)


class OutcomeDataSource(WarcDataSource):
    """`outcomes` of the data source `warc`, in the process that reads the archives.

    A page's HTML is several times its text, and most of what a page costs besides its extraction is
    to send it to the JVM and to a second Python process. Here only the text is sent.

    Options are those of `warc`, `snapshot` and `min_length`.
    """

    @classmethod
    def name(cls) -> str:
        """Return what `spark.read.format()` takes."""
        return SLICE

    def schema(self) -> StructType:
        """Return `OUTCOMES`."""
        return OUTCOMES

    def reader(self, schema: StructType) -> OutcomeReader:
        """Return the reader of what the options name."""
        return OutcomeReader(dict(self.options))


class OutcomeReader(WarcReader):
    """Plans one task an archive, reads it, and makes documents of it."""

    def __init__(self, options: dict[str, str]) -> None:
        super().__init__(options)
        self._settings = Settings(
            options["snapshot"], self.wanted.statuses, int(options["min_length"])
        )

    def read(self, partition: Archive) -> Iterator[pa.RecordBatch]:  # type: ignore[override]
        """Yield the outcomes of an archive's records as Arrow batches."""
        return find_outcomes(self.rows(partition), self._settings)


def _from_batches(
    batches: Iterator[pa.RecordBatch], settings: Settings
) -> Iterator[pa.RecordBatch]:
    return find_outcomes((row for batch in batches for row in _rows(batch)), settings)


def _rows(batch: pa.RecordBatch) -> Iterator[Row]:
    names = [name for name in Row._fields if name != "content"]
    columns = [batch.column(name).to_pylist() for name in names]
    # a batch's content is large, and is in memory once already: it is copied page by page
    contents = batch.column("content")
    for number, values in enumerate(zip(*columns, strict=True)):
        yield Row(**dict(zip(names, values, strict=True)), content=contents[number].as_py())
