"""The queries of the pages: documents, counts by value, histograms, and two sets compared."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from jobs.steps.explore.database import Database, identifier, literal
from jobs.steps.explore.dataset import ATTRIBUTES, Dataset
from jobs.steps.explore.filters import Filter

PAGE = 20
"""Documents of a page."""

BINS = 24
_VALUES = 40  # of an attribute, at most
_SNIPPET = 260
_LISTED = ("id", "title", "url", "date", *ATTRIBUTES)

Row = dict[str, Any]

_NUMBERS = itertools.count()


@dataclass(frozen=True)
class Counts:
    """The number of documents that pass, also by the values of attributes, months and domains.

    Attributes
    ----------
    groups
        Attribute, `year` or `domain` -> value and count, most first; None for no value.
    """

    total: int
    groups: dict[str, list[tuple[str | None, int]]]

    @property
    def present(self) -> list[str]:
        """The attributes of which some document has a value."""
        groups = ((name, self.groups.get(name, ())) for name in ATTRIBUTES)
        return [name for name, group in groups if any(value is not None for value, _ in group)]


@dataclass(frozen=True)
class Bin:
    """A bar of a histogram: documents from `low` to `high`, the last with its upper end."""

    low: float
    high: float
    n: int


def listed(
    database: Database, data: Dataset, chosen: Filter, page: int = 0, sort: str = ""
) -> list[Row]:
    """Return a page of documents, and one more if there is another page.

    Parameters
    ----------
    sort
        A signal, with `-` before it from the largest on; by default as the files have the documents.
    """
    where, values = chosen.where(data)
    signals = [name for name in ("token_count", "characters", "length") if name in data.signals][:1]
    text = data.expression("text")
    columns = data.select([*_LISTED, *signals])
    if chosen.words:
        values["word"] = chosen.words[0].re2
        match = f"regexp_extract({text}, $word, 0)"
        start = f"greatest(1, position({match} IN {text}) - {_SNIPPET // 3})"
    else:
        start = "1"
    shown = f"{columns}, substr({text}, {start}, {_SNIPPET}) AS snippet, {start} AS start"
    limit = f"LIMIT {PAGE + 1} OFFSET {page * PAGE}"
    if not sort:
        return database.rows(f"SELECT {shown} FROM ({data.relation}) WHERE {where} {limit}", values)
    name, id_ = sort.lstrip("-"), data.expression("id")
    direction = "DESC" if sort.startswith("-") else "ASC"
    order = f"ORDER BY {data.expression(name)} {direction} NULLS LAST, {id_}"
    # first where the rows are, then the texts of those alone
    place = "filename, file_row_number" if data.has_rows else f"{id_} AS top_id"
    top = database.rows(
        f"SELECT {place} FROM ({data.relation}) WHERE {where} {order} {limit}",
        {name: value for name, value in values.items() if name != "word"},
    )
    if not top:
        return []
    chosen_rows = " OR ".join(
        f"(filename = {literal(row['filename'])} AND file_row_number = {row['file_row_number']})"
        if data.has_rows
        else f"{id_} = {literal(row['top_id'])}"
        for row in top
    )
    return database.rows(
        f"SELECT {shown}, {data.expression(name)} AS sorted FROM ({data.relation}) "
        f"WHERE {chosen_rows} {order} LIMIT {PAGE + 1}",
        {name: value for name, value in values.items() if name == "word"},
    )


@contextmanager
def matches(
    database: Database, data: Dataset, chosen: Filter, signals: Sequence[str]
) -> Iterator[Dataset]:
    """Give the documents that pass as a data set of its own, without texts, for several queries.

    A search by words reads all texts, and so is done once.

    Parameters
    ----------
    signals
        The signals that the data set has.
    """
    where, values = chosen.where(data)
    columns = ("date", "domain", *ATTRIBUTES, *signals)
    name = f"matches_{next(_NUMBERS)}"
    database.rows(
        f"CREATE TABLE {name} AS SELECT {data.select(columns)} FROM ({data.relation}) WHERE {where}",
        values,
    )
    try:
        expressions = {column: identifier(column) for column in columns}
        yield replace(data, relation=f"FROM {name}", columns=expressions, signals=tuple(signals))
    finally:
        database.rows(f"DROP TABLE {name}")


def counts(database: Database, data: Dataset, chosen: Filter) -> Counts:
    """Return the counts of the documents that pass, in one pass over the files."""
    where, values = chosen.where(data)
    expressions = {name: data.expression(name) for name in data.shown_attributes}
    if "date" in data.present:
        expressions["year"] = f"substr({data.expression('date')}, 1, 4)"
    if data.present & {"domain", "url"}:
        expressions["domain"] = data.expression("domain")
    columns = ", ".join(f"{sql} AS {identifier(name)}" for name, sql in expressions.items())
    names = [identifier(name) for name in expressions]
    sets = ", ".join(f"({name})" for name in names)
    grouping = f"GROUPING({', '.join(names)})" if names else "0"
    grouped = database.rows(
        f"WITH chosen AS (SELECT {columns or '1 AS one'} FROM ({data.relation}) WHERE {where}), "
        f"grouped AS (SELECT {', '.join([*names, f'{grouping} AS which', 'count(*) AS n'])} "
        f"FROM chosen GROUP BY GROUPING SETS ({sets + ', ' if sets else ''}())) "
        f"SELECT * FROM grouped QUALIFY row_number() OVER (PARTITION BY which ORDER BY n DESC) "
        f"<= {_VALUES} ORDER BY n DESC",
        values,
    )
    whole = (1 << len(names)) - 1
    groups: dict[str, list[tuple[str | None, int]]] = {name: [] for name in expressions}
    total = 0
    for row in grouped:
        if row["which"] == whole or not names:
            total = row["n"]
            continue
        for place, name in enumerate(expressions):
            if row["which"] == whole ^ (1 << (len(names) - 1 - place)):
                groups[name].append((row[name] or None, row["n"]))
    if "year" in groups:
        groups["year"].sort(key=lambda pair: pair[0] or "")
    return Counts(total, groups)


def histogram(database: Database, data: Dataset, chosen: Filter, signal: str) -> list[Bin]:
    """Return the documents that pass by a signal: bars of equal width, the outer ones open.

    The bars lie between the 1st and the 99th of a hundred parts; the first and last bar also hold what
    lies beyond.
    """
    where, values = chosen.where(data)
    column = data.expression(signal)
    source = (
        f"FROM (SELECT CAST({column} AS DOUBLE) AS v FROM ({data.relation}) WHERE {where}) "
        "WHERE v IS NOT NULL AND isfinite(v)"
    )
    ends = database.row(
        "SELECT min(v) AS least, max(v) AS most, approx_quantile(v, 0.01) AS low, "
        f"approx_quantile(v, 0.99) AS high {source}",
        values,
    )
    if not ends or ends["least"] is None:
        return []
    low, high = float(ends["low"]), float(ends["high"])
    if not high > low:
        low, high = float(ends["least"]), float(ends["most"])
    if not high > low:
        n = database.row(f"SELECT count(*) AS n {source}", values)["n"]
        return [Bin(low, high, n)]
    width = (high - low) / BINS
    rows = database.rows(
        f"SELECT least({BINS - 1}, greatest(0, CAST(floor((v - {low!r}) / {width!r}) AS BIGINT))) "
        f"AS bin, count(*) AS n {source} GROUP BY bin",
        values,
    )
    by_bin = {row["bin"]: row["n"] for row in rows}
    edges = [low + width * i for i in range(BINS + 1)]
    edges[0], edges[-1] = float(ends["least"]), float(ends["most"])
    return [Bin(edges[i], edges[i + 1], by_bin.get(i, 0)) for i in range(BINS)]
