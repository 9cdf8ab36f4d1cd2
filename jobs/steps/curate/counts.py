"""What a run of curate leaves out and why, and what it keeps."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.steps.curate.rules import Plan, judged
from jobs.tables.runs import Record


@dataclass(frozen=True)
class Outlook:
    """What will become of the documents, without a look at their texts.

    Attributes
    ----------
    reasons
        Documents that are left out, by reason.
    characters
        Of all documents.
    kept
        Characters of those that stay, by slice and bucket.
    unknown
        Documents of which a rule says nothing since a signal is missing, by the rule's name.
    """

    reasons: dict[str, int]
    characters: int
    kept: dict[tuple[str, str], int]
    unknown: dict[str, int]


def outlook(rows: DataFrame, plan: Plan, gone: DataFrame) -> Outlook:
    """See what becomes of some rows of annotated/.

    Parameters
    ----------
    gone
        As `jobs.steps.curate.exclusions` has it; it counts where the plan has no reason.
    """
    flags = [rule.is_unknown.alias(f"unknown-{i}") for i, rule in enumerate(plan.rules)]
    told = judged(rows, plan, *flags).join(gone, "id", "left")
    groups = told.groupBy("slice", "bucket", F.coalesce("reason", "gone").alias("reason"))
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
    """Sum up what is kept, by slice and bucket, and what was done to it."""
    sums = corpus.groupBy("slice", "bucket").agg(
        F.count("*").alias("documents"),
        F.sum(F.length("text")).alias("characters"),
        F.sum("token_count").alias("tokens"),
        F.sum("emails").alias("emails"),
        F.sum("ip_addresses").alias("ip_addresses"),
        F.count("contamination").alias("contaminated"),
    )
    found = sums.orderBy("slice", "bucket").collect()
    record.characters_out = sum(row["characters"] for row in found)
    record.tokens_out = sum(row["tokens"] for row in found)
    record.details["strata"] = [
        {"stratum": f"{row['slice']} {row['bucket']}"}
        | {name: row[name] for name in ("documents", "tokens")}
        for row in found
    ]
    for name in ("emails", "ip_addresses", "contaminated"):
        total = sum(row[name] or 0 for row in found)
        if total:
            record.details[name] = total
