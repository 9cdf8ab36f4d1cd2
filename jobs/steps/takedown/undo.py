"""`takedown --restore`: find what can be put back, publish it, and name the jobs that have to run again."""

from __future__ import annotations

from typing import Any

from jobs.runtime.context import Context
from jobs.steps.takedown import clusters, entries, kept_rows, restore, sweep
from jobs.steps.takedown.restore import Restored
from jobs.tables import lineage, runs
from jobs.tables.manifest import Manifest
from jobs.tables.runs import Record
from schemas.errors import UserError
from schemas.settings.curate import CurateConfig
from schemas.settings.dedup import DedupConfig
from schemas.settings.passages import PassagesConfig
from schemas.settings.takedown import TakedownConfig
from schemas.tables import TABLES
from udfs.text_diff.terminal import visible

_LISTED = 1000  # ids in the run's record
_PRINTED = 20


def check(config: TakedownConfig) -> None:
    """Check that the options belong together.

    Raises
    ------
    UserError
        An option does not apply to `--restore`.
    """
    for name in ("copies", "permanent", "exports"):
        if getattr(config, name):
            raise UserError(f"--{name} does not apply to --restore: remove it")


def run(context: Context, config: TakedownConfig) -> tuple[Record, list[tuple[str, Any]]]:
    """Undo a takedown; return the record, and the jobs that have to run again with their settings."""
    now = sweep.current(context)
    kept = kept_rows.all_of(context.root)
    withdrawn = restore.withdrawn(context, frozenset(entries.requested(config)), kept)
    versions = {name: version.version for name, version in now.items()}
    with runs.record(context, lineage.JOB, config, versions, spark=False) as record:
        record.details["withdrawn"] = [" ".join(entry) for entry in sorted(withdrawn)][:_LISTED]
        if not config.dry_run:
            restore.withdraw(context, withdrawn, record.run)
        new, restored = restore.put_back(
            context, now, kept, withdrawn, record.run, dry_run=config.dry_run
        )
        _report(context, record, now, restored, dry_run=config.dry_run)
        if config.dry_run or not any(restored.rows.values()):
            return record, []
        restore.publish(context, now, new, restored, record.run)
    return record, _jobs(context, now, restored)


def _report(
    context: Context,
    record: Record,
    now: dict[str, Manifest],
    restored: Restored,
    *,
    dry_run: bool,
) -> None:
    documents = now["documents"].rows if "documents" in now else 0
    record.rows_in = record.rows_out = documents + restored.rows.get("documents", 0)
    record.details |= {"restored": restored.rows, "restored_ids": restored.ids[:_LISTED]}
    for id_ in restored.ids[:_PRINTED]:
        context.print(f"takedown: {'would restore' if dry_run else 'restores'} {visible(id_)}")
    context.print(
        f"takedown: {restored.rows.get('documents', 0):,} documents "
        f"{'would be' if dry_run else 'are'} put back into documents/"
    )
    if not restored.ids and not dry_run:
        context.print(
            "takedown: what it removed is no longer kept: its entries are withdrawn, and later "
            "documents that match are let in"
        )


def _jobs(context: Context, now: dict[str, Manifest], restored: Restored) -> list[tuple[str, Any]]:
    """Return the jobs to run again; print those whose settings are not known, or that must wait."""
    again = [name for name in ("paragraphs", "annotated") if name in restored.stale]
    configs = {"duplicates": DedupConfig, "passages": PassagesConfig, "corpus": CurateConfig}
    derived = [name for name in configs if name in restored.stale]
    jobs: list[tuple[str, Any]] = []
    for name in derived:
        settings = clusters.recorded(context.root, now[name], configs[name])
        if settings is None or again:
            break
        jobs.append((TABLES[name].job, settings))
    if len(jobs) < len(derived) or again:
        names = " and ".join(f"{name}/" for name in (*again, *derived[len(jobs) :]))
        context.print(f"takedown: {names} lack the documents: run the jobs that make them again")
    if "mixture" in now:
        context.print("takedown: `redpajama mix` lets the documents into the mixture again")
    return jobs
