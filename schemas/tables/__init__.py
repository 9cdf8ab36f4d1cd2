"""The tables of a root: each one's schema, how it is partitioned, and what its files are found by."""

from __future__ import annotations

from dataclasses import dataclass

from pyspark.sql import types as T

from schemas.tables.annotated import ANNOTATED
from schemas.tables.contamination import CONTAMINATION
from schemas.tables.copies import COPIES
from schemas.tables.corpus import CORPUS
from schemas.tables.documents import DOCUMENTS
from schemas.tables.duplicates import DUPLICATES
from schemas.tables.mixture import MIXTURE
from schemas.tables.paragraphs import PARAGRAPHS
from schemas.tables.quarantine import QUARANTINE
from schemas.tables.takedowns import TAKEDOWNS


@dataclass(frozen=True)
class Table:
    """A table under a root.

    Attributes
    ----------
    schema
        All columns, those of `partitions` last.
    partitions
        The columns that are folders (`slice=common_crawl/`).
    index
        Column whose first and last value in each file the manifest keeps, so that a job opens only
        the files that can hold an archive; None where no job looks files up.
    """

    schema: T.StructType
    partitions: tuple[str, ...] = ()
    index: str | None = None


TABLES = {
    "documents": Table(DOCUMENTS, ("slice",), index="source.uri"),
    "paragraphs": Table(PARAGRAPHS, ("slice",), index="uri"),
    "annotated": Table(ANNOTATED, ("slice",)),
    "duplicates": Table(DUPLICATES),
    "copies": Table(COPIES),
    "contamination": Table(CONTAMINATION),
    "corpus": Table(CORPUS, ("slice", "bucket")),
    "mixture": Table(MIXTURE, ("shard",)),
    "quarantine": Table(QUARANTINE),
    "takedowns": Table(TAKEDOWNS),
}
