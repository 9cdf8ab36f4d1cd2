"""How Spark reads a slice: a Python data source whose tasks yield the outcomes of records."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.datasource import DataSource, DataSourceReader
from pyspark.sql.types import StructType

from jobs import slices
from jobs.runtime import json_log
from jobs.slices.outcome_batches import OUTCOMES, Outcome, OutcomeBatches
from jobs.sources.splits import Split, longest_first
from jobs.storage import ObjectInfo
from schemas.settings.ingest import IngestConfig
from schemas.settings.mapping import from_mapping
from schemas.settings.stored import to_dict
from udfs.extract import time_limit

if TYPE_CHECKING:
    import pyarrow as pa

_COLLECT_AFTER = 20_000


def read(
    spark: SparkSession,
    name: str,
    objects: Sequence[ObjectInfo],
    config: IngestConfig,
    snapshot: str,
) -> DataFrame:
    """Return the outcomes of a slice's inputs as rows of `OUTCOMES`."""
    spark.dataSource.register(SliceDataSource)
    return (
        spark.read.format(SliceDataSource.name())
        .option("slice", slices.address(name))
        .option("snapshot", snapshot)
        .option("settings", json.dumps(to_dict(config, without=("input",))))
        .option("uris", json.dumps([[found.uri, found.size] for found in objects]))
        .load()
    )


class SliceDataSource(DataSource):
    """The outcomes of a slice's records, made where they are read.

    Options are `slice` (`module:attribute`), `snapshot`, `settings` (the slice's config as JSON) and
    `uris` (a JSON list of [address, bytes]).
    """

    @classmethod
    def name(cls) -> str:
        """Return the name for `spark.read.format()`."""
        return "redpajama_slice"

    def schema(self) -> StructType:
        """Return `OUTCOMES`."""
        return OUTCOMES

    def reader(self, schema: StructType) -> SliceReader:
        """Return the reader of the slice that the options name."""
        return SliceReader(dict(self.options))


class SliceReader(DataSourceReader):
    """Plans a slice's tasks, reads their records, and makes documents of them."""

    def __init__(self, options: dict[str, str]) -> None:
        self._slice = slices.at(options["slice"])
        self._snapshot = options["snapshot"]
        settings = json.loads(options["settings"])
        self._config = from_mapping(self._slice.config, settings, where=self._slice.name)
        self._uris = options["uris"]

    def partitions(self) -> list[Split]:
        """Return one partition per split, the longest first."""
        objects = [ObjectInfo(uri, size, "") for uri, size in json.loads(self._uris)]
        return longest_first(self._slice.splits(objects, self._config))

    def read(self, partition: Split) -> Iterator[pa.RecordBatch]:  # type: ignore[override]
        """Yield the outcomes of a split's records as Arrow batches."""
        collect_seldom()
        json_log.to_stderr({"job": f"ingest {self._slice.name}", "snapshot": self._snapshot})
        time_limit.set_cpu_seconds(self._config.max_record_seconds)
        outcomes = (
            outcome
            for byte_range in partition.ranges
            for outcome in self._slice.outcomes(byte_range, self._config)
        )
        return batches(outcomes, self._slice.name, self._snapshot)


def collect_seldom() -> None:
    """Exempt all imported objects from garbage collection, and collect after more new objects.

    Records have next to no reference cycles, and are many objects until their batch is full.
    """
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER, 20, 100)


def batches(
    outcomes: Iterator[Outcome], slice_name: str, snapshot: str
) -> Iterator[pa.RecordBatch]:
    """Yield outcomes as Arrow batches of `OUTCOMES`, bounded by bytes."""
    collected = OutcomeBatches(slice_name, snapshot)
    for outcome in outcomes:
        collected.add(outcome)
        yield from collected.full()
    yield from collected.rest()
