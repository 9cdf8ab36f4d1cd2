"""The stages of a document from dedup on: whether it is a duplicate, is kept, and is sampled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jobs.steps.trace.curate_reasons import duplicate_row
from jobs.steps.trace.rows import Row, Rows
from jobs.steps.trace.runs_of_tables import RunsOfTables
from jobs.steps.trace.stage import COPY, IN, OUT, Stage, facts_of
from schemas.pii import PII_KINDS
from schemas.settings.dedup import DedupConfig
from schemas.settings.mix import MixConfig


def duplicates(id_: str, row: Row | None, rows: Rows, runs: RunsOfTables) -> Stage | None:
    """Return the document's survivor, or the number of its duplicates."""
    copies = rows.first("copies", id_)
    facts: dict[str, Any] = {"copies": facts_of(copies) if copies else None}
    details = []
    if copies:
        slices = ", ".join(copies["slices"] or ())
        details.append(f"{copies['exact']:,} exact and {copies['near']:,} near copies, in {slices}")
        if copies["versions"]:
            dates = f"from {copies['first_version']} to {copies['last_version']}"
            details.append(f"{copies['versions']:,} other versions of its page, {dates}")
    see = f"see redpajama dedup --explain {id_}"
    duplicate = duplicate_row(rows, id_)
    if duplicate is not None:
        similarity, contained = duplicate["similarity"], duplicate["contained"]
        known = "" if contained is None else f"{contained:.4f} of its text in the survivor, "
        summary = (
            f"{duplicate['kind']} duplicate of {duplicate['survivor_id']}, "
            f"similarity {'unknown' if similarity is None else f'{similarity:.4f}'}, "
            f"{known}cluster {duplicate['cluster_id']}; {see}"
        )
        facts |= facts_of(duplicate)
        return Stage("duplicates", COPY, summary, facts, details)
    if not rows.belongs("duplicates", "annotated"):
        return None
    count = rows.duplicate_counts.get(id_, 0)
    facts["stands_for"] = count
    if count:
        summary = f"survivor of a cluster with {count:,} duplicates; {see}"
        return Stage("duplicates", IN, summary, facts, details)
    run, annotated = runs.of("duplicates"), rows.first("annotated", id_) or {}
    buckets = run.settings(DedupConfig).buckets if run else ()
    if buckets and annotated.get("bucket") not in buckets:
        summary = f"not compared: dedup ran with --buckets {' '.join(buckets)}"
        return Stage("duplicates", IN, summary, facts, details)
    return Stage("duplicates", IN, "in no cluster: no similar document", facts, details)


def corpus(id_: str, row: Row | None, rows: Rows, runs: RunsOfTables) -> Stage | None:
    """Return where curate put the document, or why it dropped it."""
    if row is not None:
        summary = (
            f"kept in slice={row['slice']}/bucket={row['bucket']}, {row['token_count']:,} tokens"
        )
        replaced = {kind: row[kind] for kind in PII_KINDS if row.get(kind) is not None}
        facts = {
            "bucket": row["bucket"],
            "token_count": row["token_count"],
            "replaced": replaced or None,
            "cut_characters": row["cut_characters"],
        }
        return Stage("corpus", IN, summary, facts, [*_replaced(replaced), *_cut(row)])
    if not rows.belongs("corpus", "annotated", "duplicates"):
        return None
    unknown = {"reason": "unknown", "summary": "for an unknown reason"}
    reason = runs.curate_reasons.get(id_, unknown)
    return Stage("corpus", OUT, reason["summary"], {"reason": reason["reason"]})


def _replaced(counts: Mapping[str, int]) -> list[str]:
    """Return a line about what curate replaced in the text; none where it did not look for anything."""
    if not counts:
        return []
    parts = [f"{n:,} {kind}" for kind, n in counts.items() if n] or ["nothing"]
    return [f"replaced in the text: {', '.join(parts)}, of {', '.join(counts)}"]


