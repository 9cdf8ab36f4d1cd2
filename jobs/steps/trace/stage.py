"""A job's decision about a document."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from jobs.steps.trace.rows import Row

IN, OUT = "in", "left out"
COPY = "copy"  # dedup drops nothing itself: curate does
NOT_REACHED, ABSENT, STALE = "not reached", "no table", "older table"


@dataclass(frozen=True)
class Stage:
    """A job's decision.

    Attributes
    ----------
    table
        The table that the job makes.
    outcome
        One of the constants above.
    summary
        The decision with its numbers, in one line.
    facts
        The decision as JSON fields.
    details
        Further lines.
    """

    table: str
    outcome: str
    summary: str
    facts: dict[str, Any] = field(default_factory=dict)
    details: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """Return the stage as an object of `trace --json`."""
        return {"table": self.table, "outcome": self.outcome, "said": self.summary, **self.facts}


def facts_of(row: Row, *names: str) -> dict[str, Any]:
    """Return some columns of a row, or all but the id."""
    return {name: row[name] for name in names or row if name != "id"}
