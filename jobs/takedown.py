"""Documents are taken out, for good: of every table, of older versions, and of all that comes later.

1. What is named is recorded in takedowns/, which every later job consults (`jobs.tables.taken_down`).
2. The documents are found by their ids and addresses, and the files they are in by the ids.
3. Only those files are written anew. The clusters that the documents were in are deduplicated again
   without them, so that the next best document stands for what is left.
4. The new versions are published, what was made last first, and then the old files are removed, with all
   older folders that hold one of the documents.

Broken off anywhere, the same takedown again finishes the work: what is done is found done.
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
_LISTED = 1000  # ids and folders that the record of the run lists
_SHOWN = 20  # ids or values that are named one by one


def run(context: Context, config: TakedownConfig) -> Record:
    """Take documents out of the root."""
    entries.check(config)
    for attempt in range(_ATTEMPTS):
        try:
            return _run(context, config)
        except storage.Conflict as conflict:
            if attempt == _ATTEMPTS - 1:
                raise
            context.print(f"takedown: begun again, since {conflict}")
    raise AssertionError("unreachable")


def _run(context: Context, config: TakedownConfig) -> Record:
    now = sweep.current(context)
    if config.copies and not sweep.has_clusters(context.root, now):
        raise UserError(
            "--copies: duplicates/ does not tell the copies in this annotated/: "
            "run `redpajama dedup` first, or leave it out"
        )
    found = {name: each.version for name, each in now.items()}
    with runs.record(context, lineage.JOB, config, found) as record:
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
    """Take the documents out, and return the jobs that have to run again, with their settings."""
    named = entries.stored(context, config, storage.join(scratch, "named"))
    taking = _taking(context, config, record, named, scratch, "named")
    _check_current(context, now)
    looking = Sweep(context, now, scratch, record.run)
    matched = looking.matched(taking)
    _tell_unmatched(context, record, matched, named)
    if config.copies:
        copies = looking.copies(matched, named)
        taking = _taking(context, config, record, named.unionByName(copies), scratch, "copies")
    found = looking.search(matched, taking)
    _count(context, record, now, found, dry_run=config.dry_run)
    if config.dry_run:
        return []
    clusters_ = Clusters.of(context, now, found)
    made = new_versions.without(context, now, found, record.run, clusters_.whole)
    record.details["promoted"] = 0
    if clusters_.again:
        promoted = clusters_.add(context, now, made, found, record.run, scratch)
        record.details["promoted"] = promoted.count()
        rows = promoted.orderBy("id").limit(_LISTED).collect()
        record.details["promoted_ids"] = [row["id"] for row in rows]
    after = new_versions.publish(context.root, now, made, record.run, clusters_.stale)
    gone = purge.purge(context, after, found.hits)
    record.details["purged"] = [uri[len(context.root) + 1 :] for uri in gone][:_LISTED]
    for each in record.details["strata"]:
        each["files rewritten"] = made.rewritten[each["stratum"]]
    _tell(context, record, now, after, len(gone))
    if "duplicates" in after and not sweep.has_clusters(context.root, after):
        now_or_then = "are run now" if clusters_.jobs else "have to run"
        context.print(f"takedown: duplicates/ is old: dedup and curate {now_or_then}")
    return clusters_.jobs


def _tell(
    context: Context,
    record: Record,
    now: dict[str, Manifest],
    after: dict[str, Manifest],
    purged: int,
) -> None:
    rewritten = sum(each["files rewritten"] for each in record.details["strata"])
    promoted = record.details["promoted"]
    context.print(
        f"takedown: {rewritten:,} files written anew, {purged:,} old files and folders removed, "
        f"{promoted:,} documents promoted"
    )
    if "mixture" in now and after.get("corpus") is not now.get("corpus"):
        context.print("takedown: `redpajama mix` fills the mixture to its budget again")


def _taking(
    context: Context,
    config: TakedownConfig,
    record: Record,
    named: DataFrame,
    scratch: str,
    below: str,
) -> tuple[str, ...]:
    """Record what is to go, and tell the files of all that is recorded; a dry run only tells them."""
    if config.dry_run:
        path = storage.join(scratch, f"{below}-dry")
        named.write.parquet(path)
        return taken_down.files(context.root) + entries.parquet_files(path)
    new = entries.record(context, named, config, record.run, below)
    record.details["recorded"] = record.details.get("recorded", 0) + new
    return taken_down.files(context.root)


def _check_current(context: Context, now: dict[str, Manifest]) -> None:
    """What is published from here on has consulted takedowns/; what was before is in `now`."""
    if {name: each.version for name, each in sweep.current(context).items()} != {
        name: each.version for name, each in now.items()
    }:
        raise storage.Conflict("another job has published a table in the meantime")


def _tell_unmatched(context: Context, record: Record, matched: DataFrame, named: DataFrame) -> None:
    out = sweep.unmatched(matched, named)
    shown = out.orderBy("kind", "value").limit(_SHOWN).collect()
    record.details["unmatched"] = out.count() if len(shown) == _SHOWN else len(shown)
    if shown:
        for row in shown:
            context.print(f"takedown: there is no document of {row['kind']} {row['value']}")
        context.print(
            f"takedown: {record.details['unmatched']:,} of what was named matches no document; "
            "it stays out should it come"
        )


def _count(
    context: Context,
    record: Record,
    now: dict[str, Manifest],
    found: Found,
    *,
    dry_run: bool,
) -> None:
    """In: the documents there were. What goes of the current versions, by table."""
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
        f"{'would go' if dry_run else 'go'} out of documents/"
    )


if __name__ == "__main__":
    from jobs.cli import main

    sys.exit(main(["takedown", *sys.argv[1:]]))
