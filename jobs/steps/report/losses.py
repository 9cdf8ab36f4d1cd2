"""Losses: records that could not be used, by error, and what was taken down."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup
from pyspark.sql import functions as F

from jobs.runtime.context import Context
from jobs.steps.report.markup import code, joined, table, tag
from jobs.steps.report.section import Section
from jobs.storage.public_names import public_name, public_text
from schemas.settings.report import ReportConfig

_NAME, _TITLE = "losses", "Errors and takedowns"
_ERRORS, _REQUESTS = 50, 100  # rows that are shown


def section(context: Context, config: ReportConfig) -> Section:
    """Show quarantine/ by error, with a message of each, and takedowns/ by kind, date and reason.

    Inputs that were read since are in quarantine/ no more.
    """
    errors, requests = _errors(context), _requests(context)
    body = joined([_error_table(errors), _request_table(requests)])
    return Section(_NAME, _TITLE, body, {"errors": errors, "takedowns": requests})


def _errors(context: Context) -> list[dict[str, Any]]:
    if context.table("quarantine").manifest is None:
        return []
    rows = context.table("quarantine").read()
    first = F.min(F.struct("uri", "offset", "message")).alias("first")
    counts = rows.groupBy("slice", "stage", "error").agg(F.count("*").alias("records"), first)
    order = (F.desc("records"), "slice", "stage", "error")
    return [
        {
            "slice": row["slice"],
            "stage": row["stage"],
            "error": row["error"],
            "records": row["records"],
            "message": public_text(row["first"]["message"] or "", context.root) or None,
            "input": public_name(row["first"]["uri"] or ""),
            "offset": row["first"]["offset"],
        }
        for row in counts.orderBy(*order).limit(_ERRORS).collect()
    ]


def _requests(context: Context) -> list[dict[str, Any]]:
    """Return takedowns/ without the names themselves, which the page must not keep."""
    if context.table("takedowns").manifest is None:
        return []
    rows = context.table("takedowns").read().groupBy("date", "kind", "reason")
    counts = rows.agg(F.count("*").alias("names"))
    first = counts.orderBy(F.desc("date"), "kind", "reason").limit(_REQUESTS)
    return [row.asDict() for row in first.collect()]


def _error_table(errors: list[dict[str, Any]]) -> Markup:
    if not errors:
        return tag("p", "Every input record could be used: quarantine/ is empty.")
    rows = [
        (
            row["error"],
            row["slice"],
            row["stage"],
            row["records"],
            row["message"],
            joined([code(row["input"]), "" if row["offset"] is None else f" at {row['offset']:,}"]),
        )
        for row in errors
    ]
    head = ("error", "slice", "stage", "records", "a message", "of the record")
    caption = "Records in quarantine/, by error; `redpajama ingest` reads a mended input again"
    return table(caption, head, rows, text=(0, 1, 2, 4, 5))


def _request_table(requests: list[dict[str, Any]]) -> Markup:
    if not requests:
        return tag("p", "Nothing was taken down.")
    rows = [(row["date"], row["kind"], row["reason"], row["names"]) for row in requests]
    caption = "Takedowns: the date of the request, what was named, and why"
    return table(caption, ("date", "kind", "reason", "names"), rows, text=(0, 1, 2))