def _cut(row: Row) -> list[str]:
    """Return a line about the passages of a row of corpus/; none where it has none."""
    found, cut = row["passage_characters"], row["cut_characters"]
    return [f"{found:,} characters in passages of others, {cut:,} cut"] if found else []


def passages(id_: str, rows: Rows) -> list[Stage]:
    """Return the stage of a document that repeats passages of others; else nothing."""
    spans = [facts_of(row) for row in rows.of("passages", id_)]
    if not spans:
        return []
    spans.sort(key=lambda span: span["start"])
    details = [
        f"{span['start']:,} to {span['start'] + span['length']:,}: kept by {span['keeper_id']} at "
        f"{span['keeper_start']:,}, in {span['documents']:,} documents"
        for span in spans
    ]
    summary = f"{len(spans):,} spans stand in other documents too, by characters"
    return [Stage("passages", IN, summary, {"spans": spans}, details)]


def mixture(id_: str, row: Row | None, rows: Rows, runs: RunsOfTables) -> Stage | None:
    """Return the positions of the document in the mixture, or why mix did not sample it."""
    run = runs.of("mixture")
    strata: list[Row] = run.details.get("strata", []) if run else []
    examples = sorted(rows.of("mixture", id_), key=lambda example: example["epoch"])
    if examples:
        stratum = examples[0]["stratum"]
        positions = [facts_of(example, "epoch", "shard", "position") for example in examples]
        summary = "; ".join(
            f"epoch {at['epoch']}, shard {at['shard']}, position {at['position']:,}"
            for at in positions
        )
        details, share = _share(strata, stratum)
        facts = {"stratum": stratum, "places": positions, "share": share}
        return Stage("mixture", IN, summary, facts, details)
    if not rows.belongs("mixture", "corpus"):
        return None
    document = rows.first("corpus", id_) or {}
    buckets = run.settings(MixConfig).buckets if run else ()
    if buckets and document["bucket"] not in buckets:
        reason = f"bucket:{document['bucket']}"
        summary = f"{reason}: not one of --buckets {' '.join(buckets)}"
        return Stage("mixture", OUT, summary, {"reason": reason})
    # a stratum is a slice, or `slice/value` where the recipe divides the slice
    values = (document["bucket"], document["language"] or "unknown")
    names = {document["slice"], *(f"{document['slice']}/{value}" for value in values)}
    stratum = next((share["stratum"] for share in strata if share["stratum"] in names), None)
    if stratum is None:
        summary = "no-share: the recipe has no share for its stratum"
        return Stage("mixture", OUT, summary, {"reason": "no-share"})
    details, share = _share(strata, stratum)
    facts = {"reason": "over-budget", "stratum": stratum, "share": share}
    summary = f"over-budget: other documents filled the share of {stratum}"
    return Stage("mixture", OUT, summary, facts, details)


def contamination(id_: str, rows: Rows) -> list[Stage]:
    """Return the stage of a document that shares n-grams with an evaluation set; else nothing."""
    evidence = [facts_of(row) for row in rows.of("contamination", id_)]
    if not evidence:
        return []
    details = [f"{row['evaluation']}, item {row['item']}: {row['ngram']}" for row in evidence]
    summary = f"shares n-grams with {len(evidence):,} items of evaluation sets"
    return [Stage("contamination", IN, summary, {"evidence": evidence}, details)]


def _share(strata: Sequence[Row], name: str) -> tuple[list[str], Row | None]:
    """Return the share of a stratum as a line, and as the run of mix recorded it."""
    share = next((share for share in strata if share["stratum"] == name), None)
    if share is None:
        return [], None
    total = sum(stratum["tokens"] for stratum in strata)
    part = f" ({share['tokens'] / total:.2%})" if total else ""
    line = (
        f"stratum {name}: {share['tokens']:,} of {total:,} tokens{part}, "
        f"{share['epochs']} epochs of {share['available']:,}"
    )
    return [line], share
