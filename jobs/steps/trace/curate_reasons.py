"""Why curate dropped a document: apply the rules of its run again."""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa
from pyspark.sql import DataFrame

from jobs.runtime.context import Context
from jobs.steps.curate import blocklists
from jobs.steps.curate.passages import with_share
from jobs.steps.curate.rules import Plan, judged, reason_of, reason_of_list
from jobs.steps.trace.rows import Row, Rows
from jobs.tables import rows_by_id
from jobs.tables.runs import Record
from schemas.errors import UserError
from schemas.settings.curate import CurateConfig
from schemas.tables import TABLES

UNKNOWN = "unknown"


def curate_reasons(rows: Rows, ids: Sequence[str], run: Record | None) -> dict[str, dict[str, str]]:
    """Return why each of some documents of annotated/ is not in corpus/, by id.

    Returns
    -------
    dict
        `reason`, as the run counts it, and `summary`.
    """
    if run is None or not ids:
        return {id_: {"reason": UNKNOWN, "summary": "by an unknown run"} for id_ in ids}
    config = run.settings(CurateConfig)
    note = ""
    try:
        plan = Plan.again(config, run.inputs)
    except UserError as error:  # a block list that no longer exists
        plan = Plan.again(replace(config, blocklists=()), run.inputs)
        note = f"; {error}"
    by_rule = _by_rule(rows, ids, plan)
    by_blocklist = {}
    try:
        by_blocklist = _by_blocklist(rows, [id_ for id_ in ids if id_ not in by_rule], plan)
    except UserError as error:  # a block list of a format that is no longer read
        note = f"; {error}"
    reasons = {}
    for id_ in ids:
        reason = by_rule.get(id_) or by_blocklist.get(id_) or _by_other_table(rows, id_, config)
        summary = _summary(rows, id_, reason, plan) if reason else f"no known rule drops it{note}"
        reasons[id_] = {"reason": reason or UNKNOWN, "summary": summary}
    return reasons


def _by_rule(rows: Rows, ids: Sequence[str], plan: Plan) -> dict[str, str]:
    """Return the reasons of bucket and filters; Spark runs only where there are filters."""
    if plan.rules:
        annotated = with_share(rows.context, _annotated(rows, ids), plan.rules)
        dropped = judged(annotated, plan).where("reason is not null")
        return {row["id"]: row["reason"] for row in dropped.select("id", "reason").collect()}
    buckets = {id_: (rows.first("annotated", id_) or {}).get("bucket") for id_ in ids}
    return {
        id_: f"bucket:{bucket}" for id_, bucket in buckets.items() if bucket not in plan.buckets
    }


def _annotated(rows: Rows, ids: Sequence[str]) -> DataFrame:
    columns = [name for name in TABLES["annotated"].schema.names if name != "id"]
    wanted = pa.table({"id": pa.array(list(ids), pa.string())})
    return rows_by_id.joined(rows.context.table("annotated"), wanted, columns)


def _by_blocklist(rows: Rows, ids: Sequence[str], plan: Plan) -> dict[str, str]:
    """Return the first block list that each document is on, as the lists are now."""
    if not ids or not plan.given:
        return {}
    annotated = [rows.first("annotated", id_) or {} for id_ in ids]
    addresses = [[row.get(name) for row in annotated] for name in ("url", "source_domain")]
    reasons: dict[str, str] = {}
    quiet = Context(rows.context.root, out=io.StringIO())
    with tempfile.TemporaryDirectory() as folder:
        for blocklist in blocklists.store(quiet, plan.given, folder):
            blocked = blocklists.load(blocklist.uri).blocks(*addresses)
            for id_, is_blocked in zip(ids, blocked, strict=True):
                if is_blocked:
                    reasons.setdefault(id_, reason_of_list(blocklist.name))
    return reasons


def _by_other_table(rows: Rows, id_: str, config: CurateConfig) -> str | None:
    """Return `duplicate`, or else `contaminated` if the run dropped such documents."""
    duplicate = duplicate_row(rows, id_)
    if duplicate:
        return f"duplicate:{duplicate['kind']}"
    evidence = rows.of("contamination", id_)
    if evidence and config.contaminated == "drop":
        return f"contaminated:{min(row['evaluation'] for row in evidence)}"
    return None


def duplicate_row(rows: Rows, id_: str) -> Row | None:
    """Return the row of duplicates/ for a document of this root, not of an older one."""
    return next((row for row in rows.of("duplicates", id_) if row["root"] is None), None)


def _summary(rows: Rows, id_: str, reason: str, plan: Plan) -> str:
    """Return the reason with the numbers that decided."""
    kind, _, _ = reason.partition(":")
    if kind == "bucket":
        return f"{reason}: not one of --buckets {' '.join(plan.buckets)}"
    if kind == "duplicate":
        duplicate = duplicate_row(rows, id_) or {}
        return f"{reason}: {duplicate.get('survivor_id')} is kept in its place"
    rule = next((rule for rule in plan.rules if reason_of(rule) == reason), None)
    if rule is None:
        return reason
    row = rows.first("annotated", id_) or {}
    signals = [name for name in row if name != "id" and re.search(rf"\b{name}\b", rule.sql)]
    values = ", ".join(f"{name} is {row[name]}" for name in signals)
    return f"{reason}: {'keep' if rule.keep else 'drop'} {rule.sql}{values and f' ({values})'}"
