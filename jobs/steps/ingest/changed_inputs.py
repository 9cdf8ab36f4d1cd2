"""Discard inputs that changed while they were read; the next run retries them."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs import storage
from jobs.runtime.context import Context
from jobs.storage import LOOKUPS, ObjectInfo
from jobs.tables.manifest import Folder
from schemas.tables.outcomes import QUARANTINED

OBJECT_CHANGED = "object-changed"


def since_listed(objects: Sequence[ObjectInfo]) -> list[str]:
    """Return the addresses of objects that have changed or vanished since they were listed."""
    with ThreadPoolExecutor(LOOKUPS) as pool:
        now = pool.map(lambda listed: storage.stat(listed.uri), objects)
        return [
            listed.uri
            for listed, current in zip(objects, now, strict=True)
            if current is None or current.version != listed.version
        ]


def without(
    context: Context, folder: Folder, rejections: DataFrame, uris: Sequence[str], slice_: str
) -> tuple[Folder, DataFrame]:
    """Return folder and notes without these inputs, and with a note for each of them.

    The rows of one may come from the beginning of the old object and the end of the new one.
    """
    rows = context.table("documents").read_folders([folder])
    kept = rows.where(~F.col("source.uri").isin(*uris))
    unchanged = context.table("documents").rewrite(kept, folder, below="unchanged")
    message = "the object was replaced while it was being read"
    notes = context.spark.createDataFrame(
        [(QUARANTINED, "read", OBJECT_CHANGED, message, uri, None, 1, slice_) for uri in uris],
        rejections.schema,
    )
    return unchanged, rejections.where(~F.col("uri").isin(*uris)).unionByName(notes)
