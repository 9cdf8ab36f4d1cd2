"""Count what dedup drops, by kind of duplicate."""

from __future__ import annotations

from typing import Any

import pyarrow.compute as pc
from pyspark.sql import functions as F

from jobs.runtime.context import Context
from jobs.tables import few_rows, taken_down
from jobs.tables.manifest import Folder
from jobs.tables.runs import Record


def count(context: Context, record: Record, folder: Folder) -> None:
    """Count documents by kind of duplicate, and rows about documents of earlier roots (`older`).

    Parameters
    ----------
    folder
        The new rows of duplicates/.
    """
    folders = [*context.table("annotated").required().folders, folder]
    is_small = few_rows.are_few(folders) and not taken_down.files(context.root)
    groups = _of_few(context, folder) if is_small else _of_many(context, folder)
    record.rows_in = sum(group["n"] for group in groups)
    record.characters_in = sum(group["characters"] or 0 for group in groups)
    kept = [group for group in groups if not group["taken"] and group["kind"] is None]
    record.rows_out = sum(group["n"] for group in kept)
    record.characters_out = sum(group["characters"] or 0 for group in kept)
    record.reasons = {
        f"duplicate:{group['kind']}": group["n"] for group in groups if group["kind"] is not None
    }
    record.details["older"] = folder.rows - sum(record.reasons.values())
    taken = sum(group["n"] for group in groups if group["taken"])
    record.reasons |= {taken_down.REASON: taken} if taken else {}


def _of_many(context: Context, folder: Folder) -> list[dict[str, Any]]:
    """Return `n` documents and their `characters`, by `kind` and whether they are `taken` down."""
    rows = context.table("duplicates").read_folders([folder])
    annotated = context.table("annotated").read()
    is_taken = taken_down.is_named(annotated, context.root)
    documents = annotated.select("id", "length", is_taken.alias("taken"))
    kinds = rows.where(F.col("root").isNull()).select("id", "kind")
    sums = (
        documents.join(kinds, "id", "left")
        .groupBy("taken", F.when(~F.col("taken"), F.col("kind")).alias("kind"))
        .agg(F.count("*").alias("n"), F.sum("length").alias("characters"))
    )
    groups = [row.asDict() for row in sums.collect()]
    return sorted(groups, key=lambda row: (row["taken"], row["kind"] or ""))


def _of_few(context: Context, folder: Folder) -> list[dict[str, Any]]:
    """Return what `_of_many` does, without a Spark job, where no document is taken down."""
    annotated, kinds = context.table("annotated"), dict[str, str]()
    for batch in few_rows.read(context.table("duplicates"), [folder], "id", "kind", "root"):
        own = batch.filter(pc.is_null(batch.column("root")))
        kinds |= zip(own.column("id").to_pylist(), own.column("kind").to_pylist(), strict=True)
    groups: dict[str, dict[str, Any]] = {}
    for batch in few_rows.read(annotated, annotated.required().folders, "id", "length"):
        columns = (batch.column(name).to_pylist() for name in ("id", "length"))
        for id_, length in zip(*columns, strict=True):
            kind = kinds.get(id_)
            none = {"taken": False, "kind": kind, "n": 0, "characters": 0}
            group = groups.setdefault(kind or "", none)
            group["n"] += 1
            group["characters"] += length or 0
    return [group for _, group in sorted(groups.items())]
