"""The way of a document through the jobs, in their order."""

from __future__ import annotations

from jobs import slices
from jobs.steps.trace import earlier_stages, later_stages
from jobs.steps.trace.rows import Rows
from jobs.steps.trace.runs_of_tables import MadeBy
from jobs.steps.trace.stage import ABSENT, COPY, IN, NOT_REACHED, OUT, STALE, Stage
from schemas.tables import TABLES

_SAYS = {
    "documents": earlier_stages.documents,
    "paragraphs": earlier_stages.paragraphs,
    "annotated": earlier_stages.annotated,
    "duplicates": later_stages.duplicates,
    "corpus": later_stages.corpus,
    "mixture": later_stages.mixture,
}
_MADE_OF = {
    "paragraphs": ("documents",),
    "annotated": ("documents", "paragraphs"),
    "duplicates": ("annotated",),
    "corpus": ("annotated", "duplicates"),
    "mixture": ("corpus",),
}


def of(id_: str, found: Rows, by: MadeBy) -> list[Stage]:
    """The stages of a document that some table has."""
    document = found.document(id_)
    web = document is not None and slices.load(document["slice"]).traits.web
    stages: list[Stage] = []
    on = True
    for table, say in _SAYS.items():
        if table == "paragraphs" and not web:
            continue
        row = found.one(table, id_)
        if table not in found.tables:
            stage = Stage(table, ABSENT, f"`redpajama {TABLES[table].job}` has not been run")
        elif not on and (row is None or table == "duplicates"):
            stage = Stage(table, NOT_REACHED, NOT_REACHED)
        else:
            stage = say(id_, row, found, by) or _missing(table, found)
        stages.append(stage)
        on = stage.outcome in (IN, COPY)
    return [*stages, *later_stages.contamination(id_, found)]


def _missing(table: str, found: Rows) -> Stage:
    """A document that the table lacks, though nothing that is known left it out."""
    made_of = _MADE_OF.get(table)
    if made_of and not found.belongs(table, *made_of):
        older = " and ".join(f"{name}/" for name in made_of if name in found.tables)
        said = f"it was made of another {older}: run `redpajama {TABLES[table].job}`"
        return Stage(table, STALE, said)
    return Stage(table, OUT, "for a reason that is not known")
