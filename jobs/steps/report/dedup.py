"""Duplicates: removals, clusters, recall on planted near-duplicates, and false merges."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from jobs.runtime.context import Context
from jobs.steps.dedup import all_copies
from jobs.steps.report import (
    cluster_examples,
    clusters,
    dedup_tables,
    merges,
    recall,
    recall_tables,
)
from jobs.steps.report.dedup_run import DedupRun, load
from jobs.steps.report.markup import joined, tag
from jobs.steps.report.section import Section
from jobs.storage.public_names import public_name
from schemas.settings.report import ReportConfig

_NAME, _TITLE = "dedup", "Duplicates"


def section(context: Context, config: ReportConfig) -> Section:
    """Show the results of dedup, from its tables and from samples of the texts."""
    manifest = context.table("duplicates").manifest
    if manifest is None:
        body = tag("p", "No results yet: run ", tag("code", "redpajama dedup"), ".")
        return Section(_NAME, _TITLE, body, {"done": False})
    run, numbers = load(context, manifest), measured(context, config)
    shown = cluster_examples.examples(context, numbers["largest"])
    body = joined([_body(public_name(context.root), run, numbers), shown])
    return Section(_NAME, _TITLE, body, numbers)


def measured(context: Context, config: ReportConfig) -> dict[str, Any]:
    """Return the numbers of the section on the current version of duplicates/."""
    run = load(context, context.table("duplicates").required())
    numbers = {
        "done": True,
        **_removals(context, run),
        "recall": None,
        "merges": merges.measure(context, run, config.sample, config.seed),
    }
    if "near" in run.config.kinds:
        sample = recall.draw(context, run, config.sample, config.seed)
        numbers["recall"] = recall.measure(sample, run, config.seed)
    return numbers


def _removals(context: Context, run: DedupRun) -> dict[str, Any]:
    """Return settings and counts, the latter aggregates of duplicates/."""
    duplicates = context.table("duplicates").read()
    pairs = duplicates.where(~all_copies.is_survivor())
    by_cluster = clusters.clusters_of(pairs)
    config = run.config
    return {
        "run": run.record.run,
        "stale": run.stale,
        "settings": {
            "scheme": config.scheme,
            "ngram": run.shingling.ngram,
            "words": run.shingling.words,
            "threshold": config.threshold,
            "bands": run.bands,
            "rows": run.rows,
            "verify": config.verify,
            "min_contained": config.min_contained,
            "keep": config.keep,
            "kinds": list(config.kinds),
            "per_url": config.per_url,
            "buckets": list(config.buckets),
            "scope": config.scope,
            "against": list(config.against),
            "max_cluster": config.max_cluster,
        },
        "unlike": run.record.details.get("unlike-survivor", 0),
        "documents": run.record.rows_in,
        "left": run.record.rows_out,
        # documents that dedup did not compare, such as those taken down
        "others": {
            reason: n
            for reason, n in run.record.reasons.items()
            if not reason.startswith("duplicate:")
        },
        **clusters.kinds(duplicates),
        "sizes": clusters.sizes(by_cluster),
        "largest": clusters.largest(by_cluster),
        "oversized": run.record.details.get("oversized") or [],
        "slices": clusters.slice_pairs(pairs),
    }


def _body(root: str, run: DedupRun, numbers: dict[str, Any]) -> Markup:
    stale = (
        tag(
            "p",
            "annotated/ has changed since these duplicates were found: run ",
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
            dedup_tables.settings(run, numbers),
            dedup_tables.removed(numbers),
            dedup_tables.sizes(root, numbers),
            dedup_tables.slices(numbers),
            recall_tables.recall(run, numbers["recall"]),
            dedup_tables.merges(root, run, numbers["merges"]),
        ]
    )
