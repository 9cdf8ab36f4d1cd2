"""What takedowns did to documents/ while an ingest was under way: its work is not lost, nor let through."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jobs import storage, tables
from jobs.runtime.context import Context
from jobs.tables import lineage, manifest, taken_down
from jobs.tables.manifest import Folder, Manifest


def without(context: Context, folder: Folder) -> tuple[Folder, dict[str, int]]:
    """The folder without what was taken down while it was written, and how much that is."""
    rows = tables.read_folders(context.spark, context.root, "documents", [folder])
    reasons = taken_down.reasons(rows, context.root)
    if not reasons:
        return folder, {}
    kept = taken_down.without(rows, context.root)
    left = tables.write_again(kept, context.root, "documents", folder, below="consulted")
    storage.remove_tree(tables.folder_uri(context.root, "documents", folder))
    return left, reasons


def publish(
    root: str,
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
    while True:
        try:
            return tables.publish(
                root,
                "documents",
                run=folder.run,
                folders=[*kept(before), folder],
                replacing=before,
                inputs=inputs,
            )
        except storage.Conflict:
            now = manifest.current(root, "documents")
            if not (before and now and lineage.same(root, before, now)):
                raise
            before = now
