"""The rows that a trace needs, read by DuckDB: the page of a trace starts no Spark session."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from jobs.runtime.context import Context
from jobs.steps.explore.database import identifier, literal
from jobs.steps.explore.dataset import relation
from jobs.steps.explore.state import Version
from jobs.steps.trace.rows import Row, Rows
from jobs.steps.trace.runs_of_tables import RunsOfTables
from schemas.errors import UserError
from schemas.tables import TABLES


class WithoutSpark(Context):
    """A context whose session does not start."""

    @cached_property
    def spark(self) -> Any:
        """Raise `UserError`: the session is not needed for what is shown."""
        raise UserError("this needs Spark: run `redpajama trace`")


@dataclass(frozen=True)
class ParquetRows(Rows):
    """The rows of all tables about some documents."""

    version: Version

    def by_id(self, table: str, ids: Collection[str], columns: Sequence[str]) -> Sequence[Row]:
        """Return the id and the columns of all rows that have one of these ids."""
        rows = self._relation(table)
        if not ids or rows is None:
            return []
        known = {
            row["column_name"]
            for row in self.version.database.rows(f"DESCRIBE SELECT * FROM ({rows})")
        }
        names = ["id", *columns]
        selected = ", ".join(
            f"{_column(name, known)} AS {identifier(_last(name))}" for name in names
        )
        wanted = ", ".join(map(literal, ids))
        return self.version.database.rows(f"SELECT {selected} FROM ({rows}) WHERE id IN ({wanted})")

    def _relation(self, table: str) -> str | None:
        groups = [group for group in self.version.place.tables.get(table, ()) if group]
        return relation(groups) if groups else None

    @cached_property
    def duplicate_counts(self) -> dict[str, int]:
        """The number of duplicates of each document that is a survivor of this root."""
        rows = self._relation("duplicates")
        if rows is None:
            return {}
        counted = self.version.database.rows(
            f"SELECT survivor_id, count(*) AS n FROM ({rows}) WHERE survivor_root IS NULL AND "
            f"survivor_id IN ({', '.join(map(literal, self.ids))}) GROUP BY survivor_id"
        )
        return {row["survivor_id"]: row["n"] for row in counted}

    @cached_property
    def quarantined(self) -> dict[str, list[Row]]:
        """The quarantine rows that have the source of a document."""
        rows = self._relation("quarantine")
        by_id: dict[str, list[Row]] = {}
        for id_ in self.ids if rows else ():
            source = (self.document(id_) or {}).get("source") or {}
            if source and not id_.startswith("wikipedia/"):  # whose pages share offsets
                by_id[id_] = list(
                    self.version.database.rows(
                        f"SELECT {', '.join(map(identifier, TABLES['quarantine'].schema.names))} FROM "
                        f'({rows}) WHERE uri = $uri AND "offset" = $offset ORDER BY error',
                        {"uri": source["uri"], "offset": source["offset"]},
                    )
                )
        return {id_: rows for id_, rows in by_id.items() if rows}


@dataclass(frozen=True)
class RunsWithoutSpark(RunsOfTables):
    """The records of runs; a rule of a filter set, which Spark would apply again, stays unnamed."""

    @cached_property
    def curate_reasons(self) -> dict[str, dict[str, str]]:
        """Why curate dropped documents, by id."""
        try:
            return super().curate_reasons
        except UserError:
            summary = "by a rule of a filter set: `redpajama trace` names it"
            return {id_: {"reason": "unknown", "summary": summary} for id_ in self.rows.ids}


def _column(name: str, known: Collection[str]) -> str:
    column, _, field = name.partition(".")
    if column not in known:
        return "NULL"
    return f"{identifier(column)}.{identifier(field)}" if field else identifier(column)


def _last(name: str) -> str:
    return name.rpartition(".")[2]
