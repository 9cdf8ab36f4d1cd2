"""The runs that made the tables, the inputs they ingested, and why they dropped documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from jobs import slices
from jobs.steps.trace.annotate_reasons import language_reasons
from jobs.steps.trace.curate_reasons import curate_reasons
from jobs.steps.trace.rows import Rows
from jobs.tables import runs
from jobs.tables.runs import Record


@dataclass(frozen=True)
class RunsOfTables:
    """The records of runs, each read once."""

    rows: Rows

    def of(self, table: str) -> Record | None:
        """Return the record of the run that made a table."""
        return self.record(self.rows.tables[table].made_by)

    def record(self, run: str) -> Record | None:
        """Return the record of a run; None where there is none."""
        if run not in self._records:
            self._records[run] = runs.find(self.rows.context.root, run)
        return self._records[run]

    def input(self, uri: str) -> Mapping[str, Any] | None:
        """Return what the manifest of documents/ records of an archive: `version`, `size`, `run`."""
        return self._inputs.get(uri)

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        """The addresses of all archives."""
        return tuple(self._inputs)

    @cached_property
    def annotate_reasons(self) -> dict[str, dict[str, Any]]:
        """Why annotate dropped documents, by id (`jobs.steps.trace.annotate_reasons`)."""
        run, rows = self.of("annotated"), self.rows
        dropped = [
            id_
            for id_ in rows.ids
            if (row := rows.first("documents", id_)) and not rows.first("annotated", id_)
            if rows.first("paragraphs", id_) or not slices.load(row["slice"]).traits.web
        ]
        return language_reasons(rows, dropped, run) if run else {}

    @cached_property
    def curate_reasons(self) -> dict[str, dict[str, str]]:
        """Why curate dropped documents, by id (`jobs.steps.trace.curate_reasons`)."""
        rows = self.rows
        dropped = [
            id_
            for id_ in rows.ids
            if rows.first("annotated", id_) and not rows.first("corpus", id_)
        ]
        return curate_reasons(rows, dropped, self.of("corpus"))

    @cached_property
    def _records(self) -> dict[str, Record | None]:
        return {}

    @cached_property
    def _inputs(self) -> dict[str, Mapping[str, Any]]:
        return {entry["uri"]: entry for entry in self.rows.tables["documents"].inputs}
