"""All that the tables of a place hold about one document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from jobs.steps.explore.database import identifier
from jobs.steps.explore.dataset import TEXTS, Dataset, relation
from jobs.steps.explore.queries import Row
from jobs.steps.explore.state import Version
from schemas.errors import UserError

_CLUSTER = 100
"""Documents of a cluster that are listed."""


@dataclass(frozen=True)
class Member:
    """Another document of a cluster of duplicates.

    Attributes
    ----------
    kind
        As in duplicates/; `survivor` for the document that is kept.
    similarity
        To the survivor; of the survivor, that of the document that is shown.
    elsewhere
        The earlier root that holds the document, as `dedup --against` recorded it.
    """

    id: str
    kind: str
    similarity: float | None
    elsewhere: str | None


@dataclass(frozen=True)
class DocumentView:
    """One document.

    Attributes
    ----------
    table
        The table that it is shown of, if that has it.

    Raises
    ------
    UserError
        No table of documents has the id.
    """

    version: Version
    table: str
    id: str

    @cached_property
    def data(self) -> Dataset:
        """The data set that the document is shown of: of the table, else of the first that has it."""
        tables = [self.table, *(name for name in self.version.tables if name != self.table)]
        for name in tables:
            if self._row_in(name):
                return self.version.dataset(name)
        raise UserError(f"no document {self.id}")

    @property
    def row(self) -> Row:
        """The columns of `TEXTS`."""
        return self._row_in(self.data.name)

    def _row_in(self, table: str) -> Row:
        if table not in self._rows:
            data = self.version.dataset(table)
            self._rows[table] = self.version.database.row(
                f"SELECT {data.select(TEXTS)} FROM ({data.relation}) "
                f"WHERE {data.expression('id')} = $id LIMIT 1",
                {"id": self.id},
            )
        return self._rows[table]

    @cached_property
    def _rows(self) -> dict[str, Row]:
        return {}

    def text_in(self, table: str) -> str | None:
        """Return the text that another table has of the document; None if it has none."""
        return self._row_in(table).get("text") if table in self.version.tables else None

    @cached_property
    def signals(self) -> dict[str, float]:
        """The document's numbers, by signal; without those that it has none of."""
        data = self._with_signals
        if data is None:
            return {}
        row = self._select(data, data.select(data.signals))
        return {name: value for name, value in row.items() if value is not None}

    @cached_property
    def line_signals(self) -> dict[str, list[Mapping[str, Any]]]:
        """Signal -> its entry for each line of the text of annotated/: `start`, `end`, `score`."""
        data = self._with_signals
        if data is None or not data.line_signals:
            return {}
        columns = ", ".join(
            f"{sql} AS {identifier(name)}" for name, sql in data.line_signals.items()
        )
        return {name: lines for name, lines in self._select(data, columns).items() if lines}

    @property
    def _with_signals(self) -> Dataset | None:
        """The data set whose signals are shown: the document's own, or that of another table."""
        tables = [self.data.name, "annotated", "corpus"]
        known = [self.version.dataset(name) for name in tables if name in self.version.tables]
        having = [data for data in known if data.line_signals and self._row_in(data.name)]
        return next(iter(having), self.data)

    def _select(self, data: Dataset, columns: str) -> Row:
        if not columns:
            return {}
        return self.version.database.row(
            f"SELECT {columns} FROM ({data.relation}) WHERE {data.expression('id')} = $id LIMIT 1",
            {"id": self.id},
        )

    @cached_property
    def kept_lines(self) -> list[int] | None:
        """The numbers of the lines of documents/ that paragraph dedup kept; None where it did not run."""
        for table, column in (("annotated", "line_ids"), ("paragraphs", "line_ids")):
            rows = self._aside(table, column, "id = $id")
            if rows and rows[0][column] is not None:
                return list(rows[0][column])
        return None

    @cached_property
    def cluster(self) -> list[Member]:
        """The other documents of its cluster of duplicates, the survivor first."""
        columns = "id, survivor_id, kind, similarity, root, survivor_root"
        own = self._aside("duplicates", columns, "id = $id")
        survivor = own[0]["survivor_id"] if own else self.id
        members = []
        if own:
            elsewhere = own[0]["survivor_root"]
            members.append(Member(survivor, "survivor", own[0]["similarity"], elsewhere))
        rows = self._aside("duplicates", columns, "survivor_id = $id", survivor)
        members += [
            Member(row["id"], row["kind"], row["similarity"], row["root"])
            for row in rows
            if row["id"] != self.id
        ]
        return members

    def _aside(self, table: str, columns: str, where: str, id_: str | None = None) -> Sequence[Row]:
        groups = [group for group in self.version.place.tables.get(table, ()) if group]
        if not groups or not self.version.place.is_root:
            return []
        return self.version.database.rows(
            f"SELECT {columns} FROM ({relation(groups)}) WHERE {where} "
            f"ORDER BY ALL LIMIT {_CLUSTER}",
            {"id": id_ or self.id},
        )
