"""Read a slice in Spark: tasks whose Python processes yield the outcomes of records."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyspark.sql import DataFrame, SparkSession

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
    """Return the outcomes of a slice's inputs as rows of `OUTCOMES`, the splits with most bytes first.

    Tasks are planned here: a data source in Python would start two more Python processes to plan them.
    """
    splits = longest_first(slices.load(name).splits(objects, config))
    read_splits = SplitReader(
        slices.address(name),
        snapshot,
        json.dumps(to_dict(config, without=("input",))),
        splits,
    )
    # as many partitions as numbers: each task has one
    numbers = spark.range(0, len(splits), numPartitions=len(splits))
    return numbers.mapInArrow(read_splits, OUTCOMES)


@dataclass(frozen=True)
class SplitReader:
    """Reads in a task the splits of the numbers that it is given.

    Attributes
    ----------
    address
        The slice as `module:attribute`.
    settings
        The slice's config as JSON.
    splits
        All of them, of which a task is given its number.
    """

    address: str
    snapshot: str
    settings: str
    splits: Sequence[Split]

    def __call__(self, numbers: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield the outcomes of the splits as Arrow batches of `OUTCOMES`."""
        source = slices.at(self.address)
        config = from_mapping(source.config, json.loads(self.settings), where=source.name)
        collect_seldom()
        json_log.to_stderr({"job": f"ingest {source.name}", "snapshot": self.snapshot})
        time_limit.set_cpu_seconds(config.max_record_seconds)
        for batch in numbers:
            for number in batch.column(0).to_pylist():
                outcomes = (
                    outcome
                    for byte_range in self.splits[number].ranges
                    for outcome in source.outcomes(byte_range, config)
                )
                yield from batches(outcomes, source.name, self.snapshot)


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
