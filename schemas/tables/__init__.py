"""The tables of a root: the schema, the job, the partitions and the index of each.

Tables outlive the version that wrote them, so a schema changes in one way: it gains a column, or a struct
gains a field, that may be null, before the partition columns. Files without it are read as NULL. No column
is removed or renamed, or gets another type, unit or meaning: that is a new column with a new name.
`tests/schemas/test_earlier_schemas.py` compares every schema with files that version 0.1 wrote.
"""

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
from schemas.tables.passages import PASSAGES
from schemas.tables.quarantine import QUARANTINE
from schemas.tables.takedowns import TAKEDOWNS


@dataclass(frozen=True)
class Table:
    """A table under a root.

    Attributes
    ----------
    schema
        All columns, those of `partitions` last.
    job
        The command that makes the table.
    partitions
        The columns that are folders (`slice=common_crawl/`).
    index
        Column whose first and last value in each file the manifest keeps, so that a job opens only
        the files that can hold an archive; None where no job looks files up.
    """

    schema: T.StructType
    job: str
    partitions: tuple[str, ...] = ()
    index: str | None = None


TABLES = {
    "documents": Table(DOCUMENTS, "ingest", ("slice",), index="source.uri"),
    "paragraphs": Table(PARAGRAPHS, "paragraphs", ("slice",), index="uri"),
    "annotated": Table(ANNOTATED, "annotate", ("slice",)),
    "duplicates": Table(DUPLICATES, "dedup"),
    "copies": Table(COPIES, "dedup"),
    "passages": Table(PASSAGES, "passages"),
    "contamination": Table(CONTAMINATION, "decontaminate"),
    "corpus": Table(CORPUS, "curate", ("slice", "bucket")),
    "mixture": Table(MIXTURE, "mix", ("shard",)),
    "quarantine": Table(QUARANTINE, "ingest"),
    "takedowns": Table(TAKEDOWNS, "takedown"),
}
