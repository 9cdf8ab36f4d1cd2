"""DuckDB over the files of a place: read-only, without a network, and with an end to each query."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from schemas.errors import UserError

if TYPE_CHECKING:
    import duckdb

LONGEST = 60
"""Seconds after which a query is ended."""

_REFUSED = (
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET temp_directory = ''",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)


def literal(value: str) -> str:
    """Return a text as SQL."""
    return "'" + value.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """Return a name as SQL."""
    return '"' + name.replace('"', '""') + '"'


class Database:
    """Queries over some files, and over no others: DuckDB itself refuses them.

    Parameters
    ----------
    files
        Paths of the files.

    Raises
    ------
    UserError
        DuckDB is not installed.
    """

    def __init__(self, files: Iterable[str]) -> None:
        try:
            import duckdb
        except ImportError as error:
            raise UserError(
                "explore needs DuckDB: run `pip install 'redpajama-spark[explore]'`"
            ) from error
        self._connection = duckdb.connect()
        self._error = duckdb.Error
        names = ", ".join(map(literal, files))
        self._connection.execute(f"SET allowed_paths = [{names}]")
        for statement in _REFUSED:
            self._connection.execute(statement)

    def rows(
        self,
        sql: str,
        values: Mapping[str, Any] | Sequence[Any] = (),
        *,
        seconds: float = LONGEST,
    ) -> list[dict[str, Any]]:
        """Return the rows of a query, by column.

        Raises
        ------
        UserError
            DuckDB refuses the query, a file is damaged, or it took longer than `seconds`.
        """
        cursor = self._connection.cursor()
        timer = threading.Timer(seconds, cursor.interrupt)
        timer.daemon = True
        timer.start()
        try:
            result = cursor.execute(sql, values or None)
            names = [column[0] for column in result.description or ()]
            return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
        except self._error as error:
            if not timer.is_alive():
                raise UserError(
                    f"the query was ended after {seconds:g} seconds: narrow the filters"
                ) from error
            raise UserError(_line(error)) from error
        finally:
            timer.cancel()
            cursor.close()

    def row(self, sql: str, values: Mapping[str, Any] | Sequence[Any] = ()) -> dict[str, Any]:
        """Return the first row of a query; empty if there is none."""
        return next(iter(self.rows(sql, values)), {})


def _line(error: duckdb.Error) -> str:
    return " ".join(str(error).split())[:400]
