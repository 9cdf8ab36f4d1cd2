"""The stages of a document up to annotated/: its ingest, its lines that were kept, its scores."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from jobs import slices
from jobs.steps.paragraphs.lines import NOTHING_LEFT
from jobs.steps.trace import annotate_reasons
from jobs.steps.trace.rows import SIGNALS, Row, Rows
from jobs.steps.trace.runs_of_tables import RunsOfTables
from jobs.steps.trace.stage import IN, OUT, Stage, facts_of
from schemas.settings.paragraphs import ParagraphsConfig

_WIDTH = 100


def documents(id_: str, row: Row | None, rows: Rows, runs: RunsOfTables) -> Stage | None:
    """Return when the document was ingested, and by which run."""
    if row is None:
        return None
    entry = runs.input(row["source"]["uri"]) or {}
    run = runs.record(entry["run"]) if entry else None
    facts = {name: row[name] for name in row if name not in ("id", "source")}
    facts["run"] = entry.get("run")
    when = "ingested by an unknown run"
    if run:
        version = run.versions.get("redpajama-spark", "unknown")
        facts |= {"ingested": run.started, "version": version}
        when = f"ingested {run.started[:19]}Z by {run.run}, version {version}"
    details = [
        f"{name} {row[name]}"
        for name in ("snapshot", "url", "title", "date", "digest", "license")
        if row[name] is not None
    ]
    details += _wrapped(f"{name} {value}" for name, value in (row["metadata"] or {}).items())
    summary = f"{when}; {row['length']:,} characters, {row['nlines']:,} lines"
    return Stage("documents", IN, summary, facts, details)


def paragraphs(id_: str, row: Row | None, rows: Rows, runs: RunsOfTables) -> Stage | None:
    """Return what paragraph dedup kept of the document."""
    if row is not None:
        summary = (
            f"{row['nlines']:,} of {row['original_nlines']:,} lines kept, "
            f"{row['length']:,} of {row['original_length']:,} characters"
        )
        return Stage("paragraphs", IN, summary, facts_of(row))
    if not rows.belongs("paragraphs", "documents"):
        return None
    run = runs.of("paragraphs")
    group = run.settings(ParagraphsConfig).group if run else "unknown"
    summary = f"{NOTHING_LEFT}: every line also occurs in another document (--group {group})"
    return Stage("paragraphs", OUT, summary, {"reason": NOTHING_LEFT, "group": group})


def annotated(id_: str, row: Row | None, rows: Rows, runs: RunsOfTables) -> Stage | None:
    """Return language, perplexity, bucket and signals, or why annotate dropped the document."""
    run = runs.of("annotated")
    if row is None:
        if run is None or not rows.belongs("annotated", "documents", "paragraphs"):
            return None
        reason = runs.annotate_reasons.get(id_)
        if reason is None:
            counts = ", ".join(f"{n:,} {name}" for name, n in run.reasons.items())
            summary = f"its language cannot be identified as in the run, which counted {counts}"
            return Stage("annotated", OUT, summary)
        facts = {name: value for name, value in reason.items() if name != "summary"}
        return Stage("annotated", OUT, reason["summary"], facts)
    score = "" if row["language_score"] is None else f" {row['language_score']}"
    perplexity = "none" if row["perplexity"] is None else f"{row['perplexity']:,}"
    summary = (
        f"language {row['language'] or 'none'}{score}, perplexity {perplexity}, "
        f"bucket {row['bucket']}"
    )
    cutoffs = annotate_reasons.cutoffs(run) if slices.load(row["slice"]).traits.web else None
    pair = cutoffs.table.get(row["language"]) if cutoffs else None
    if pair:
        summary += f" (head below {pair[0]:g}, tail from {pair[1]:g})"
    signals = {name: row[name] for name in SIGNALS if row[name] is not None}
    facts = {name: row[name] for name in ("language", "language_score", "perplexity", "bucket")}
    facts |= {"length": row["length"], "cutoffs": pair, "quality_signals": signals}
    details = _wrapped(f"{name} {value:.6g}" for name, value in signals.items())
    return Stage("annotated", IN, summary, facts, details)


def _wrapped(facts: Iterable[str]) -> list[str]:
    """Return lines of facts with commas between them; no line breaks within a fact."""
    joined = ", ".join(fact.replace(" ", "\N{NO-BREAK SPACE}") for fact in facts)
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in textwrap.wrap(joined, _WIDTH)]
