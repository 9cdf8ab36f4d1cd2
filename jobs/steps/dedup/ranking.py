"""The criteria that rank a cluster's documents: one list, for Spark and for two documents in Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pyspark.sql import Column
from pyspark.sql import functions as F

from schemas.settings.dedup import DedupConfig
from schemas.settings.ingest import INGEST, PRETRAINING

BUCKET_PREFERENCE = ("head", "middle", "all", "tail")
"""Buckets, best first: a document without a model's bucket ranks before the tail."""

Document = Mapping[str, Any]
"""The columns of annotated/, and `root`, null for the root that is deduplicated."""


class Criterion(Protocol):
    """An order of documents by one column; null is last."""

    @property
    def column(self) -> str:
        """The column, which is also the name of the criterion."""

    def expression(self) -> Column:
        """Return a Spark column that sorts as the criterion does."""

    def key(self, document: Document) -> Any:
        """Return a Python value that sorts as the criterion does."""


@dataclass(frozen=True)
class Listed:
    """By the position in a list of preferences; values that it does not contain are last, and equal."""

    column: str
    preferences: Sequence[str]

    def expression(self) -> Column:
        if not self.preferences:
            return F.lit(0)
        listed = F.array(*map(F.lit, self.preferences))
        # from 1; 0 for a value that is not in the list, null for null
        position = F.array_position(listed, F.col(self.column))
        return F.when(position > 0, position).otherwise(len(self.preferences) + 1)

    def key(self, document: Document) -> int:
        value = document[self.column]
        return self.preferences.index(value) if value in self.preferences else len(self.preferences)


@dataclass(frozen=True)
class Lowest:
    """By the value, the lowest first."""

    column: str

    def expression(self) -> Column:
        return F.struct(F.col(self.column).isNull(), F.col(self.column))

    def key(self, document: Document) -> tuple[bool, Any]:
        value = document[self.column]
        return value is None, value


@dataclass(frozen=True)
class Highest:
    """By a number, the highest first."""

    column: str

    def expression(self) -> Column:
        return F.struct(F.col(self.column).isNull(), -F.col(self.column))

    def key(self, document: Document) -> tuple[bool, Any]:
        value = document[self.column]
        return value is None, None if value is None else -value


def criteria(config: DedupConfig, snapshots: Iterable[str]) -> tuple[Criterion, ...]:
    """Return the criteria by which a cluster's survivor is chosen, the most important first.

    Parameters
    ----------
    snapshots
        Names of the snapshots of the documents to rank.
    """
    newest_first = config.prefer_snapshot == "newest"
    preferred = () if config.prefer_snapshot == "none" else sorted(snapshots, reverse=newest_first)
    return (
        Listed("root", config.against),
        Listed("slice", slice_priority(config)),
        Listed("snapshot", preferred),
        Listed("bucket", BUCKET_PREFERENCE),
        Lowest("perplexity"),
        Highest("length"),
        Lowest("id"),
    )


def slice_priority(config: DedupConfig) -> tuple[str, ...]:
    """Return the preference of slices; the default has those that are newer than its record too."""
    listed = config.slice_priority
    return tuple(INGEST) if listed == PRETRAINING else listed


def rank(ranking: Iterable[Criterion]) -> Column:
    """Return a Spark column that is lowest for the document ranked first."""
    return F.struct(*(criterion.expression().alias(criterion.column) for criterion in ranking))
