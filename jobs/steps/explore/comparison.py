"""Two sets of filters compared: the documents that one keeps and the other drops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from jobs.steps.explore.database import Database, identifier
from jobs.steps.explore.dataset import ATTRIBUTES, Dataset
from jobs.steps.explore.filters import Filter
from jobs.steps.explore.queries import Row

SIDES = ("a", "b")
LISTED = 25
"""Documents of one side that are listed."""

_VALUES = 20


@dataclass(frozen=True)
class Side:
    """A set of filters and the table that it filters."""

    data: Dataset
    chosen: Filter


@dataclass(frozen=True)
class Comparison:
    """Counts of ids; an id that a table has several times counts once.

    Attributes
    ----------
    only_a, both, only_b
        Ids that pass the first set alone, both, and the second alone.
    groups
        Attribute -> value and the same three counts, most first.
    """

    only_a: int
    both: int
    only_b: int
    groups: dict[str, list[tuple[str | None, int, int, int]]]


def compare(database: Database, sides: Sequence[Side]) -> Comparison:
    """Return the counts of two sets of filters."""
    shared = [name for name in ATTRIBUTES if any(name in side.data.present for side in sides)]
    selects: list[str] = []
    values: dict[str, Any] = {}
    for name, side in zip(SIDES, sides, strict=True):
        where, bound = side.chosen.where(side.data, name)
        values |= bound
        columns = ", ".join(
            [
                f"{side.data.expression('id')} AS id",
                *(f"any_value({side.data.expression(at)}) AS {identifier(at)}" for at in shared),
            ]
        )
        selects.append(
            f"{name} AS (SELECT {columns} FROM ({side.data.relation}) WHERE {where} GROUP BY 1)"
        )
    attributes = [
        f"coalesce(a.{identifier(at)}, b.{identifier(at)}) AS {identifier(at)}" for at in shared
    ]
    sets = ", ".join([*(f"({identifier(at)})" for at in shared), "()"])
    names = [identifier(at) for at in shared]
    grouping = f"GROUPING({', '.join(names)})" if names else "0"
    rows = database.rows(
        f"WITH {', '.join(selects)}, joined AS (SELECT {', '.join([*attributes, ''])}"
        "a.id IS NOT NULL AS in_a, b.id IS NOT NULL AS in_b FROM a FULL JOIN b ON a.id = b.id) "
        f"SELECT {', '.join([*names, ''])}{grouping} AS which, "
        "count_if(in_a AND NOT in_b) AS only_a, count_if(in_a AND in_b) AS both, "
        "count_if(in_b AND NOT in_a) AS only_b, count(*) AS n FROM joined "
        f"GROUP BY GROUPING SETS ({sets}) "
        f"QUALIFY row_number() OVER (PARTITION BY which ORDER BY n DESC) <= {_VALUES} ORDER BY n DESC",
        values,
    )
    whole = (1 << len(names)) - 1
    groups: dict[str, list[tuple[str | None, int, int, int]]] = {at: [] for at in shared}
    total = (0, 0, 0)
    for row in rows:
        counts = row["only_a"], row["both"], row["only_b"]
        if not names or row["which"] == whole:
            total = counts
        for place, at in enumerate(shared):
            if row["which"] == whole ^ (1 << (len(names) - 1 - place)):
                groups[at].append((row[at] or None, *counts))
    return Comparison(*total, groups)


def only(database: Database, sides: Sequence[Side], kept: int, page: int = 0) -> list[Row]:
    """Return documents that one side has and the other has not, by their ids.

    Parameters
    ----------
    kept
        The number of the side that has them.
    page
        From 0; one document more than a page is returned if there is another page.
    """
    side, other = sides[kept], sides[1 - kept]
    where, values = side.chosen.where(side.data, "a")
    without, more = other.chosen.where(other.data, "b")
    columns = side.data.select(("id", "title", "url", "date", *ATTRIBUTES))
    return database.rows(
        f"WITH other AS (SELECT {other.data.expression('id')} AS id FROM ({other.data.relation}) "
        f"WHERE {without}), "
        f"rows AS (SELECT {columns}, substr({side.data.expression('text')}, 1, 260) AS snippet, "
        f"1 AS start FROM ({side.data.relation}) WHERE {where}) "
        f"SELECT * FROM rows ANTI JOIN other USING (id) ORDER BY id "
        f"LIMIT {LISTED + 1} OFFSET {page * LISTED}",
        {**values, **more},
    )
