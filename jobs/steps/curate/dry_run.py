"""What each rule would drop, estimated from a sample."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.steps.curate.rules import Plan, flags_and_names, judged, reason_of
from jobs.steps.report.run_summary import aligned

_RANGE = 2**32
_CONFIDENCE = 1.96  # standard errors that hold 95 % of a normal distribution


@dataclass(frozen=True)
class Estimate:
    """The share of all documents that something is true of, from a sample.

    Attributes
    ----------
    share, error
        The share, and half the width of its 95 % confidence interval; the error is 0 where all
        documents were looked at. By Agresti and Coull (1998), with two of each kind added, so that it is
        not 0 where the sample has none.
    """

    share: float
    error: float

    @classmethod
    def of(cls, n: int, sample: int, documents: int) -> Estimate:
        """From `n` among `sample` of `documents`."""
        share = n / sample
        adjusted = (n + 2) / (sample + 4)
        error = math.sqrt(adjusted * (1 - adjusted) / (sample + 4) * (1 - sample / documents))
        return cls(share, _CONFIDENCE * error)

    def __str__(self) -> str:
        return f"{100 * self.share:.2f} % ± {100 * self.error:.2f}"


def sampled(rows: DataFrame, sample: int, documents: int) -> DataFrame:
    """About so many of the documents, the same ones at each run."""
    if sample >= documents:
        return rows
    place = F.pmod(F.xxhash64(F.lit("dry run"), "id"), F.lit(_RANGE))
    return rows.where(place < math.ceil(_RANGE * sample / documents))


def lines(rows: DataFrame, plan: Plan, gone: DataFrame | None, sample: int) -> list[str]:
    """Say what each rule would drop: by itself, and after those before it.

    Parameters
    ----------
    rows
        All documents.
    gone
        As `jobs.steps.curate.exclusions` has it; None where dedup has not been run.
    """
    documents = rows.count()
    if not documents:
        return ["curate: there are no documents"]
    holding = F.zip_with(*flags_and_names(plan), lambda flag, name: F.when(flag, name))
    reasons = F.array_compact(holding)
    told = judged(sampled(rows, sample, documents), plan, reasons.alias("reasons"))
    told = told.select("id", "length", "reasons")
    if gone is not None:
        named = F.when(F.col("gone").isNotNull(), F.array("gone")).otherwise(
            F.array().cast("array<string>")
        )
        told = told.join(gone, "id", "left").withColumn("reasons", F.concat("reasons", named))
    told = told.withColumn("first", F.get("reasons", F.lit(0)))
    each = F.explode_outer("reasons").alias("reason")
    sums = (
        told.select("first", "length", each)
        .groupBy("reason")
        .agg(
            F.count("*").alias("alone"),
            F.count_if(F.col("first").eqNullSafe(F.col("reason"))).alias("first"),
            F.sum(
                F.when(F.col("first").eqNullSafe(F.col("reason")), F.col("length")).otherwise(0)
            ).alias("characters"),
        )
        .collect()
    )
    found = {row["reason"]: row.asDict() for row in sums}
    return _table(found, plan, documents)


def _table(found: Mapping[str | None, Mapping[str, int]], plan: Plan, documents: int) -> list[str]:
    looked_at = sum(row["first"] for row in found.values())
    characters = sum(row["characters"] for row in found.values())
    said = f"of {documents:,} documents {looked_at:,} were looked at"
    if not looked_at:
        return [f"curate --dry-run: {said}: a larger --dry-run-sample has more"]
    names: list[str | None] = [reason_of(rule) for rule in plan.rules]
    others = sorted(name for name in found if name is not None and name not in names)
    before = [name for name in others if name.startswith("bucket:")]
    names = [*before, *names, *(name for name in others if name not in before), None]
    table = [("left out under", "by itself", "after those above", "documents", "characters")]
    for name in names:
        row = found.get(name, {"alone": 0, "first": 0, "characters": 0})
        share = Estimate.of(row["first"], looked_at, documents)
        table.append(
            (
                name or "kept",
                str(Estimate.of(row["alone"], looked_at, documents)) if name else "",
                str(share),
                f"{share.share * documents:,.0f} ± {share.error * documents:,.0f}",
                f"{100 * row['characters'] / (characters or 1):.2f} %",
            )
        )
    return [f"curate --dry-run: {said}; errors are those of 95 % confidence", *aligned(table, (0,))]
