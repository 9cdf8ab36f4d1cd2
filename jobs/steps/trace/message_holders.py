"""The conversations that hold a message, for an id that names a message and no document."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import functions as F

from jobs.runtime.context import Context
from schemas.settings.ingest import INGEST

MOST = 5
"""Conversations that are named."""


def message_holders(context: Context, ids: Sequence[str]) -> list[str]:
    """Return the ids of some conversations that hold one of the messages, `oasst/MESSAGE`."""
    names = {id_.partition("/")[0] for id_ in ids}
    slices = sorted(name for name in names if name in INGEST and INGEST[name].family)
    if not slices:
        return []
    rows = context.table("documents").read().where(F.col("slice").isin(*slices))
    held = F.exists(
        "messages", lambda turn: F.concat_ws("/", "slice", turn["id"]).isin(*map(str, ids))
    )
    holders = rows.where(held).select("id").orderBy("id").limit(MOST).collect()
    return [row["id"] for row in holders]
