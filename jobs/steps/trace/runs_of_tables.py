"""The runs that made the tables, what they ingested, and why they left documents out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from jobs import slices
from jobs.steps.trace import annotate_reasons, curate_reasons
from jobs.steps.trace.rows import Rows
from jobs.tables import runs
from jobs.tables.runs import Record


@dataclass(frozen=True)
class MadeBy:
    """The records of runs, each read once."""

    found: Rows

    def of(self, table: str) -> Record | None:
        """The record of the run that made a table."""
        return self.record(self.found.tables[table].made_by)

    def record(self, run: str) -> Record | None:
        """The record of a run; None where there is none."""
        if run not in self._records:
            self._records[run] = runs.find(self.found.context.root, run)
        return self._records[run]

    def input(self, uri: str) -> Mapping[str, Any] | None:
        """What documents/ keeps of an archive: `version`, `size` and `run`."""
        return self._inputs.get(uri)

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        """The addresses of all archives."""
        return tuple(self._inputs)

    @cached_property
    def by_language(self) -> dict[str, dict[str, Any]]:
        """Why annotate left out those that it did, as `jobs.steps.trace.annotate_reasons` has it."""
        run, found = self.of("annotated"), self.found
        out = [
            id_
            for id_ in found.ids
            if (row := found.one("documents", id_)) and not found.one("annotated", id_)
            if found.one("paragraphs", id_) or not slices.load(row["slice"]).traits.web
        ]
        return annotate_reasons.by_language(found, out, run) if run else {}

    @cached_property
    def by_curate(self) -> dict[str, dict[str, str]]:
        """Why curate left out those that it did, as `jobs.steps.trace.curate_reasons` has it."""
        found = self.found
        out = [
            id_ for id_ in found.ids if found.one("annotated", id_) and not found.one("corpus", id_)
        ]
        return curate_reasons.reasons(found, out, self.of("corpus"))

    @cached_property
    def _records(self) -> dict[str, Record | None]:
        return {}

    @cached_property
    def _inputs(self) -> dict[str, Mapping[str, Any]]:
        return {each["uri"]: each for each in self.found.tables["documents"].inputs}
