"""What is said of a document up to annotated/: how it came in, what is left of it, what it measures."""

from __future__ import annotations

import textwrap

from jobs import slices
from jobs.steps.paragraphs.lines import NOTHING_LEFT
from jobs.steps.trace import annotate_reasons
from jobs.steps.trace.rows import SIGNALS, Row, Rows
from jobs.steps.trace.runs_of_tables import MadeBy
from jobs.steps.trace.stage import IN, OUT, Stage, facts_of
from schemas.settings.paragraphs import ParagraphsConfig

_WIDTH = 100


def documents(id_: str, row: Row | None, found: Rows, by: MadeBy) -> Stage | None:
    """When it was ingested, by which run."""
    if row is None:
        return None
    known = by.input(row["source"]["uri"]) or {}
    run = by.record(known["run"]) if known else None
    facts = {name: row[name] for name in row if name not in ("id", "source")}
    facts["run"] = known.get("run")
    when = "ingested by a run that is not known"
    if run:
        version = run.versions.get("redpajama-spark", "unknown")
        facts |= {"ingested": run.started, "version": version}
        when = f"ingested {run.started} by {run.run}, version {version}"
    more = [
        f"{name} {row[name]}"
        for name in ("snapshot", "url", "title", "date", "digest", "license")
        if row[name] is not None
    ]
    said = f"{when}; {row['length']:,} characters, {row['nlines']:,} lines"
    return Stage("documents", IN, said, facts, more)


def paragraphs(id_: str, row: Row | None, found: Rows, by: MadeBy) -> Stage | None:
    """What paragraph dedup left of it."""
    if row is not None:
        said = (
            f"{row['nlines']:,} of {row['original_nlines']:,} lines left, "
            f"{row['length']:,} of {row['original_length']:,} characters"
        )
        return Stage("paragraphs", IN, said, facts_of(row))
    if not found.belongs("paragraphs", "documents"):
        return None
    run = by.of("paragraphs")
    group = run.settings(ParagraphsConfig).group if run else "unknown"
    said = f"{NOTHING_LEFT}: each of its lines stands in another document too (--group {group})"
    return Stage("paragraphs", OUT, said, {"reason": NOTHING_LEFT, "group": group})


def annotated(id_: str, row: Row | None, found: Rows, by: MadeBy) -> Stage | None:
    """Language, perplexity, bucket and signals, or why annotate left it out."""
    run = by.of("annotated")
    if row is None:
        if run is None or not found.belongs("annotated", "documents", "paragraphs"):
            return None
        reason = by.by_language.get(id_)
        if reason is None:
            counted = ", ".join(f"{n:,} {why}" for why, n in run.reasons.items())
            said = f"its language cannot be judged as it was then; the run counted {counted}"
            return Stage("annotated", OUT, said)
        facts = {name: value for name, value in reason.items() if name != "said"}
        return Stage("annotated", OUT, reason["said"], facts)
    score = "" if row["language_score"] is None else f" {row['language_score']}"
    perplexity = "none" if row["perplexity"] is None else f"{row['perplexity']:,}"
    said = (
        f"language {row['language'] or 'none'}{score}, perplexity {perplexity}, "
        f"bucket {row['bucket']}"
    )
    cutoffs = annotate_reasons.cutoffs(run) if slices.load(row["slice"]).traits.web else None
    pair = cutoffs.table.get(row["language"]) if cutoffs else None
    if pair:
        said += f" (head below {pair[0]:g}, tail from {pair[1]:g})"
    signals = {name: row[name] for name in SIGNALS if row[name] is not None}
    facts = {name: row[name] for name in ("language", "language_score", "perplexity", "bucket")}
    facts |= {"length": row["length"], "cutoffs": pair, "quality_signals": signals}
    numbers = ", ".join(f"{name}\N{NO-BREAK SPACE}{value:.6g}" for name, value in signals.items())
    more = [line.replace("\N{NO-BREAK SPACE}", " ") for line in textwrap.wrap(numbers, _WIDTH)]
    return Stage("annotated", IN, said, facts, more)
