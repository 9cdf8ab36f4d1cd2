"""What a job decided of a document."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from jobs.steps.trace.rows import Row

IN, OUT = "in", "left out"
COPY = "copy"  # of dedup, which leaves nothing out itself: curate does
NOT_REACHED, ABSENT, STALE = "not reached", "no table", "older table"


@dataclass(frozen=True)
class Stage:
    """What a job decided.

    Attributes
    ----------
    table
        That the job makes.
    outcome
        One of the words above.
    said
        The decision with its numbers, in a line.
    facts
        The same for machines.
    more
        Further lines.
    """

    table: str
    outcome: str
    said: str
    facts: dict[str, Any] = field(default_factory=dict)
    more: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return {"table": self.table, "outcome": self.outcome, "said": self.said, **self.facts}


def facts_of(row: Row, *names: str) -> dict[str, Any]:
    """Some columns of a row, or all but the id."""
    return {name: row[name] for name in names or row if name != "id"}
