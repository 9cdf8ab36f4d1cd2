"""Composition: documents and tokens of corpus/ by group, and what was replaced in the texts.

All of it is one aggregation, so that a corpus of any size is read once, and without its texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup
from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from jobs.runtime.context import Context
from jobs.steps.report.charts import share
from jobs.steps.report.markup import joined, table, tag
from jobs.steps.report.section import Section
from jobs.tables.hosts import host_of
from schemas.pii import PII_KINDS
from schemas.settings.report import ReportConfig

_NAME, _TITLE = "composition", "Composition"
_SHOWN = 20  # values of a group

GROUPS = {
    "slice": "slice",
    "bucket": "bucket",
    "language": "language",
    "license": "licence that the source names",
    "domain": "host of the address",
    "year": "year",
}
"""What documents are grouped by, and what a reader sees."""


def section(context: Context, config: ReportConfig) -> Section:
    """Show the groups of the current corpus/."""
    if context.table("corpus").manifest is None:
        body = tag("p", "No results yet: run ", tag("code", "redpajama curate"), ".")
        return Section(_NAME, _TITLE, body, {"groups": {}, "replaced": {}})
    groups, replaced = _count(context.table("corpus").read())
    tables = [_table(name, rows) for name, rows in groups.items() if _has_values(rows)]
    body = joined([tag("div", *tables, class_="columns"), _replaced(replaced)])
    return Section(_NAME, _TITLE, body, {"groups": groups, "replaced": replaced})


def _count(corpus: DataFrame) -> tuple[dict[str, list[dict[str, Any]]], dict[str, dict[str, int]]]:
    """Return the groups, largest first, and for each kind of personal data its places and documents."""
    values = {
        "slice": F.col("slice"),
        "bucket": F.col("bucket"),
        "language": F.col("language"),
        "license": F.col("license"),
        "domain": F.regexp_replace(host_of(F.col("url")), "^www[.]", ""),
        "year": F.regexp_extract("date", r"^(\d{4})", 1),
    }
    members = [F.struct(F.lit(name).alias("name"), values[name].alias("value")) for name in GROUPS]
    # for each kind a member of its own, so that the same aggregation counts them
    redacted_kinds = [
        F.when(
            F.col(kind) > 0, F.struct(F.lit(f"pii {kind}").alias("name"), F.lit("").alias("value"))
        )
        for kind in PII_KINDS
    ]
    exploded = corpus.select(
        F.coalesce("token_count", F.lit(0)).alias("tokens"),
        *PII_KINDS,
        F.explode(F.array_compact(F.array(*members, *redacted_kinds))).alias("group"),
    )
    sums = exploded.groupBy("group.name", "group.value").agg(
        F.count("*").alias("documents"),
        F.sum("tokens").alias("tokens"),
        *(F.sum(kind).alias(kind) for kind in PII_KINDS),
    )
    # of domains there may be millions: all but the first are added up before they are collected
    order = Window.partitionBy("name").orderBy(F.desc("tokens"), F.desc("documents"), "value")
    ranked = sums.withColumn("rank", F.least(F.row_number().over(order), F.lit(_SHOWN + 1)))
    others = F.col("rank") > _SHOWN
    grouped = ranked.groupBy("name", "rank").agg(
        F.when(F.first(others), F.lit(None)).otherwise(F.first("value")).alias("value"),
        F.count("*").alias("values"),
        *(F.sum(name).alias(name) for name in ("documents", "tokens", *PII_KINDS)),
    )
    rows = sorted((row.asDict() for row in grouped.collect()), key=lambda r: (r["name"], r["rank"]))
    groups = {
        name: [
            {
                "value": row["value"] or None,
                "others": row["values"] if row["rank"] > _SHOWN else 0,
                "documents": row["documents"],
                "tokens": row["tokens"],
            }
            for row in rows
            if row["name"] == name
        ]
        for name in GROUPS
    }
    replaced = {
        kind: {"places": row[kind], "documents": row["documents"]}
        for kind in PII_KINDS
        for row in rows
        if row["name"] == f"pii {kind}"
    }
    return groups, replaced


def _has_values(rows: Sequence[dict[str, Any]]) -> bool:
    return any(row["value"] for row in rows)


def _table(name: str, rows: Sequence[dict[str, Any]]) -> Markup:
    whole = sum(row["tokens"] for row in rows)
    cells = [
        (
            f"{row['others']:,} others" if row["others"] else row["value"] or "–",
            row["documents"],
            row["tokens"],
            share(row["tokens"], whole),
        )
        for row in rows
    ]
    head = (name if name != "license" else "licence", "documents", "tokens", "share")
    return table(f"Tokens by {GROUPS[name]}", head, cells, text=(0, 3))


def _replaced(replaced: dict[str, dict[str, int]]) -> Markup:
    if not replaced:
        return tag("p", "No personal data was replaced in the texts.")
    rows = [
        (kind.replace("_", " "), counts["places"], counts["documents"])
        for kind, counts in replaced.items()
    ]
    return table("What was replaced in the texts", ("kind", "places", "documents"), rows)
