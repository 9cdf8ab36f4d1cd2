"""Samples: random documents of each slice and bucket of corpus/, to read."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from markupsafe import Markup
from pyspark.sql import Window
from pyspark.sql import functions as F

from jobs.runtime.context import Context
from jobs.steps.report.markup import code, details, joined, tag
from jobs.steps.report.section import Section
from jobs.tables import rows_by_id
from schemas.settings.report import ReportConfig

_NAME, _TITLE = "samples", "Random documents"
_SHOWN = 10  # of a slice and bucket
_CHARACTERS = 1200  # of a text


def section(context: Context, config: ReportConfig) -> Section:
    """Show up to ten documents of each slice and bucket, chosen by a hash of seed and id."""
    if context.table("corpus").manifest is None:
        body = tag("p", "No results yet: run ", tag("code", "redpajama curate"), ".")
        return Section(_NAME, _TITLE, body, {"documents": []})
    documents = _draw(context, config.seed)
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in documents:
        groups.setdefault((row["slice"], row["bucket"]), []).append(row)
    body = joined(
        details(f"{slice_}, bucket {bucket}: {len(rows)} documents", *map(_document, rows))
        for (slice_, bucket), rows in sorted(groups.items())
    )
    # the page may be taken down with what it shows; the numbers hold no texts
    ids = [{name: row[name] for name in ("slice", "bucket", "id")} for row in documents]
    return Section(_NAME, _TITLE, body, {"documents": ids})


def _draw(context: Context, seed: int) -> list[dict[str, Any]]:
    corpus = context.table("corpus")
    hash_ = F.xxhash64(F.lit(f"sample {seed}"), "id")
    order = Window.partitionBy("slice", "bucket").orderBy(hash_, "id")
    # only ids are sorted; Spark keeps the first ones of each task before it shuffles
    ranked = corpus.read().select("id", "slice", "bucket", F.row_number().over(order).alias("rank"))
    drawn = ranked.where(F.col("rank") <= _SHOWN).collect()
    names = ["title", "url", "date", "language", "license", "token_count"]
    ids = pa.table({"id": pa.array([row["id"] for row in drawn], pa.string())})
    # cut by Spark: a book of 50 MB does not reach the driver
    beginning = F.substring("text", 1, _CHARACTERS + 1).alias("text")
    beginnings = rows_by_id.joined(corpus, ids, ["text", *names]).select("id", beginning, *names)
    texts = {row["id"]: row.asDict() for row in beginnings.collect()}
    documents = [{**row.asDict(), **texts[row["id"]]} for row in drawn if row["id"] in texts]
    return sorted(documents, key=lambda row: (row["slice"], row["bucket"], row["rank"]))


def _document(row: dict[str, Any]) -> Markup:
    text = row["text"] or ""
    facts = [row["date"], row["language"], row["license"], f"{row['token_count'] or 0:,} tokens"]
    cut = "…" if len(text) > _CHARACTERS else ""
    return tag(
        "article",
        tag("h4", row["title"]) if row["title"] else None,
        tag("p", code(row["id"]), " ", joined(filter(None, facts), ", "), class_="soft"),
        # an address is shown and not linked: the page loads nothing, and a reader asks for nothing
        tag("p", code(row["url"]), class_="soft") if row["url"] else None,
        tag("p", text[:_CHARACTERS] + cut, class_="text", dir="auto"),
    )
