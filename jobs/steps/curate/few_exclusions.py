"""The notes of `jobs.steps.curate.exclusions` on few documents, made in this process."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
from pyspark.sql import types as T
from pyspark.sql.pandas.types import to_arrow_schema

from jobs.runtime.context import Context
from jobs.tables import few_rows
from jobs.tables.manifest import Manifest
from schemas.tables.copies import COUNTS
from schemas.tables.corpus import CORPUS

MOST = 20_000
"""Rows of the tables that name documents, up to which this process joins them."""

_NOTE = [T.StructField("id", T.StringType()), *COUNTS]
_REASON = T.StructField("exclusion_reason", T.StringType())


def notes(context: Context, contamination: Manifest | None, *, drop: bool) -> pa.Table | None:
    """Return exclusion, copies and evidence by `id`; None for more than `MOST` rows.

    Parameters
    ----------
    contamination
        None if it does not exist or is not wanted.
    drop
        Whether contaminated documents are excluded.
    """
    names = ["duplicates", "copies", *(["contamination"] if contamination else [])]
    folders = [folder for name in names for folder in context.table(name).required().folders]
    rows = sum(folder.rows for folder in folders) * context.scale
    if not few_rows.are_few(folders) or rows > MOST:
        return None
    known: dict[str, dict[str, Any]] = defaultdict(dict)
    for row in _rows(context, "copies", *(field.name for field in _NOTE)):
        known[row["id"]] |= row
    reasons: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for row in _rows(context, "duplicates", "id", "kind", "root"):
        if row["root"] is None:
            reasons[row["id"]].append((0, f"duplicate:{row['kind']}"))
    fields = [*_NOTE, _REASON]
    if contamination:
        fields.append(CORPUS["contamination"])
        for row in _rows(context, "contamination", "id", "evaluation", "item", "ngram"):
            id_ = row.pop("id")
            known[id_].setdefault("contamination", []).append(row)
            if drop:
                reasons[id_].append((1, f"contaminated:{row['evaluation']}"))
    for id_, of_document in reasons.items():
        known[id_]["exclusion_reason"] = min(of_document)[1]
    for note in known.values():
        note.get("contamination", []).sort(key=_order)
    values = [{**note, "id": id_} for id_, note in known.items()]
    return pa.Table.from_pylist(values, to_arrow_schema(T.StructType(fields)))


def _rows(context: Context, name: str, *columns: str) -> Iterator[dict[str, Any]]:
    table = context.table(name)
    for batch in few_rows.read(table, table.required().folders, *columns):
        yield from batch.to_pylist()


def _order(evidence: dict[str, Any]) -> list[tuple[bool, str]]:
    """Return the key by which Spark sorts evidence: field by field, null last."""
    return [(value is None, value or "") for value in evidence.values()]
