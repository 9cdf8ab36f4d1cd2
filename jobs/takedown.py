"""Remove documents from every table, from older versions, and from all later input; or restore them.

1. Find the documents by ids and addresses, and the files that hold them by ids; name them.
2. Record the entries in takedowns/, by which every later job filters (`jobs.tables.taken_down`).
3. Rewrite only those files. Deduplicate the clusters of the documents again without them, so that the
   next best document becomes the survivor.
4. Publish the new versions, the last made tables first, then remove the old files and all older folders
   that hold one of the documents.

An interrupted takedown is finished by running it again.
"""

from __future__ import annotations

import sys
from typing import Any

from jobs import cli, storage
from jobs.runtime.context import Context
from jobs.steps.takedown import (
    certificate,
    entries,
    exports,
    files,
    kept_rows,
    new_versions,
    purge,
    sweep,
    targets,
    undo,
)
from jobs.steps.takedown.clusters import Clusters
from jobs.tables import file_scan, lineage, runs
from jobs.tables.manifest import Manifest
from jobs.tables.runs import Record
from schemas.errors import UserError
from schemas.settings.takedown import TakedownConfig

_ATTEMPTS = 3
_LISTED = 1000  # ids and folders in the run's record


def run(context: Context, config: TakedownConfig) -> Record:
    """Remove documents from the root, or restore them."""
    certificate.check(config)
    if config.restore:
        undo.check(config)
    else:
        entries.check(config)
    for attempt in range(_ATTEMPTS):
        try:
            return _restore(context, config) if config.restore else _run(context, config)
        except storage.Conflict as conflict:
            if attempt == _ATTEMPTS - 1:
                raise
            context.print(f"takedown: starting again, since {conflict}")
    raise AssertionError("unreachable")


def _restore(context: Context, config: TakedownConfig) -> Record:
    record, jobs = undo.run(context, config)
    for job, settings in jobs:
        cli.run(job, settings, context)
    return record


def _run(context: Context, config: TakedownConfig) -> Record:
    now = sweep.current(context)
    if config.copies and not sweep.has_clusters(context.root, now):
        raise UserError(
            "--copies: duplicates/ belongs to another annotated/: run `redpajama dedup` first, or do "
            "not give the option"
        )
    if not now:
        context.print(
            f"takedown: {context.root} has no tables yet: what is named will be left out of later ones"
        )
    rewritten = exports.at(context, config.exports)
    versions = {name: version.version for name, version in now.items()}
    stored = file_scan.listed(context.root, now, files.TABLES)
    spark = not file_scan.are_few(stored)
    with runs.record(context, lineage.JOB, config, versions, spark=spark) as record:
        scratch = storage.join(context.root, "takedowns", record.run, "scratch")
        try:
            jobs = _take(context, config, record, now, scratch)
        finally:
            storage.remove_tree(scratch)
        exports.report(context, record, now, record.details["removed"], rewritten=rewritten)
    for job, settings in jobs:
        cli.run(job, settings, context)
    if not config.dry_run:
        for job, settings in exports.jobs(rewritten, sweep.current(context)):
            cli.run(job, settings, context)
    return record


def _take(
    context: Context,
    config: TakedownConfig,
    record: Record,
    now: dict[str, Manifest],
    scratch: str,
) -> list[tuple[str, Any]]:
    """Remove the documents; return the jobs that have to run again, with their settings."""
    target = targets.find(context, config, record, now, scratch)
    target.report(context, config, record)
    if config.dry_run:
        return []
    if not config.permanent:
        unrecorded = entries.unrecorded(context, target.entries)
        kept_rows.describe(context.root, record.run, now, unrecorded)
    record.details["recorded"] = entries.record(context, target.entries, config, record.run)
    _check_current(context, now)
    evidence = certificate.gather(context, now, target) if config.certificate else None
    result = target.result
    clusters = Clusters.of(context, now, result)
    versions = new_versions.without(
        context,
        now,
        result,
        record.run,
        clusters.whole,
        removed=None if config.permanent else kept_rows.addresses(context.root, record.run),
    )
    record.details["promoted"] = 0
    if clusters.again:
        promoted = clusters.add(context, now, versions, result, record.run, scratch)
        record.details["promoted"] = len(promoted)
        record.details["promoted_ids"] = promoted[:_LISTED]
    after = new_versions.publish(context.root, now, versions, record.run, clusters.stale)
    purged = purge.purge(context, after, result.hits)
    if config.permanent:
        record.details["forgotten"] = kept_rows.forget(context.root, target.entries)
    record.details["purged"] = [uri[len(context.root) + 1 :] for uri in purged][:_LISTED]
    for stratum in record.details["strata"]:
        stratum["files rewritten"] = versions.rewritten[stratum["stratum"]]
    _report(context, record, now, after, len(purged))
    if evidence is not None:
        certificate.write(context, config, record, target, evidence, now, after, scratch)
    if "duplicates" in after and not sweep.has_clusters(context.root, after):
        next_ = "run now" if clusters.jobs else "have to run"
        context.print(f"takedown: duplicates/ is out of date: dedup and curate {next_}")
    if "passages" in clusters.stale:
        context.print("takedown: a removed document kept passages/ of others: passages runs again")
    return clusters.jobs


def _report(
    context: Context,
    record: Record,
    now: dict[str, Manifest],
    after: dict[str, Manifest],
    purged: int,
) -> None:
    rewritten = sum(stratum["files rewritten"] for stratum in record.details["strata"])
    promoted = record.details["promoted"]
    context.print(
        f"takedown: {rewritten:,} files rewritten, {purged:,} old files and folders removed, "
        f"{promoted:,} documents promoted"
    )
    if "mixture" in now and after.get("corpus") is not now.get("corpus"):
        context.print("takedown: `redpajama mix` fills the mixture to its budget again")


def _check_current(context: Context, now: dict[str, Manifest]) -> None:
    """Check that no table has changed: later versions are filtered by takedowns/, earlier ones in `now`."""
    latest = sweep.current(context)
    if {name: version.version for name, version in latest.items()} != {
        name: version.version for name, version in now.items()
    }:
        raise storage.Conflict("another job has published a table in the meantime")


if __name__ == "__main__":
    from jobs.cli import main

    sys.exit(main(["takedown", *sys.argv[1:]]))
