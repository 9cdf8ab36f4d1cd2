"""The decisions of all jobs about a document, in the order of the jobs."""

from __future__ import annotations

from jobs import slices
from jobs.steps.trace import earlier_stages, later_stages
from jobs.steps.trace.rows import Rows
from jobs.steps.trace.runs_of_tables import RunsOfTables
from jobs.steps.trace.stage import ABSENT, COPY, IN, NOT_REACHED, OUT, STALE, Stage
from schemas.tables import TABLES

_STAGES = {
    "documents": earlier_stages.documents,
    "paragraphs": earlier_stages.paragraphs,
    "annotated": earlier_stages.annotated,
    "duplicates": later_stages.duplicates,
    "corpus": later_stages.corpus,
    "mixture": later_stages.mixture,
}
_INPUTS = {
    "paragraphs": ("documents",),
    "annotated": ("documents", "paragraphs"),
    "duplicates": ("annotated",),
    "corpus": ("annotated", "duplicates"),
    "mixture": ("corpus",),
}


def of(id_: str, rows: Rows, runs: RunsOfTables) -> list[Stage]:
    """Return the stages of a document that is in some table."""
    document = rows.document(id_)
    web = document is not None and slices.load(document["slice"]).traits.web
    stages: list[Stage] = []
    reached = True
    for table, describe in _STAGES.items():
        if table == "paragraphs" and not web:
            continue
        row = rows.first(table, id_)
        if table not in rows.tables:
            stage = Stage(table, ABSENT, f"`redpajama {TABLES[table].job}` has not been run")
        elif not reached and (row is None or table == "duplicates"):
            stage = Stage(table, NOT_REACHED, NOT_REACHED)
        else:
            stage = describe(id_, row, rows, runs) or _unexplained(table, rows)
        stages.append(stage)
        reached = stage.outcome in (IN, COPY)
    passages = later_stages.passages(id_, rows)
    return [*stages, *passages, *later_stages.contamination(id_, rows)]


def _unexplained(table: str, rows: Rows) -> Stage:
    """Return the stage of a document that the table lacks for no known reason."""
    inputs = _INPUTS.get(table)
    if inputs and not rows.belongs(table, *inputs):
        names = " and ".join(f"{name}/" for name in inputs if name in rows.tables)
        summary = f"made from another version of {names}: run `redpajama {TABLES[table].job}`"
        return Stage(table, STALE, summary)
    return Stage(table, OUT, "for an unknown reason")
