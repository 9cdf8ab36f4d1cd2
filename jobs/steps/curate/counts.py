"""Count the documents that a run of curate drops, by reason, and those that it keeps."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.steps.curate.rules import Plan, judged
from jobs.tables.runs import Record


@dataclass(frozen=True)
class Outlook:
    """Counts before the texts are read.

    Attributes
    ----------
    reasons
        Dropped documents, by reason.
    characters
        Characters of all documents.
    kept
        Characters of the kept documents, by slice and bucket.
    unknown
        Documents that a rule cannot judge, since a signal is missing, by the rule's name.
    """

    reasons: dict[str, int]
    characters: int
    kept: dict[tuple[str, str], int]
    unknown: dict[str, int]


def outlook(rows: DataFrame, plan: Plan, excluded: DataFrame) -> Outlook:
    """Count what happens to some rows of annotated/.

    Parameters
    ----------
    excluded
        `Exclusions.reasons`; they count for documents that the plan keeps.
    """
    flags = [rule.is_unknown.alias(f"unknown-{i}") for i, rule in enumerate(plan.rules)]
    judgements = judged(rows, plan, *flags).join(excluded, "id", "left")
    reason = F.coalesce("reason", "exclusion_reason").alias("reason")
    groups = judgements.groupBy("slice", "bucket", reason)
    sums = groups.agg(
        F.count("*").alias("n"),
        F.sum("length").cast("long").alias("characters"),
        *(F.count_if(f"`unknown-{i}`").alias(f"unknown-{i}") for i in range(len(flags))),
    )
    reasons, unknown = Counter[str](), Counter[str]()
    characters, kept = 0, {}
    for row in sums.orderBy("reason").collect():
        characters += row["characters"] or 0
        if row["reason"] is None:
            kept[row["slice"], row["bucket"]] = row["characters"] or 0
        else:
            reasons[row["reason"]] += row["n"]
        for i, rule in enumerate(plan.rules):
            unknown[rule.name] += row[f"unknown-{i}"]
    return Outlook(dict(reasons), characters, kept, {name: n for name, n in unknown.items() if n})


def kept(record: Record, corpus: DataFrame) -> None:
    """Record sums of the kept documents by slice and bucket, and of redactions and evidence."""
    sums = corpus.groupBy("slice", "bucket").agg(
        F.count("*").alias("documents"),
        F.sum(F.length("text")).alias("characters"),
        F.sum("token_count").alias("tokens"),
        F.sum("emails").alias("emails"),
        F.sum("ip_addresses").alias("ip_addresses"),
        F.count("contamination").alias("contaminated"),
    )
    groups = sums.orderBy("slice", "bucket").collect()
    record.characters_out = sum(row["characters"] for row in groups)
    record.tokens_out = sum(row["tokens"] for row in groups)
    record.details["strata"] = [
        {"stratum": f"{row['slice']} {row['bucket']}"}
        | {name: row[name] for name in ("documents", "tokens")}
        for row in groups
    ]
    for name in ("emails", "ip_addresses", "contaminated"):
        total = sum(row[name] or 0 for row in groups)
        if total:
            record.details[name] = total
