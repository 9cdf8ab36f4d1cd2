"""The interface of a slice: how its dump is divided into tasks, and the outcome of each record."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import ClassVar, Generic, TypeVar

from pyspark.sql import DataFrame, SparkSession

from jobs.slices import reader
from jobs.slices.outcome_batches import Outcome
from jobs.slices.raw.record import Place, RawRecord, RecordNotFound
from jobs.slices.traits import Traits
from jobs.sources.splits import ByteRange, Split, whole
from jobs.storage import ObjectInfo
from schemas.settings.ingest import IngestConfig

C = TypeVar("C", bound=IngestConfig)


class Slice(ABC, Generic[C]):
    """A kind of dump and what other jobs know of its documents.

    `jobs/slices/NAME.py` has one as `SLICE`; an installed package has its own as entry points of the
    group `redpajama.slices`. A slice needs `config` and `outcomes`; the rest has defaults. Methods
    other than `read` may run in tasks.

    Attributes
    ----------
    config
        The dataclass of its settings for `ingest`, whose `slice` is the slice's name.
    traits
        What other jobs must know of its documents.
    """

    config: type[C]
    traits: ClassVar[Traits] = Traits()

    @property
    def name(self) -> str:
        """The name of the slice, with which the ids of its documents begin."""
        return self.config.slice

    def chosen(
        self, objects: Sequence[ObjectInfo], config: C
    ) -> tuple[list[ObjectInfo], dict[str, list[str]]]:
        """Return the inputs to read, and the addresses of the other inputs by reason."""
        return list(objects), {}

    def snapshot(self, uri: str) -> str | None:
        """Return the snapshot that an input's address names."""
        return None

    def splits(self, objects: Sequence[ObjectInfo], config: C) -> list[Split]:
        """Return what each task reads: one object, unless the format can be divided."""
        return whole(objects)

    @abstractmethod
    def outcomes(self, byte_range: ByteRange, config: C) -> Iterator[Outcome]:
        """Yield the outcome of each record of a byte range; never raise for bad content."""

    def read(
        self, spark: SparkSession, objects: Sequence[ObjectInfo], config: C, snapshot: str
    ) -> DataFrame:
        """Return an outcome (`schemas.tables.outcomes`) for each record of some inputs.

        Documents are made in the process that reads the dump: a dump's markup is larger than its
        text, and sending a record to the JVM and to a second Python process would cost more than
        its extraction.
        """
        return reader.read(spark, self.name, objects, config, snapshot)

    def raw_record(self, place: Place) -> RawRecord:
        """Return the record that a document was made from, checked by the document's id.

        Raises
        ------
        RecordNotFound
            The archive has another record there, or none; or the slice has no such reader.
        OSError
            The archive cannot be read.
        """
        raise RecordNotFound(f"slice {self.name} has no reader of raw records")
