"""Inputs that somebody replaced while they were read: nothing of them is taken, and all is read again."""

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
    """The addresses of objects that are not any more what they were when they were listed."""
    with ThreadPoolExecutor(LOOKUPS) as pool:
        now = pool.map(lambda each: storage.stat(each.uri), objects)
        return [
            each.uri
            for each, found in zip(objects, now, strict=True)
            if found is None or found.version != each.version
        ]


def without(
    context: Context, folder: Folder, rejections: DataFrame, uris: Sequence[str], slice_: str
) -> tuple[Folder, DataFrame]:
    """The folder and the notes without what was read of these inputs, and a note for each of them.

    What was read of one may be the beginning of the old object and the end of the new one.
    """
    rows = context.table("documents").read_folders([folder])
    kept = rows.where(~F.col("source.uri").isin(*uris))
    left = context.table("documents").rewrite(kept, folder, below="unchanged")
    message = "the object was replaced while it was being read"
    notes = context.spark.createDataFrame(
        [(QUARANTINED, "read", OBJECT_CHANGED, message, uri, None, 1, slice_) for uri in uris],
        rejections.schema,
    )
    return left, rejections.where(~F.col("uri").isin(*uris)).unionByName(notes)
