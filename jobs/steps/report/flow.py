"""How documents went through the stages: what came in, what came out, and why the rest did not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jobs.runtime.context import Context
from jobs.steps.report import run_summary
from jobs.steps.report.charts import COLOURS, colour, stacked, swatch
from jobs.steps.report.markup import Html, details, joined, percent, shown, table, tag
from jobs.steps.report.section import Section
from jobs.tables import manifest, runs
from jobs.tables.runs import Record
from schemas.settings.report import ReportConfig
from schemas.tables import TABLES

_HEAD = ("stage", "in", "out", "kept", "tokens in", "tokens out", "seconds")

_BESIDE = ("contamination",)  # tables that documents do not go through


def section(context: Context, config: ReportConfig) -> Section:
    """The runs that made the tables as they are now, in the order of the stages."""
    records = made_by(context.root)
    if not records:
        body = tag("p", "The runs that made the tables are not recorded in this root.")
        return Section("flow", "From archives to the mixture", body, {"stages": []})
    return Section(
        "flow",
        "From archives to the mixture",
        joined([_table(records), *(_stage(record) for record in records), _parts(records)]),
        {"stages": [_numbers(record) for record in records]},
    )


def made_by(root: str) -> list[Record]:
    """The records of the runs that wrote the folders of the tables' current versions."""
    order: dict[str, int] = {}
    for place, name in enumerate(TABLES):
        if name in _BESIDE:
            continue
        found = manifest.current(root, name)
        for folder in found.folders if found else ():
            # what wrote nothing but quarantine/ is an ingest
            order.setdefault(folder.run, 0 if name == "quarantine" else place)
    records = [record for record in runs.all_records(root) if record.run in order]
    return sorted(records, key=lambda record: (order[record.run], record.run))


def _table(records: Sequence[Record]) -> Html:
    rate = run_summary.tokens_a_character(records)
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
    about = (
        "Documents, for ingest the records of the dumps. Tokens marked ~ are estimated from the "
        "characters, at the corpus's own rate."
    )
    return table(about, _HEAD, rows)


def _stage(record: Record) -> Html:
    """A bar of what went in: what came out, and what did not by reason."""
    by_count = sorted(record.reasons.items(), key=lambda reason: (-reason[1], reason[0]))
    shown_ones, others = by_count[: COLOURS - 1], by_count[COLOURS - 1 :]
    if len(others) == 1:
        shown_ones, others = by_count, []
    parts = [("kept", record.rows_out, "var(--main)")]
    parts += [(reason, n, colour(place)) for place, (reason, n) in enumerate(shown_ones)]
    if others:
        label = f"{len(others)} other reasons"
        parts.append((label, sum(n for _, n in others), colour(COLOURS - 1)))
    name = run_summary.name(record)
    key = [
        tag("li", swatch(fill), label, " ", tag("span", shown(n), class_="soft"))
        for label, n, fill in parts
    ]
    rest = None
    if others:
        rows = [(reason, n, percent(n, record.rows_in)) for reason, n in by_count]
        rest = details(
            "All reasons", table(f"{name}: left out", ("reason", "documents", "of all"), rows)
        )
    return joined([tag("h3", name), stacked(name, parts), tag("ul", *key, class_="key"), rest])


def _parts(records: Sequence[Record]) -> Html:
    """What jobs say of each part of what they wrote."""
    made = []
    for record in records:
        strata = record.details.get("strata")
        if strata:
            about = f"{run_summary.name(record)}, by part"
            rows = [list(each.values()) for each in strata]
            made.append(details(about.capitalize(), table(about, list(strata[0]), rows)))
    return joined(made)


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
    return {"stage": run_summary.name(record), **{name: getattr(record, name) for name in names}}
