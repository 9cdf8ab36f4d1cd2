"""Rows of quarantine/: those of a run are added, and those about inputs that were read since removed."""

from __future__ import annotations

from collections.abc import Collection

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.runtime.context import Context
from jobs.steps.ingest import unread_inputs
from jobs.tables import runs
from jobs.tables.manifest import Folder
from jobs.tables.runs import Record
from schemas.settings.ingest import IngestConfig


def publish(
    context: Context,
    config: IngestConfig,
    record: Record,
    labels: dict[str, str],
    bad: DataFrame,
    read: Collection[str],
) -> None:
    """Add unusable records to quarantine/, and remove the storage errors of inputs that are read now.

    Parameters
    ----------
    read
        Addresses of the inputs that were read to their end.
    """
    quarantine = context.table("quarantine")
    folder = quarantine.write_few(bad, run=record.run, labels=labels)
    replaced, replacements, closed = _closed(context, config.slice, read, record.run)
    if closed:
        context.print(
            f"ingest {config.slice}: read now: {closed} inputs with storage errors before"
        )
    replaced_paths = {old.path for old in replaced}

    def is_of_snapshot(old: Folder) -> bool:
        return config.replace and old.job == "ingest" and old.labels == labels

    quarantine.add(
        folder,
        *(old for old in replacements if not is_of_snapshot(old)),
        without=lambda old: old.path in replaced_paths or is_of_snapshot(old),
    )


def _closed(
    context: Context, slice_: str, read: Collection[str], run: str
) -> tuple[list[Folder], list[Folder], int]:
    """Find the storage errors in quarantine/ of inputs that have been read since.

    Returns
    -------
    tuple
        Folders of quarantine/ that have such errors, the same folders without them, and the number of
        inputs.
    """
    quarantine = context.table("quarantine")
    manifest = quarantine.manifest
    replaced, replacements, closed_inputs = [], [], set()
    for folder in manifest.folders if manifest else ():
        if folder.labels.get("slice") != slice_ or not _may_have_errors(context.root, folder):
            continue
        rows = quarantine.read_folders([folder])
        failed = rows.where(F.col("error").isin(*unread_inputs.REASONS)).select("uri").distinct()
        since = sorted({row["uri"] for row in failed.collect()} & set(read))
        if since:
            is_closed = F.col("error").isin(*unread_inputs.REASONS) & F.col("uri").isin(*since)
            kept = rows.where(~is_closed).coalesce(1)
            replaced.append(folder)
            replacements.append(quarantine.rewrite(kept, folder, below=f"open-after-{run}"))
            closed_inputs.update(since)
    return replaced, [folder for folder in replacements if folder.rows], len(closed_inputs)


def _may_have_errors(root: str, folder: Folder) -> bool:
    """Return whether the record of a folder's run counts such errors, or is missing."""
    record = runs.find(root, folder.run)
    return record is None or any(
        unread_inputs.PREFIX + reason in record.reasons for reason in unread_inputs.REASONS
    )
