"""Apply takedowns that were published during an ingest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jobs import storage
from jobs.runtime.context import Context
from jobs.tables import lineage, taken_down
from jobs.tables.manifest import Folder, Manifest


def without(context: Context, folder: Folder) -> tuple[Folder, dict[str, int]]:
    """Return the folder without documents that were taken down while it was written, and their count."""
    rows = context.table("documents").read_folders([folder])
    reasons = taken_down.counts(rows, context.root)
    if not reasons:
        return folder, {}
    kept = taken_down.exclude(rows, context.root)
    remaining = context.table("documents").rewrite(kept, folder, below="remaining")
    storage.remove_tree(context.table("documents").uri(folder.path))
    return remaining, reasons


def publish(
    context: Context,
    before: Manifest | None,
    folder: Folder,
    *,
    kept: Callable[[Manifest | None], list[Folder]],
    inputs: Sequence[Mapping[str, Any]],
) -> Manifest:
    """Publish documents/ with one more folder, on top of takedowns since `before`.

    Parameters
    ----------
    before
        The version at the start of the ingest.
    kept
        Returns the folders of a version that stay.

    Raises
    ------
    storage.Conflict
        A job other than a takedown has published documents/ since.
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
