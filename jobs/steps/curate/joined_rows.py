"""Make rows of corpus/ by a join in Spark, where nothing of a text needs Python.

Python costs a task as much time as reading and writing the rows (`jobs.steps.curate.corpus_rows`). It is
not needed where annotate has counted all tokens, no personal data is replaced, no passage is cut, and the
documents that other tables name are few enough to be held by each task.
"""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.steps.curate.corpus_rows import READ
from jobs.steps.curate.rules import Plan, judged
from schemas.tables.copies import COUNTS
from schemas.tables.corpus import CORPUS

MOST_NOTES = 200_000
"""Documents named by other tables that a task holds: about 40 MB."""


def joined_rows(rows: DataFrame, plan: Plan, notes: DataFrame) -> DataFrame:
    """Return rows of corpus/ for rows of annotated/ whose tokens are counted.

    Parameters
    ----------
    notes
        `jobs.steps.curate.exclusions.Exclusions.notes`.
    """
    chosen = judged(rows, plan).where("reason is null").select(*READ.names)
    note = F.struct(*notes.drop("id").columns).alias("note")
    noted = chosen.join(F.broadcast(notes.select("id", note)), "id", "left")
    added = {"copies": _copies()}
    if "contamination" in notes.columns:
        added["contamination"] = F.col("note.contamination")
    if "passage_characters" in notes.columns:
        added["passage_characters"] = F.coalesce("note.passage_characters", F.lit(0))
        added["cut_characters"] = F.lit(0)
    return noted.where("note.exclusion_reason is null").select(
        *(_column(field.name, added).cast(field.dataType).alias(field.name) for field in CORPUS)
    )


def _column(name: str, added: dict[str, Column]) -> Column:
    return added.get(name, F.col(name) if name in READ.names else F.lit(None))


def _copies() -> Column:
    """Return the value of `copies`, zero for a document without copies."""
    none = {
        **{"exact": F.lit(0), "near": F.lit(0), "slices": F.array("slice")},
        **{"first_date": F.col("date"), "last_date": F.col("date")},
    }
    types = {field.name: field.dataType for field in COUNTS}
    recorded = F.struct(*(F.col(f"note.{name}").alias(name) for name in types))
    empty = F.struct(
        *(none.get(name, F.lit(None)).cast(type_).alias(name) for name, type_ in types.items())
    )
    return F.when(F.col("note.slices").isNotNull(), recorded).otherwise(empty)
