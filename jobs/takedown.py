"""Remove documents permanently: from every table, from older versions, and from all later input.

1. Record the entries in takedowns/, by which every later job filters (`jobs.tables.taken_down`).
2. Find the documents by ids and addresses, and the files that hold them by ids.
3. Rewrite only those files. Deduplicate the clusters of the documents again without them, so that the
   next best document becomes the survivor.
4. Publish the new versions, the last made tables first, then remove the old files and all older folders
   that hold one of the documents.

An interrupted takedown is finished by running it again.
"""

from __future__ import annotations

import sys
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs import cli, storage
from jobs.runtime.context import Context
from jobs.steps.takedown import entries, files, new_versions, purge, sweep
from jobs.steps.takedown.clusters import Clusters
from jobs.steps.takedown.sweep import Found, Sweep
from jobs.tables import lineage, runs, taken_down
from jobs.tables.manifest import Manifest
from jobs.tables.runs import Record
from schemas.errors import UserError
from schemas.settings.takedown import TakedownConfig

_ATTEMPTS = 3
_LISTED = 1000  # ids and folders in the run's record
_PRINTED = 20  # entries that are printed one by one


def run(context: Context, config: TakedownConfig) -> Record:
    """Remove documents from the root."""
    entries.check(config)
    for attempt in range(_ATTEMPTS):
        try:
            return _run(context, config)
        except storage.Conflict as conflict:
            if attempt == _ATTEMPTS - 1:
                raise
            context.print(f"takedown: starting again, since {conflict}")
    raise AssertionError("unreachable")


def _run(context: Context, config: TakedownConfig) -> Record:
    now = sweep.current(context)
    if config.copies and not sweep.has_clusters(context.root, now):
        raise UserError(
            "--copies: duplicates/ belongs to another annotated/: run `redpajama dedup` first, or do "
            "not give the option"
        )
    versions = {name: version.version for name, version in now.items()}
    with runs.record(context, lineage.JOB, config, versions) as record:
        scratch = storage.join(context.root, "takedowns", record.run, "scratch")
        try:
            jobs = _take(context, config, record, now, scratch)
        finally:
            storage.remove_tree(scratch)
    for job, settings in jobs:
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
    named = entries.stored(context, config, storage.join(scratch, "named"))
    recorded = _record_entries(context, config, record, named, scratch, "named")
    _check_current(context, now)
    search = Sweep(context, now, scratch, record.run)
    matched = search.matched(recorded)
    _report_unmatched(context, record, matched, named)
    if config.copies:
        copies = search.copies(matched, named)
        recorded = _record_entries(
            context, config, record, named.unionByName(copies), scratch, "copies"
        )
    found = search.search(matched, recorded)
    _count(context, record, now, found, dry_run=config.dry_run)
    if config.dry_run:
        return []
    clusters = Clusters.of(context, now, found)
    versions = new_versions.without(context, now, found, record.run, clusters.whole)
    record.details["promoted"] = 0
    if clusters.again:
        promoted = clusters.add(context, now, versions, found, record.run, scratch)
        record.details["promoted"] = promoted.count()
        rows = promoted.orderBy("id").limit(_LISTED).collect()
        record.details["promoted_ids"] = [row["id"] for row in rows]
    after = new_versions.publish(context.root, now, versions, record.run, clusters.stale)
    purged = purge.purge(context, after, found.hits)
    record.details["purged"] = [uri[len(context.root) + 1 :] for uri in purged][:_LISTED]
    for stratum in record.details["strata"]:
        stratum["files rewritten"] = versions.rewritten[stratum["stratum"]]
    _report(context, record, now, after, len(purged))
    if "duplicates" in after and not sweep.has_clusters(context.root, after):
        next_ = "run now" if clusters.jobs else "have to run"
        context.print(f"takedown: duplicates/ is out of date: dedup and curate {next_}")
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


def _record_entries(
    context: Context,
    config: TakedownConfig,
    record: Record,
    named: DataFrame,
    scratch: str,
    below: str,
) -> tuple[str, ...]:
    """Record the entries, unless it is a dry run; return the files of all entries."""
    if config.dry_run:
        path = storage.join(scratch, f"{below}-dry")
        named.write.parquet(path)
        return taken_down.files(context.root) + entries.parquet_files(path)
    new = entries.record(context, named, config, record.run, below)
    record.details["recorded"] = record.details.get("recorded", 0) + new
    return taken_down.files(context.root)


def _check_current(context: Context, now: dict[str, Manifest]) -> None:
    """Check that no table has changed: later versions are filtered by takedowns/, earlier ones in `now`."""
    latest = sweep.current(context)
    if {name: version.version for name, version in latest.items()} != {
        name: version.version for name, version in now.items()
    }:
        raise storage.Conflict("another job has published a table in the meantime")


def _report_unmatched(
    context: Context, record: Record, matched: DataFrame, named: DataFrame
) -> None:
    unmatched = sweep.unmatched(matched, named)
    shown = unmatched.orderBy("kind", "value").limit(_PRINTED).collect()
    record.details["unmatched"] = unmatched.count() if len(shown) == _PRINTED else len(shown)
    if shown:
        for row in shown:
            context.print(f"takedown: no document matches {row['kind']} {row['value']}")
        context.print(
            f"takedown: {record.details['unmatched']:,} entries match no document; they are recorded, and "
            "later documents that match are excluded"
        )


def _count(
    context: Context,
    record: Record,
    now: dict[str, Manifest],
    found: Found,
    *,
    dry_run: bool,
) -> None:
    """Fill in the record: rows in are those of documents/, and removed rows by table."""
    named = files.named(now)
    removed = dict.fromkeys(now, 0)
    for hit in found.hits:
        if (hit.table, hit.path) in named:
            removed[hit.table] += hit.taken
    record.rows_in = now["documents"].rows if "documents" in now else 0
    record.rows_out = record.rows_in - removed.get("documents", 0)
    record.reasons = {taken_down.REASON: removed["documents"]} if removed.get("documents") else {}
    record.check()
    record.details["documents"] = found.matched.agg(F.count_distinct("id")).collect()[0][0]
    record.details["removed"] = removed
    record.details["strata"] = [
        {"stratum": name, "removed": removed[name], "files rewritten": 0}
        for name in reversed(files.TABLES)
        if name in now
    ]
    context.print(
        f"takedown: {removed.get('documents', 0):,} documents "
        f"{'would be removed' if dry_run else 'are removed'} from documents/"
    )


if __name__ == "__main__":
    from jobs.cli import main

    sys.exit(main(["takedown", *sys.argv[1:]]))
