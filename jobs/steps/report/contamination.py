"""Contamination: items of evaluation sets that documents contain, by set and slice, with examples."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup
from pyspark.sql import functions as F

from jobs.runtime.context import Context
from jobs.steps.report.clusters import slice_of
from jobs.steps.report.markup import code, joined, percent, table, tag
from jobs.steps.report.section import Section
from jobs.tables import runs
from jobs.tables.runs import Record
from schemas.settings.decontaminate import DecontaminateConfig
from schemas.settings.report import ReportConfig
from udfs.decontamination.scored_index import SCORE

LISTED = 10
"""Number of documents that are listed, the first by evaluation set and item."""

_NAME, _TITLE = "contamination", "Contamination"


def section(context: Context, config: ReportConfig) -> Section:
    """Show the current version of contamination/."""
    manifest = context.table("contamination").manifest
    record = runs.find(context.root, manifest.made_by) if manifest else None
    if record is None:
        body = tag("p", "No results yet: run ", tag("code", "redpajama decontaminate"), ".")
        return Section(_NAME, _TITLE, body, {"done": False})
    annotated = context.table("annotated").manifest
    stale = annotated is None or record.inputs["annotated"] != annotated.version
    numbers = {"done": True, "run": record.run, "stale": stale, **_numbers(context, record)}
    return Section(_NAME, _TITLE, _body(numbers), numbers)


def _numbers(context: Context, record: Record) -> dict[str, Any]:
    config = record.settings(DecontaminateConfig)
    rows = context.table("contamination").read()
    slices = rows.groupBy(slice_of("id").alias("slice")).agg(F.count_distinct("id").alias("n"))
    listed = rows.orderBy("evaluation", "item", "id", "ngram").limit(LISTED)
    return {
        "by_score": config.by_score,
        "ngram": config.ngram,
        "shortest": config.shortest,
        "documents": record.rows_in,
        "contaminated": record.rows_out,
        "evaluations": record.details["evaluations"],
        "slices": {row["slice"]: row["n"] for row in sorted(slices.collect())},
        "named": [row.asDict() for row in listed.collect()],
    }


def _body(numbers: dict[str, Any]) -> Markup:
    stale = (
        "annotated/ has changed since these documents were searched: run ",
        tag("code", "redpajama decontaminate"),
        " again.",
    )
    n, shortest = numbers["ngram"], numbers["shortest"]
    shorter = f", or a whole item of {shortest} to {n - 1} words" if shortest < n else ""
    what = f"{n} consecutive words of an item of an evaluation set{shorter}"
    if numbers["by_score"]:
        what = (
            f"{percent(SCORE, digits=0)} of the words of a question of an evaluation set, each "
            "weighted by how few documents have the words around it"
        )
    share = percent(numbers["contaminated"], numbers["documents"], 2)
    about = f"{numbers['contaminated']:,} of {numbers['documents']:,} documents ({share}) contain {what}."
    return joined(
        [
            tag("p", *stale, class_="note") if numbers["stale"] else None,
            tag("p", about),
            _evaluations(numbers["evaluations"]),
            *((_slices(numbers["slices"]), _listed(numbers)) if numbers["named"] else ()),
        ]
    )


def _evaluations(evaluations: dict[str, dict[str, int]]) -> Markup:
    head = ("evaluation set", "items", "too short", "found", "share found", "documents")
    rows = []
    for name, counts in evaluations.items():
        found, searched = counts["found"], counts["items"] - counts["too_short"]
        share = percent(found, searched)
        rows.append((name, counts["items"], counts["too_short"], found, share, counts["documents"]))
    caption = "Items found in documents; the share is of the items that are long enough to search"
    return table(caption, head, rows)


def _slices(slices: dict[str, int]) -> Markup:
    return table("Documents that contain an item, by slice", ("slice", "documents"), slices.items())


def _listed(numbers: dict[str, Any]) -> Markup:
    rows = [
        (row["evaluation"], row["item"], code(row["id"]), row["ngram"]) for row in numbers["named"]
    ]
    caption = "Items, and the words of them that a document contains"
    if len(rows) == LISTED:
        caption += f"; the first {LISTED} by evaluation set and item"
    return table(caption, ("evaluation set", "item", "document", "words"), rows, text=range(4))
