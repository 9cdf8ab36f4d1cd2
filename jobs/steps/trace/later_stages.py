"""What is said of a document from dedup on: whether it is a copy, is kept, and is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jobs.steps.trace import curate_reasons
from jobs.steps.trace.rows import Row, Rows
from jobs.steps.trace.runs_of_tables import MadeBy
from jobs.steps.trace.stage import COPY, IN, OUT, Stage, facts_of
from schemas.settings.dedup import DedupConfig
from schemas.settings.mix import MixConfig


def duplicates(id_: str, row: Row | None, found: Rows, by: MadeBy) -> Stage | None:
    """Whether another document stands for it, or it for others."""
    copies = found.one("copies", id_)
    facts: dict[str, Any] = {"copies": facts_of(copies) if copies else None}
    more = []
    if copies:
        slices = ", ".join(copies["slices"] or ())
        more.append(f"{copies['exact']:,} exact and {copies['near']:,} near copies, in {slices}")
    see = f"see redpajama dedup --explain {id_}"
    gone = curate_reasons.duplicate(found, id_)
    if gone is not None:
        similarity = "unknown" if gone["similarity"] is None else f"{gone['similarity']:.4f}"
        said = (
            f"{gone['kind']}, of {gone['survivor_id']}, which stands for it, similarity "
            f"{similarity}, cluster {gone['cluster_id']}; {see}"
        )
        facts |= facts_of(gone)
        return Stage("duplicates", COPY, said, facts, more)
    if not found.belongs("duplicates", "annotated"):
        return None
    others = found.stands_for.get(id_, 0)
    facts["stands_for"] = others
    if others:
        return Stage(
            "duplicates", IN, f"stays, and stands for {others:,} others; {see}", facts, more
        )
    run, annotated = by.of("duplicates"), found.one("annotated", id_) or {}
    buckets = run.settings(DedupConfig).buckets if run else ()
    if buckets and annotated.get("bucket") not in buckets:
        said = f"took no part: dedup ran with --buckets {' '.join(buckets)}"
        return Stage("duplicates", IN, said, facts, more)
    return Stage("duplicates", IN, "in no cluster: nothing like it was found", facts, more)


def corpus(id_: str, row: Row | None, found: Rows, by: MadeBy) -> Stage | None:
    """Whether curate kept it, or why not."""
    if row is not None:
        said = f"kept in slice={row['slice']}/bucket={row['bucket']}, {row['token_count']:,} tokens"
        facts = {"bucket": row["bucket"], "token_count": row["token_count"]}
        return Stage("corpus", IN, said, facts)
    if not found.belongs("corpus", "annotated", "duplicates"):
        return None
    reason = by.by_curate.get(id_, {"reason": "unknown", "said": "for an unknown reason"})
    return Stage("corpus", OUT, reason["said"], {"reason": reason["reason"]})


def mixture(id_: str, row: Row | None, found: Rows, by: MadeBy) -> Stage | None:
    """Whether mix drew it, how often and to where, or why not."""
    run = by.of("mixture")
    strata: list[Row] = run.details.get("strata", []) if run else []
    rows = sorted(found.of("mixture", id_), key=lambda each: each["epoch"])
    if rows:
        places = [facts_of(each, "epoch", "shard", "position") for each in rows]
        said = "; ".join(
            f"epoch {each['epoch']}, shard {each['shard']}, position {each['position']:,}"
            for each in places
        )
        more, share = _share(strata, rows[0]["stratum"])
        facts = {"stratum": rows[0]["stratum"], "places": places, "share": share}
        return Stage("mixture", IN, said, facts, more)
    if not found.belongs("mixture", "corpus"):
        return None
    kept = found.one("corpus", id_) or {}
    buckets = run.settings(MixConfig).buckets if run else ()
    if buckets and kept["bucket"] not in buckets:
        reason = f"bucket:{kept['bucket']}"
        said = f"{reason}: drawn from were --buckets {' '.join(buckets)}"
        return Stage("mixture", OUT, said, {"reason": reason})
    # a stratum is a slice, or of one that is divided `slice/value`
    parts = (kept["bucket"], kept["language"] or "unknown")
    named = {kept["slice"], *(f"{kept['slice']}/{part}" for part in parts)}
    stratum = next((each["stratum"] for each in strata if each["stratum"] in named), None)
    if stratum is None:
        said = "no-share: the recipe gives its stratum none"
        return Stage("mixture", OUT, said, {"reason": "no-share"})
    more, share = _share(strata, stratum)
    facts = {"reason": "over-budget", "stratum": stratum, "share": share}
    said = f"over-budget: the share of {stratum} was full without it"
    return Stage("mixture", OUT, said, facts, more)


def contamination(id_: str, found: Rows) -> list[Stage]:
    """Of a document that shares something with an evaluation set."""
    rows = found.of("contamination", id_)
    if not rows:
        return []
    evidence = [facts_of(row) for row in rows]
    more = [f"{each['evaluation']}, item {each['item']}: {each['ngram']}" for each in evidence]
    said = f"shares n-grams with {len(rows):,} items of evaluation sets"
    return [Stage("contamination", IN, said, {"evidence": evidence}, more)]


def _share(strata: Sequence[Row], name: str) -> tuple[list[str], Row | None]:
    """The share of a stratum, in words and as the run of mix has it."""
    share = next((each for each in strata if each["stratum"] == name), None)
    if share is None:
        return [], None
    total = sum(each["tokens"] for each in strata)
    part = f" ({share['tokens'] / total:.2%})" if total else ""
    said = (
        f"stratum {name}: {share['tokens']:,} of {total:,} tokens{part}, {share['epochs']} epochs"
    )
    return [f"{said} of {share['available']:,}"], share
