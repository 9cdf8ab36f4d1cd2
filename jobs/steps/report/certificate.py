"""The certificate of a dedup run: what it found and what it joined wrongly, measured."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs import storage
from jobs.runtime.context import Context
from jobs.steps.dedup import all_copies
from jobs.steps.report import dedup
from jobs.storage.public_names import public_name, published
from schemas.settings.report import ReportConfig
from udfs.proportions import wilson

STEPS = 20
"""Number of intervals, from 0 to 1, in which removals are counted."""


def write(context: Context, uri: str) -> None:
    """Write the certificate of the current duplicates/ as JSON.

    It has the numbers of the report's section on duplicates: recall of planted near-duplicates by share of
    changed words, language, script and other edits, with 95 % intervals; templated documents; true
    similarity of a sample of removals; sizes of clusters and the largest ones. Beside them are all removals
    by similarity to the survivor and by the share that it contains, and how many near-duplicates each higher
    threshold would have removed.

    Raises
    ------
    UserError
        There is no duplicates/.
    """
    context.table("duplicates").required()
    numbers = dedup.measured(context, ReportConfig(root=context.root))
    rows = context.table("duplicates").read().where(F.col("root").isNull())
    removals = rows.where(~all_copies.is_survivor())
    similarities = histogram(removals.where(F.col("kind") == "near"), "similarity")
    content: dict[str, Any] = {
        "root": public_name(context.root),
        "made": f"{datetime.now(timezone.utc):%Y-%m-%dT%H:%M:%SZ}",
        **published(numbers),
        "similarities": similarities,
        "contained": histogram(removals, "contained"),
        "thresholds": thresholds(similarities),
    }
    recall = content["recall"] or {}
    measured = ("rates", "languages", "scripts", "edits")
    for row in [row for name in measured for row in recall.get(name, ())]:
        low, high = wilson(row["found"], row["pairs"])
        row["interval"] = [round(low, 6), round(high, 6)]
    data = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    storage.write_bytes(uri, data.encode("utf-8", "backslashreplace"))


def histogram(rows: DataFrame, column: str) -> list[dict[str, Any]]:
    """Count rows by intervals of a share; those without one have neither `from` nor `to`."""
    step = F.least(F.floor(F.col(column) * STEPS), F.lit(STEPS - 1)).cast("int")
    step = F.when(F.col(column).isNotNull(), step)  # the least leaves out what is null
    counts = rows.groupBy(step.alias("step")).agg(F.count("*").alias("n")).collect()
    return [
        {"documents": row["n"]}
        if row["step"] is None
        else {
            "from": row["step"] / STEPS,
            "to": (row["step"] + 1) / STEPS,
            "documents": row["n"],
        }
        for row in sorted(counts, key=lambda row: -1 if row["step"] is None else row["step"])
    ]


def thresholds(similarities: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the number of near-duplicates that are at least as similar as the start of each interval.

    >>> thresholds([{"from": 0.8, "documents": 3}, {"from": 0.9, "documents": 2}])
    [{'threshold': 0.8, 'documents': 5}, {'threshold': 0.9, 'documents': 2}]
    """
    known = [row for row in similarities if "from" in row]
    return [
        {
            "threshold": row["from"],
            "documents": sum(other["documents"] for other in known[place:]),
        }
        for place, row in enumerate(known)
    ]
