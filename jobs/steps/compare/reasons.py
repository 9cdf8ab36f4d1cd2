"""Why a root lacks documents that the other side has: the stage and the reason that dropped each."""

from __future__ import annotations

from dataclasses import replace

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.runtime.context import Context
from jobs.steps.compare.sides import Side
from jobs.steps.curate.exclusions import Exclusions
from jobs.steps.curate.passages import with_share
from jobs.steps.curate.rules import Plan, judged
from jobs.tables import runs, taken_down
from schemas.errors import UserError
from schemas.settings.curate import CurateConfig

NOT_READ = "not in documents/"
NOT_ANNOTATED = "dropped before annotated/"
NOT_SAMPLED = "not sampled by mix"
UNKNOWN = "unknown"


def count(missing: DataFrame, side: Side) -> dict[str, int]:
    """Return how many documents a root lacks for each reason, the most frequent first.

    The rules of the run that made corpus/ are applied again to annotated/; block lists are not.

    Parameters
    ----------
    missing
        `id` and `url` of documents that the table of the other side has and this one has not.
    side
        A root, with its current version.
    """
    context = side.context
    if context is None or not side.is_current:
        return {}
    rows = missing.groupBy("id").agg(F.first("url").alias("url"))
    entries = taken_down.files(context.root)
    taken = taken_down.named_by(rows, entries).isNotNull() if entries else F.lit(False)
    rows = rows.withColumn("taken", taken)
    for name, flag in (("documents", "read"), ("annotated", "annotated"), ("corpus", "kept")):
        rows = _marked(rows, context, name, flag)
    for reasons, column in _dropped(context):
        rows = rows.join(reasons.withColumnRenamed("reason", column), "id", "left")
    columns = [name for name in rows.columns if name.startswith("dropped_")]
    reason = (
        F.when(F.col("taken"), taken_down.REASON)
        .when(~F.col("read"), NOT_READ)
        .when(~F.col("annotated"), NOT_ANNOTATED)
        .when(F.col("kept"), NOT_SAMPLED)
        .otherwise(F.coalesce(*columns, F.lit(UNKNOWN)))
    )
    counted = rows.groupBy(reason.alias("reason")).count().collect()
    return {
        row["reason"]: row["count"]
        for row in sorted(counted, key=lambda row: (-row["count"], row["reason"]))
    }


def _marked(rows: DataFrame, context: Context, name: str, flag: str) -> DataFrame:
    """Add a column that says whether a table of the root has each document."""
    if context.table(name).manifest is None:
        return rows.withColumn(flag, F.lit(False))
    ids = context.table(name).read().select("id").distinct().withColumn(flag, F.lit(True))
    return rows.join(ids, "id", "left").withColumn(flag, F.coalesce(flag, F.lit(False)))


def _dropped(context: Context) -> list[tuple[DataFrame, str]]:
    """Return the reasons of curate's rules, then of other tables: ids with a reason, and a column's name."""
    reasons = []
    corpus, annotated = context.table("corpus").manifest, context.table("annotated").manifest
    record = runs.find(context.root, corpus.made_by) if corpus else None
    if record is not None and annotated is not None:
        config = record.settings(CurateConfig)
        plan = Plan.again(replace(config, blocklists=()), record.inputs)
        try:
            rows = with_share(context, context.table("annotated").read(), plan.rules)
            ruled = judged(rows, plan)
        except UserError:  # a function of a rule is not installed here, or passages/ does not exist
            plan = replace(plan, rules=())
            ruled = judged(context.table("annotated").read(), plan)
        reasons.append(
            (ruled.where("reason is not null").select("id", "reason"), "dropped_by_rule")
        )
    if context.table("duplicates").manifest is not None:
        contaminated = context.table("contamination").manifest
        drop = record is not None and record.settings(CurateConfig).contaminated == "drop"
        excluded = Exclusions(
            context.table("duplicates").read(),
            context.table("duplicates").read(),  # copies/, which its reasons do not need
            context.table("contamination").read() if contaminated else None,
            drop=drop,
        )
        others = excluded.reasons.withColumnRenamed("exclusion_reason", "reason")
        reasons.append((others, "dropped_by_table"))
    return reasons
