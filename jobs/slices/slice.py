"""What a slice is: how its dump is parted into tasks, and what becomes of each record of it."""

from __future__ import annotations

import gc
import importlib
import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.datasource import DataSource, DataSourceReader
from pyspark.sql.types import StructType

from jobs.runtime import json_log
from jobs.slices.outcome_batches import OUTCOMES, Outcome, OutcomeBatches
from jobs.sources.splits import ByteRange, Split, longest_first, whole
from jobs.storage import ObjectInfo
from schemas.settings.ingest import INGEST, IngestConfig
from schemas.settings.mapping import from_mapping
from schemas.settings.stored import to_dict
from udfs.extract import time_limit

if TYPE_CHECKING:
    import pyarrow as pa

_COLLECT_AFTER = 20_000
C = TypeVar("C", bound=IngestConfig)


class Slice(ABC, Generic[C]):
    """A slice; `jobs/slices/NAME.py` has one as `SLICE`. All its methods but `read` run in tasks."""

    name: str

    def chosen(
        self, objects: Sequence[ObjectInfo], config: C
    ) -> tuple[list[ObjectInfo], dict[str, list[str]]]:
        """Return which of the inputs are read, and the addresses of the others by reason."""
        return list(objects), {}

    def snapshot(self, uri: str) -> str | None:
        """Return the snapshot that an input's address names."""
        return None

    def splits(self, objects: Sequence[ObjectInfo], config: C) -> list[Split]:
        """Return what the tasks read; one object each, unless the format can be parted."""
        return whole(objects)

    @abstractmethod
    def outcomes(self, byte_range: ByteRange, config: C) -> Iterator[Outcome]:
        """Yield the outcome of each record of a byte range; never raise for bad content."""

    def read(
        self, spark: SparkSession, objects: Sequence[ObjectInfo], config: C, snapshot: str
    ) -> DataFrame:
        """Return an outcome (`schemas.tables.outcomes`) for each record of some inputs.

        Documents are made in the process that reads the dump: a dump's markup is larger than its
        text, and most of what a record costs besides its extraction would be to send it to the JVM
        and to a second Python process.
        """
        spark.dataSource.register(SliceDataSource)
        return (
            spark.read.format(SliceDataSource.name())
            .option("slice", self.name)
            .option("snapshot", snapshot)
            .option("settings", json.dumps(to_dict(config, without=("input",))))
            .option("uris", json.dumps([[each.uri, each.size] for each in objects]))
            .load()
        )


def load(name: str) -> Slice[Any]:
    """Return a slice by its name."""
    found: Slice[Any] = importlib.import_module(f"jobs.slices.{name}").SLICE
    return found


class SliceDataSource(DataSource):
    """The outcomes of a slice's records, made where they are read.

    Options are `slice`, `snapshot`, `settings` (the slice's config as JSON) and `uris` (a JSON list
    of [address, bytes]).
    """

    @classmethod
    def name(cls) -> str:
        """Return what `spark.read.format()` takes."""
        return "redpajama_slice"

    def schema(self) -> StructType:
        """Return `OUTCOMES`."""
        return OUTCOMES

    def reader(self, schema: StructType) -> SliceReader:
        """Return the reader of what the options name."""
        return SliceReader(dict(self.options))


class SliceReader(DataSourceReader):
    """Plans a slice's tasks, reads their records, and makes documents of them."""

    def __init__(self, options: dict[str, str]) -> None:
        name = options["slice"]
        self._slice = load(name)
        self._snapshot = options["snapshot"]
        self._config = from_mapping(INGEST[name], json.loads(options["settings"]), where=name)
        self._uris = options["uris"]

    def partitions(self) -> list[Split]:
        """Return one partition a split, the longest first."""
        objects = [ObjectInfo(uri, size, "") for uri, size in json.loads(self._uris)]
        return longest_first(self._slice.splits(objects, self._config))

    def read(self, partition: Split) -> Iterator[pa.RecordBatch]:  # type: ignore[override]
        """Yield the outcomes of a split's records as Arrow batches."""
        collect_seldom()
        json_log.to_stderr({"job": f"ingest {self._slice.name}", "snapshot": self._snapshot})
        time_limit.set_cpu_seconds(self._config.max_record_seconds)
        found = (
            outcome
            for byte_range in partition.ranges
            for outcome in self._slice.outcomes(byte_range, self._config)
        )
        return batches(found, self._slice.name, self._snapshot)


def collect_seldom() -> None:
    """Have the garbage collector spare what is imported by now, and come by after more objects.

    What is read has next to no cycles, and is many objects until its batch is full.
    """
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER, 20, 100)


def batches(
    outcomes: Iterator[Outcome], slice_name: str, snapshot: str
) -> Iterator[pa.RecordBatch]:
    """Yield outcomes as Arrow batches of `OUTCOMES`, bounded by bytes."""
    found = OutcomeBatches(slice_name, snapshot)
    for outcome in outcomes:
        found.add(outcome)
        yield from found.full()
    yield from found.rest()
