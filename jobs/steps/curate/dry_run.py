"""Estimate from a sample what each rule would drop."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyspark.sql import DataFrame, Row
from pyspark.sql import functions as F

from jobs.steps.curate import notices, sql_words
from jobs.steps.curate.notices import Group
from jobs.steps.curate.rules import Plan, flags_and_names, judged, reason_of
from jobs.steps.report.run_summary import aligned
from schemas.tables.rule_measures import RULE_MEASURES

_RANGE = 2**32
_GROUP = ("slice", "language")
_SUMS = ("alone", "first", "characters")
_CONFIDENCE = 1.96  # standard errors that hold 95 % of a normal distribution


@dataclass(frozen=True)
class Estimate:
    """Share of all documents with some property, estimated from a sample.

    Attributes
    ----------
    share, error
        The share, and half the width of its 95 % confidence interval, 0 if the sample is all
        documents. By Agresti and Coull (1998), who add two successes and two failures, so the error is
        not 0 for a sample without successes.
    """

    share: float
    error: float

    @classmethod
    def of(cls, n: int, sample: int, documents: int) -> Estimate:
        """Estimate from `n` successes in `sample` of `documents`."""
        share = n / sample
        adjusted = (n + 2) / (sample + 4)
        error = math.sqrt(adjusted * (1 - adjusted) / (sample + 4) * (1 - sample / documents))
        return cls(share, _CONFIDENCE * error)

    def __str__(self) -> str:
        return f"{100 * self.share:.2f} % ± {100 * self.error:.2f}"


def sampled(rows: DataFrame, sample: int, documents: int) -> DataFrame:
    """Return about `sample` documents, the same ones at each run."""
    if sample >= documents:
        return rows
    hash_ = F.pmod(F.xxhash64(F.lit("dry run"), "id"), F.lit(_RANGE))
    return rows.where(hash_ < math.ceil(_RANGE * sample / documents))


def lines(rows: DataFrame, plan: Plan, excluded: DataFrame | None, sample: int) -> list[str]:
    """Return a table of what each rule would drop: alone, and after the rules before it.

    Parameters
    ----------
    rows
        All documents.
    excluded
        `Exclusions.reasons`; None if dedup has not been run.
    """
    documents = rows.count()
    if not documents:
        return ["curate: there are no documents"]
    holding = F.zip_with(*flags_and_names(plan), lambda flag, name: F.when(flag, name))
    reasons = F.array_compact(holding)
    judgements = judged(sampled(rows, sample, documents), plan, reasons.alias("reasons"))
    judgements = judgements.select("id", "length", "slice", "language", "reasons")
    if excluded is not None:
        # array_compact drops the null of a document that is not excluded
        reasons = F.array_append("reasons", F.col("exclusion_reason"))
        judgements = judgements.join(excluded, "id", "left")
        judgements = judgements.withColumn("reasons", F.array_compact(reasons))
    judgements = judgements.withColumn("first", F.get("reasons", F.lit(0)))
    sums = (
        judgements.select(*_GROUP, "first", "length", F.explode_outer("reasons").alias("reason"))
        .groupBy(*_GROUP, "reason")
        .agg(
            F.count("*").alias("alone"),
            F.count_if(F.col("first").eqNullSafe(F.col("reason"))).alias("first"),
            F.sum(
                F.when(F.col("first").eqNullSafe(F.col("reason")), F.col("length")).otherwise(0)
            ).alias("characters"),
        )
        .collect()
    )
    return [*_table(_by_reason(sums), plan, documents), *_notices(sums, plan, rows)]


def _by_reason(sums: Sequence[Row]) -> dict[str | None, dict[str, int]]:
    """Return the sums of all slices and languages, by reason."""
    by_reason: dict[str | None, dict[str, int]] = {}
    for row in sums:
        total = by_reason.setdefault(row["reason"], dict.fromkeys(_SUMS, 0))
        for name in _SUMS:
            total[name] += row[name]
    return by_reason


def _notices(sums: Sequence[Row], plan: Plan, rows: DataFrame) -> list[str]:
    """Return what rules do to whole languages of the sample, and whether their measures are there."""
    languages, dropped = Counter[Group](), Counter[tuple[str, Group]]()
    names = {reason_of(rule): rule.name for rule in plan.rules}
    for row in sums:
        group = row["slice"], row["language"]
        languages[group] += row["first"]
        if row["reason"] in names:
            dropped[names[row["reason"]], group] += row["alone"]
    printed = notices.lines(plan.rules, languages, dropped)
    # rules on unspaced words judge by V2's signals where there are none
    measured = {name for name in RULE_MEASURES.names if not name.startswith("unspaced_")}
    unmeasured = [rule.name for rule in plan.rules if measured & sql_words.names(rule.sql)]
    if unmeasured and not rows.where("rule_measures is null").isEmpty():
        printed.append(
            "documents of an earlier release lack the measures of "
            f"{', '.join(unmeasured)}, which keep them: run `redpajama annotate --overwrite`"
        )
    return [f"curate --dry-run: {line}" for line in printed]


def _table(
    by_reason: Mapping[str | None, Mapping[str, int]], plan: Plan, documents: int
) -> list[str]:
    sampled = sum(row["first"] for row in by_reason.values())
    characters = sum(row["characters"] for row in by_reason.values())
    heading = f"{sampled:,} of {documents:,} documents sampled"
    if not sampled:
        return [f"curate --dry-run: {heading}: give a larger --dry-run-sample"]
    names: list[str | None] = [reason_of(rule) for rule in plan.rules]
    others = sorted(name for name in by_reason if name is not None and name not in names)
    before = [name for name in others if name.startswith("bucket:")]
    names = [*before, *names, *(name for name in others if name not in before), None]
    table = [("dropped under", "alone", "after those above", "documents", "characters")]
    for name in names:
        row = by_reason.get(name, {"alone": 0, "first": 0, "characters": 0})
        share = Estimate.of(row["first"], sampled, documents)
        table.append(
            (
                name or "kept",
                str(Estimate.of(row["alone"], sampled, documents)) if name else "",
                str(share),
                f"{share.share * documents:,.0f} ± {share.error * documents:,.0f}",
                f"{100 * row['characters'] / (characters or 1):.2f} %",
            )
        )
    return [
        f"curate --dry-run: {heading}; errors are 95 % confidence intervals",
        *aligned(table, (0,)),
    ]
