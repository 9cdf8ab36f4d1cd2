"""Why curate left a document out, by the plan of its run."""

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
from jobs.steps.curate.rules import Plan, judged, reason_of
from jobs.steps.trace.rows import Row, Rows
from jobs.tables import rows_by_id
from jobs.tables.runs import Record
from schemas.errors import UserError
from schemas.settings.curate import CurateConfig
from schemas.tables import TABLES

UNKNOWN = "unknown"


def reasons(found: Rows, ids: Sequence[str], run: Record | None) -> dict[str, dict[str, str]]:
    """Why each of some documents of annotated/ is not in corpus/.

    Returns
    -------
    dict
        By id `reason`, as the run counts it, and `said`.
    """
    if run is None or not ids:
        return {id_: {"reason": UNKNOWN, "said": "by a run that is not known"} for id_ in ids}
    config = run.settings(CurateConfig)
    note = ""
    try:
        plan = Plan.again(config, run.inputs)
    except UserError as error:
        plan = Plan.again(replace(config, blocklists=()), run.inputs)
        note = f"; {error}"
    by_plan = _by_plan(found, ids, plan)
    by_list = _by_list(found, [id_ for id_ in ids if id_ not in by_plan], plan)
    made = {}
    for id_ in ids:
        reason = by_plan.get(id_) or by_list.get(id_) or _by_tables(found, id_, config)
        said = (
            _said(found, id_, reason, plan) if reason else f"no rule that is known says why{note}"
        )
        made[id_] = {"reason": reason or UNKNOWN, "said": said}
    return made


def _by_plan(found: Rows, ids: Sequence[str], plan: Plan) -> dict[str, str]:
    """The reasons of bucket and filters; Spark is asked only where there are filters."""
    if plan.rules:
        chosen = judged(_annotated(found, ids), plan).where("reason is not null")
        return {row["id"]: row["reason"] for row in chosen.select("id", "reason").collect()}
    buckets = {id_: (found.one("annotated", id_) or {}).get("bucket") for id_ in ids}
    return {id_: f"bucket:{each}" for id_, each in buckets.items() if each not in plan.buckets}


def _annotated(found: Rows, ids: Sequence[str]) -> DataFrame:
    columns = [name for name in TABLES["annotated"].schema.names if name != "id"]
    wanted = pa.table({"id": pa.array(list(ids), pa.string())})
    return rows_by_id.joined(found.context.table("annotated"), wanted, columns)


def _by_list(found: Rows, ids: Sequence[str], plan: Plan) -> dict[str, str]:
    """The first block list that each document is on, as the lists are now."""
    if not ids or not plan.given:
        return {}
    rows = [found.one("annotated", id_) or {} for id_ in ids]
    columns = [[row.get(name) for row in rows] for name in ("url", "source_domain")]
    reasons_: dict[str, str] = {}
    quiet = Context(found.context.root, out=io.StringIO())
    with tempfile.TemporaryDirectory() as folder:
        for each in blocklists.store(quiet, plan.given, folder):
            told = blocklists.load(each.uri).blocks(*columns)
            for id_, on in zip(ids, told, strict=True):
                if on:
                    reasons_.setdefault(id_, f"blocklist:{each.name}")
    return reasons_


def _by_tables(found: Rows, id_: str, config: CurateConfig) -> str | None:
    """A duplicate, or else contaminated where such documents were left out."""
    gone = duplicate(found, id_)
    if gone:
        return f"duplicate:{gone['kind']}"
    evidence = found.of("contamination", id_)
    if evidence and config.contaminated == "drop":
        return f"contaminated:{min(row['evaluation'] for row in evidence)}"
    return None


def duplicate(found: Rows, id_: str) -> Row | None:
    """The row of a document of this root that another one stands for."""
    return next((row for row in found.of("duplicates", id_) if row["root"] is None), None)


def _said(found: Rows, id_: str, reason: str, plan: Plan) -> str:
    """The reason with its numbers."""
    kind, _, _ = reason.partition(":")
    if kind == "bucket":
        return f"{reason}: kept were --buckets {' '.join(plan.buckets)}"
    if kind == "duplicate":
        gone = duplicate(found, id_) or {}
        return f"{reason}: {gone.get('survivor_id')} stands for it"
    rule = next((rule for rule in plan.rules if reason_of(rule) == reason), None)
    if rule is None:
        return reason
    row = found.one("annotated", id_) or {}
    used = [name for name in row if re.search(rf"\b{name}\b", rule.sql) and name != "id"]
    numbers = ", ".join(f"{name} is {row[name]}" for name in used)
    return f"{reason}: {'keep' if rule.keep else 'drop'} {rule.sql}{numbers and f' ({numbers})'}"
