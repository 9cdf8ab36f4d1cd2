"""Duplicates: what was removed, how many near-duplicates the settings miss, and how many they err on."""

from __future__ import annotations

from typing import Any

from jobs.runtime.context import Context
from jobs.steps.report import clusters, merges, recall, recall_tables
from jobs.steps.report import dedup_tables as show
from jobs.steps.report.dedup_run import DedupRun, load
from jobs.steps.report.markup import Html, joined, tag
from jobs.steps.report.section import Section
from schemas.settings.report import ReportConfig

_NAME, _TITLE = "dedup", "Duplicates"


def section(context: Context, config: ReportConfig) -> Section:
    """What dedup did, measured on its tables and on samples of the texts."""
    found = context.table("duplicates").manifest
    if found is None:
        body = tag(
            "p", "No duplicates have been looked for yet: ", tag("code", "redpajama dedup"), "."
        )
        return Section(_NAME, _TITLE, body, {"done": False})
    run = load(context, found)
    numbers = {
        "done": True,
        **_removals(context, run),
        "recall": None,
        "merges": merges.measure(context, run, config.sample, config.seed),
    }
    if "near" in run.config.kinds:
        sample = recall.draw(context, run, config.sample, config.seed)
        numbers["recall"] = recall.measure(sample, run, config.seed)
    return Section(_NAME, _TITLE, _body(context.root, run, numbers), numbers)


def _removals(context: Context, run: DedupRun) -> dict[str, Any]:
    """The settings and the counts, all of them small aggregates of duplicates/."""
    duplicates = context.table("duplicates").read()
    found = clusters.of(duplicates)
    config = run.config
    return {
        "run": run.record.run,
        "stale": run.stale,
        "settings": {
            "scheme": config.scheme,
            "ngram": run.ngram,
            "threshold": config.threshold,
            "bands": run.bands,
            "rows": run.rows,
            "verify": config.verify,
            "kinds": list(config.kinds),
            "buckets": list(config.buckets),
            "scope": config.scope,
            "against": list(config.against),
            "max_cluster": config.max_cluster,
        },
        "documents": run.record.rows_in,
        "left": run.record.rows_out,
        # what dedup did not look at, as documents that were taken down
        "others": {
            reason: n
            for reason, n in run.record.reasons.items()
            if not reason.startswith("duplicate:")
        },
        **clusters.kinds(duplicates),
        "sizes": clusters.sizes(found),
        "largest": clusters.largest(found),
        "oversized": run.record.details.get("oversized") or [],
        "slices": clusters.slice_pairs(duplicates),
    }


def _body(root: str, run: DedupRun, numbers: dict[str, Any]) -> Html:
    stale = (
        tag(
            "p",
            "annotated/ was made anew after these duplicates were found: run ",
            tag("code", "redpajama dedup"),
            " again.",
            class_="note",
        )
        if run.stale
        else None
    )
    return joined(
        [
            stale,
            show.settings(run, numbers),
            show.removed(numbers),
            show.sizes(root, numbers),
            show.slices(numbers),
            recall_tables.recall(run, numbers["recall"]),
            show.merges(root, run, numbers["merges"]),
        ]
    )
