"""What of evaluation sets was found in documents: how much of each, in which slices, and evidence."""

from __future__ import annotations

from typing import Any

from pyspark.sql import functions as F

from jobs.runtime.context import Context
from jobs.steps.report.clusters import slice_of
from jobs.steps.report.markup import Html, code, joined, percent, table, tag
from jobs.steps.report.section import Section
from jobs.tables import runs
from jobs.tables.runs import Record
from schemas.settings.decontaminate import DecontaminateConfig
from schemas.settings.report import ReportConfig

NAMED = 10
"""Documents that are named, the first by evaluation set and item."""

_NAME, _TITLE = "contamination", "Contamination"


def section(context: Context, config: ReportConfig) -> Section:
    """The current contamination/."""
    found = context.table("contamination").manifest
    record = runs.find(context.root, found.made_by) if found else None
    if found is None or record is None:
        body = tag("p", "No items of evaluation sets have been looked for yet.")
        return Section(_NAME, _TITLE, body, {"done": False})
    annotated = context.table("annotated").manifest
    stale = annotated is None or record.inputs["annotated"] != annotated.version
    numbers = {"done": True, "run": record.run, "stale": stale, **_numbers(context, record)}
    return Section(_NAME, _TITLE, _body(numbers), numbers)


def _numbers(context: Context, record: Record) -> dict[str, Any]:
    config = record.settings(DecontaminateConfig)
    rows = context.table("contamination").read()
    slices = rows.groupBy(slice_of("id").alias("slice")).agg(F.count_distinct("id").alias("n"))
    named = rows.orderBy("evaluation", "item", "id", "ngram").limit(NAMED)
    return {
        "ngram": config.ngram,
        "shortest": config.shortest,
        "documents": record.rows_in,
        "contaminated": record.rows_out,
        "evaluations": record.details["evaluations"],
        "slices": {row["slice"]: row["n"] for row in slices.orderBy("slice").collect()},
        "named": [row.asDict() for row in named.collect()],
    }


def _body(numbers: dict[str, Any]) -> Html:
    stale = (
        "annotated/ was made anew after these documents were looked at: run ",
        tag("code", "redpajama decontaminate"),
        " again.",
    )
    n, shortest = numbers["ngram"], numbers["shortest"]
    shorter = f", or the whole of one of {shortest} words or more" if shortest < n else ""
    about = (
        f"Of {numbers['documents']:,} documents, {numbers['contaminated']:,} "
        f"({percent(numbers['contaminated'], numbers['documents'], 2)}) have {n} words in a row of an "
        f"item of an evaluation set{shorter}."
    )
    return joined(
        [
            tag("p", *stale, class_="note") if numbers["stale"] else None,
            tag("p", about),
            _evaluations(numbers["evaluations"]),
            *((_slices(numbers["slices"]), _named(numbers)) if numbers["named"] else ()),
        ]
    )


def _evaluations(evaluations: dict[str, dict[str, int]]) -> Html:
    head = ("evaluation set", "items", "too short", "found", "of those looked for", "in documents")
    rows = []
    for name, each in evaluations.items():
        looked_for = each["items"] - each["too_short"]
        share = percent(each["found"], looked_for)
        rows.append(
            (name, each["items"], each["too_short"], each["found"], share, each["documents"])
        )
    return table("Evaluation sets, and how many of their items are in a document", head, rows)


def _slices(slices: dict[str, int]) -> Html:
    return table("Documents that hold an item, by slice", ("slice", "documents"), slices.items())


def _named(numbers: dict[str, Any]) -> Html:
    rows = [
        (each["evaluation"], each["item"], code(each["id"]), each["ngram"])
        for each in numbers["named"]
    ]
    caption = "Items and the words in a row that a document has of them"
    if len(rows) == NAMED:
        caption += f", the first {NAMED}"
    return table(caption, ("evaluation set", "item", "document", "words"), rows, text=range(4))
