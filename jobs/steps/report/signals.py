"""Signals: perplexity by language, each quality signal of kept and dropped documents, extraction's certainty.

Quantiles are of at most `SAMPLE` documents, chosen by a hash of the id.
"""

from __future__ import annotations

from typing import Any

from markupsafe import Markup
from pyspark.sql import Column, DataFrame, Row
from pyspark.sql import functions as F

from jobs.runtime.context import Context
from jobs.steps.report.box_chart import boxes
from jobs.steps.report.markup import details, joined, table, tag
from jobs.steps.report.section import Section
from schemas.settings.report import ReportConfig
from schemas.signals import V2_SIGNALS

_NAME, _TITLE = "signals", "Signals"

SAMPLE = 100_000
_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
_ACCURACY = 1000
_LANGUAGES = 20

SIGNALS = tuple(
    name for name, signal in V2_SIGNALS.items() if signal.kind == "doc" and name != "ccnet_bucket"
)
_SHARE = "text_share"


def section(context: Context, config: ReportConfig) -> Section:
    """Show what annotate measured, of documents that curate kept and of those it did not."""
    manifest = context.table("annotated").manifest
    if manifest is None:
        body = tag("p", "No results yet: run ", tag("code", "redpajama annotate"), ".")
        return Section(_NAME, _TITLE, body, {"signals": {}, "languages": []})
    rows, sampled = _sample(context, manifest.rows)
    languages, signals = _measure(rows)
    about = (
        f"Of {sampled:,} of {manifest.rows:,} documents, chosen by a hash of the id."
        if (sampled < manifest.rows)
        else f"Of all {manifest.rows:,} documents."
    )
    body = joined([tag("p", about), _perplexity(languages), _boxes(signals)])
    return Section(
        _NAME, _TITLE, body, {"sampled": sampled, "signals": signals, "languages": languages}
    )


def _sample(context: Context, total: int) -> tuple[DataFrame, int]:
    """Return scores of a sample of annotated/, and whether corpus/ has each document."""
    annotated = context.table("annotated").read()
    if total > SAMPLE:
        part = F.pmod(F.xxhash64(F.lit("report"), "id"), F.lit(total))
        annotated = annotated.where(part < SAMPLE)
    rows = annotated.select(
        "id",
        "language",
        "bucket",
        "perplexity",
        *(F.col("quality_signals")[name].cast("double").alias(name) for name in SIGNALS),
        F.col("metadata")[_SHARE].cast("double").alias(_SHARE),
    )
    if context.table("corpus").manifest is None:
        return rows.withColumn("kept", F.lit(True)), min(total, SAMPLE)
    kept = context.table("corpus").read().select("id", F.lit(True).alias("kept"))
    marked = rows.join(kept, "id", "left").withColumn("kept", F.coalesce("kept", F.lit(False)))
    return marked, min(total, SAMPLE)


def _measure(rows: DataFrame) -> tuple[list[dict[str, Any]], dict[str, dict[str, list[float]]]]:
    """Return perplexity by language, and the quantiles of each signal of kept and dropped documents."""
    measured = (*SIGNALS, _SHARE)
    by_fate = rows.groupBy("kept").agg(*(_quantiles(name).alias(name) for name in measured))
    signals: dict[str, dict[str, list[float]]] = {name: {} for name in measured}
    for row in by_fate.collect():
        for name in measured:
            if row[name]:
                signals[name]["kept" if row["kept"] else "dropped"] = row[name]
    scored = (
        rows.where("perplexity is not null")
        .groupBy("language")
        .agg(
            F.count("*").alias("documents"),
            _quantiles("perplexity").alias("quantiles"),
            *(
                F.count_if(F.col("bucket") == bucket).alias(bucket)
                for bucket in ("head", "middle", "tail")
            ),
            F.max(F.when(F.col("bucket") == "head", F.col("perplexity"))).alias("head_until"),
            F.min(F.when(F.col("bucket") == "tail", F.col("perplexity"))).alias("tail_from"),
        )
    )
    first: list[Row] = scored.orderBy(F.desc("documents"), "language").limit(_LANGUAGES).collect()
    return [row.asDict() for row in first], {name: s for name, s in signals.items() if s}


def _quantiles(name: str) -> Column:
    # NaN is no number that JSON or a chart can hold
    number = F.when(~F.isnan(name), F.col(name))
    return F.percentile_approx(number, list(_QUANTILES), _ACCURACY)


def _perplexity(languages: list[dict[str, Any]]) -> Markup:
    if not languages:
        return tag("p", "No document has a perplexity: annotate had no models.")
    rows = [
        (
            row["language"] or "–",
            row["documents"],
            f"{row['quantiles'][2]:,.0f}",
            _number(row["head_until"]),
            _number(row["tail_from"]),
            row["head"],
            row["middle"],
            row["tail"],
        )
        for row in languages
    ]
    head = ("language", "documents", "median", "head to", "tail from", "head", "middle", "tail")
    caption = (
        "Perplexity by language: the largest in the bucket head, the smallest in the bucket tail, and "
        "documents by bucket"
    )
    spans = [(row["language"] or "–", row["quantiles"], "var(--main)") for row in languages]
    return joined([table(caption, head, rows), boxes("Perplexity by language", spans)])


def _boxes(signals: dict[str, dict[str, list[float]]]) -> Markup:
    colours = {"kept": "var(--main)", "dropped": "var(--c0)"}
    charts = [
        boxes(name, [(fate, signals[name][fate], colours[fate]) for fate in sorted(signals[name])])
        for name in signals
        if any(q[0] != q[-1] for q in signals[name].values())
    ]
    about = tag(
        "p",
        "The line spans 5 to 95 % of the documents, the box 25 to 75 %, the stroke is the median; "
        "documents that curate kept, and those that it or dedup dropped.",
    )
    extracted = f"; {_SHARE} is the share of a page's text that extraction took"
    return details(
        f"{len(charts)} signals of kept and dropped documents{extracted if _SHARE in signals else ''}",
        about,
        tag("div", *charts, class_="small"),
    )


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:,.0f}"
