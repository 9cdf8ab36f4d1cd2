"""Find the duplicates among so few documents that the driver's memory holds them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from pyspark.sql import DataFrame

from jobs.steps.dedup.in_memory import search
from jobs.steps.dedup.in_memory.documents import Documents
from jobs.steps.dedup.survivors import SurvivorRules
from schemas.settings.dedup import DedupConfig
from schemas.tables.copies import COPIES
from schemas.tables.duplicates import DUPLICATES

MAX_DOCUMENTS = 200_000
"""Documents that are deduplicated in the driver's memory, at about 2 KB each."""


def are_few(count: float) -> bool:
    """Return whether so many documents are deduplicated in the driver's memory."""
    return count <= MAX_DOCUMENTS


def find(
    numbered: Callable[[int], DataFrame],
    config: DedupConfig,
    bands: tuple[int, int],
    salts: Iterable[int],
) -> tuple[DataFrame, DataFrame, list[dict[str, Any]]]:
    """Return rows of duplicates/ and of copies/, and the oversized clusters.

    Parameters
    ----------
    numbered
        Returns the documents with the hashes of a salt (`jobs.steps.dedup.in_memory.documents.Documents`).
    bands
        Number of bands, and rows of each.
    salts
        Tried in turn, until no two documents that have an edge share a node.
    """
    for salt in salts:
        frame = numbered(salt)
        rows = frame.toArrow()
        snapshots = rows["snapshot"].unique().drop_null().to_pylist()
        rules = SurvivorRules.of(config, snapshots)
        result = search.find(Documents(rows), config, rules, bands)
        if result is not None:
            spark = frame.sparkSession
            # the driver reads such rows without a job
            duplicates = spark.createDataFrame(result.duplicates, DUPLICATES)
            copies = spark.createDataFrame(result.copies, COPIES)
            return duplicates, copies, result.oversized
    raise AssertionError("documents share a 64-bit hash with each salt")
