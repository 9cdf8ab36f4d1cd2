"""What takedowns did to documents/ while an ingest was under way: its work is not lost, nor let through."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jobs import storage
from jobs.runtime.context import Context
from jobs.tables import lineage, taken_down
from jobs.tables.manifest import Folder, Manifest


def without(context: Context, folder: Folder) -> tuple[Folder, dict[str, int]]:
    """The folder without what was taken down while it was written, and how much that is."""
    rows = context.table("documents").read_folders([folder])
    reasons = taken_down.counts(rows, context.root)
    if not reasons:
        return folder, {}
    kept = taken_down.exclude(rows, context.root)
    left = context.table("documents").rewrite(kept, folder, below="consulted")
    storage.remove_tree(context.table("documents").uri(folder.path))
    return left, reasons


def publish(
    context: Context,
    before: Manifest | None,
    folder: Folder,
    *,
    kept: Callable[[Manifest | None], list[Folder]],
    inputs: Sequence[Mapping[str, Any]],
) -> Manifest:
    """Publish documents/ with one more folder.

    Parameters
    ----------
    before
        The version that the ingest began with.
    kept
        The folders of a version that stay.

    Raises
    ------
    storage.Conflict
        Another job than a takedown has published documents/ since.
    """
    documents = context.table("documents")
    while True:
        try:
            return documents.publish(
                [*kept(before), folder], run=folder.run, replacing=before, inputs=inputs
            )
        except storage.Conflict:
            now = documents.manifest
            if not (before and now and lineage.same(context.root, before, now)):
                raise
            before = now
