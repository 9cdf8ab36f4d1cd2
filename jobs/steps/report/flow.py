"""Pipeline stages: documents in and out of each, and the reasons of drops."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from jobs.runtime.context import Context
from jobs.steps.report import run_summary
from jobs.steps.report.charts import COLOURS, colour, stacked, swatch
from jobs.steps.report.flow_chart import Stage, flow_chart
from jobs.steps.report.markup import details, joined, percent, shown, table, tag
from jobs.steps.report.section import Section
from jobs.tables import runs
from jobs.tables.runs import Record
from schemas.settings.report import ReportConfig
from schemas.tables import TABLES

_HEAD = ("stage", "in", "out", "kept", "tokens in", "tokens out", "seconds")

_SIDE_TABLES = ("passages", "contamination")  # their rows are no documents that later stages read
_REASONS = 3  # of a stage, in the picture
_NAME, _TITLE = "flow", "Pipeline stages"


def section(context: Context, config: ReportConfig) -> Section:
    """Show the runs that made the current tables, in the order of the stages."""
    records = current_runs(context)
    if not records:
        body = tag("p", "This root has no record of the runs that made its tables.")
        return Section(_NAME, _TITLE, body, {"stages": []})
    reasons = details("What each stage left out, and why", *map(_stage, records))
    body = joined([_picture(records), _table(records), reasons, *map(_parts, records)])
    return Section(_NAME, _TITLE, body, {"stages": [_numbers(record) for record in records]})


def current_runs(context: Context) -> list[Record]:
    """Return the records of the runs that wrote the folders of the current tables."""
    order: dict[str, int] = {}
    for position, name in enumerate(TABLES):
        if name in _SIDE_TABLES:
            continue
        manifest = context.table(name).manifest
        for folder in manifest.folders if manifest else ():
            # a run that wrote only quarantine/ is an ingest
            order.setdefault(folder.run, 0 if name == "quarantine" else position)
    records = [record for record in runs.all_records(context.root) if record.run in order]
    return sorted(records, key=lambda record: order[record.run])


def _picture(records: Sequence[Record]) -> Markup:
    """Return the flow of documents from stage to stage, with their tokens; all ingests are one stage.

    Dedup drops nothing itself: curate counts the duplicates that it leaves out.
    """
    rate = run_summary.tokens_per_character(records)
    by_stage: dict[str, list[Record]] = {}
    for record in records:
        if record.job != "dedup":
            by_stage.setdefault(record.job, []).append(record)
    stages = []
    for job, group in by_stage.items():
        reasons = Counter[str]()
        for record in group:
            reasons.update(record.reasons)
        characters = [record.characters_out for record in group]
        counted = [record.tokens_out for record in group]
        tokens = run_summary.tokens(
            None if None in counted else sum(filter(None, counted)),
            None if None in characters else sum(filter(None, characters)),
            rate,
        )
        before = sum(record.rows_in for record in group)
        after = sum(record.rows_out for record in group)
        stages.append(Stage(job, before, after, tokens, reasons.most_common(_REASONS)))
    return flow_chart(stages)


def _table(records: Sequence[Record]) -> Markup:
    rate = run_summary.tokens_per_character(records)
    rows = [
        (
            run_summary.name(record),
            record.rows_in,
            record.rows_out,
            percent(record.rows_out, record.rows_in),
            run_summary.tokens(record.tokens_in, record.characters_in, rate),
            run_summary.tokens(record.tokens_out, record.characters_out, rate),
            f"{record.seconds:.1f}",
        )
        for record in records
    ]
    caption = (
        "Documents in and out of each stage; ingest counts records of the dumps. Tokens marked ~ are "
        "estimated from the number of characters."
    )
    return table(caption, _HEAD, rows)


def _stage(record: Record) -> Markup:
    """Return a bar of the documents in, divided into kept ones and the reasons of drops."""
    by_count = sorted(record.reasons.items(), key=lambda reason: (-reason[1], reason[0]))
    largest, others = by_count[: COLOURS - 1], by_count[COLOURS - 1 :]
    if len(others) == 1:
        largest, others = by_count, []
    parts = [("kept", record.rows_out, "var(--main)")]
    parts += [(reason, n, colour(i)) for i, (reason, n) in enumerate(largest)]
    if others:
        label = f"{len(others)} other reasons"
        parts.append((label, sum(n for _, n in others), colour(COLOURS - 1)))
    name = run_summary.name(record)
    legend = [
        tag("li", swatch(fill), label, " ", tag("span", shown(n), class_="soft"))
        for label, n, fill in parts
    ]
    all_reasons = None
    if others:
        rows = [(reason, n, percent(n, record.rows_in)) for reason, n in by_count]
        caption = f"Documents dropped by {name}"
        all_reasons = details("All reasons", table(caption, ("reason", "documents", "share"), rows))
    return joined(
        [tag("h3", name), stacked(name, parts), tag("ul", *legend, class_="key"), all_reasons]
    )


def _parts(record: Record) -> Markup:
    """Return the tables of what a run recorded by stratum, list or kind."""
    tables = []
    for part, about in run_summary.PARTS.items():
        rows: list[dict[str, Any]] = record.details.get(part) or []
        if rows:
            caption = f"{run_summary.name(record)}, {about}".capitalize()
            cells = [list(row.values()) for row in rows]
            text = [i for i, cell in enumerate(cells[0]) if isinstance(cell, str)]
            tables.append(details(caption, table(caption, list(rows[0]), cells, text=text)))
    return joined(tables)


def _numbers(record: Record) -> dict[str, Any]:
    names = (
        "run",
        "job",
        "started",
        "seconds",
        "rows_in",
        "rows_out",
        "characters_in",
        "characters_out",
        "tokens_in",
        "tokens_out",
        "reasons",
    )
    parts = {part: record.details[part] for part in run_summary.PARTS if record.details.get(part)}
    numbers = {name: getattr(record, name) for name in names}
    return {"stage": run_summary.name(record), **numbers, **parts}
