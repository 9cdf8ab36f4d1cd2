"""Read dumps into documents/: each new input once, each record kept, quarantined or counted."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs import slices
from jobs.runtime.context import Context
from jobs.slices.slice import Slice
from jobs.sources.faults import STORAGE
from jobs.steps.ingest import changed_inputs, concurrent_takedowns, earlier_settings, inputs
from jobs.steps.ingest.unique_ids import DUPLICATE_ID, without_repeated_ids
from jobs.storage import ObjectInfo
from jobs.tables import outcomes, runs, taken_down
from jobs.tables.manifest import Folder
from jobs.tables.runs import Record
from schemas.errors import UserError
from schemas.settings.ingest import IngestConfig

QUARANTINED = "quarantine:"
"""Prefix of the reasons of quarantined records."""

_FEW = 100
"""Quarantined records below which their share is not significant."""


def run(context: Context, config: IngestConfig) -> list[Record]:
    """Add documents of new inputs to documents/, and unusable records to quarantine/.

    Each snapshot, and each group of inputs in it, is a run of its own: a published group is not read
    again if a later one fails.

    Raises
    ------
    UserError
        There is nothing to read, an input has changed since it was ingested, or too many records of a
        group are quarantined, which is then not published.
    """
    source = slices.load(config.slice)
    named = inputs.named(config)
    chosen, left_out = source.chosen(named, config)
    for reason, uris in left_out.items():
        context.print(
            f"ingest {config.slice}: skipped {len(uris)} of {len(named)} inputs: {reason}, for "
            f"example {uris[0]}"
        )
    if not chosen:
        raise UserError(f"{config.slice} reads none of the inputs")
    context.input_bytes = max(context.input_bytes, sum(map(inputs.size, chosen[: config.limit])))
    by_snapshot: dict[str, list[ObjectInfo]] = {}
    for item in chosen[: config.limit]:
        snapshot = config.snapshot or source.snapshot(item.uri) or "local"
        by_snapshot.setdefault(snapshot, []).append(item)
    return [
        record
        for snapshot, objects in by_snapshot.items()
        for record in _snapshot(context, config, source, snapshot, objects)
    ]


def _snapshot(
    context: Context,
    config: IngestConfig,
    source: Slice[Any],
    snapshot: str,
    objects: list[ObjectInfo],
) -> Iterator[Record]:
    """Ingest the inputs of one snapshot; yield the records of the runs that read them, now or earlier."""
    before = context.table("documents").manifest
    labels = {"slice": config.slice, "snapshot": snapshot}
    known = inputs.made_from(before, inputs.kept(before, config, labels))
    new = [item for item in objects if not inputs.is_known(item, known)]
    name = f"ingest {config.slice} {snapshot}"
    ingested = [known[item.uri] for item in objects if item.uri in known]
    earlier = [runs.load(context.root, run_) for run_ in dict.fromkeys(i["run"] for i in ingested)]
    yield from earlier
    if new:
        megabytes = sum(item.size for item in new) / 1e6
        context.print(f"{name}: {len(new)} of {len(objects)} inputs are new, {megabytes:,.1f} MB")
    else:
        context.print(f"{name}: all {len(objects)} inputs are in documents/ already")
    for note in earlier_settings.notes(config, ingested, earlier):
        context.print(f"{name}: {note}")
    if not new:
        return
    # a snapshot is replaced as a whole
    groups = [new] if config.replace else list(inputs.groups(new, config.group_bytes))
    for number, group in enumerate(groups, 1):
        if len(groups) > 1:
            context.print(f"{name}: group {number} of {len(groups)}, {len(group)} inputs")
        yield _group(context, config, source, labels, group)


def _group(
    context: Context,
    config: IngestConfig,
    source: Slice[Any],
    labels: dict[str, str],
    new: list[ObjectInfo],
) -> Record:
    """Ingest some inputs, and publish them."""
    root, snapshot = context.root, labels["snapshot"]
    documents = context.table("documents")
    before = documents.manifest
    kept = inputs.kept(before, config, labels)
    known = inputs.made_from(before, kept)
    name = f"ingest {config.slice} {snapshot}"
    with runs.record(context, "ingest", config, {"objects": len(new)}) as record:
        record.details["what"] = [config.slice, snapshot]
        takedowns = taken_down.files(root)
        rows = taken_down.as_counts(source.read(context.spark, new, config, snapshot), root)
        folder = outcomes.write(rows, documents, run=record.run, labels=labels)
        rejections = outcomes.rejected(documents, record.run)
        changed = changed_inputs.since_listed(new)
        if changed:
            folder, rejections = changed_inputs.without(
                context, folder, rejections, changed, config.slice
            )
        folder, repeated, again = without_repeated_ids(context, folder, kept)
        since: dict[str, int] = {}
        if taken_down.files(root) != takedowns:
            folder, since = concurrent_takedowns.without(context, folder)
        _count(context, record, folder, rejections, {**since, QUARANTINED + DUPLICATE_ID: again})
        _check_quarantine(record, config)
        bad = outcomes.quarantined(rejections).unionByName(repeated)
        quarantine = context.table("quarantine")
        quarantine.add(
            quarantine.write(bad.coalesce(1), run=record.run, labels=labels),
            without=lambda old: config.replace and old.job == "ingest" and old.labels == labels,
        )
        lost = set(changed)
        if QUARANTINED + STORAGE in record.reasons:
            lost |= _unread(rejections)
        if lost:
            context.print(f"{name}: {len(lost)} inputs were not read to their end: run this again")
        read = [
            {"uri": o.uri, "version": o.version, "size": o.size, "run": record.run}
            for o in new
            if o.uri not in lost
        ]
        runs.save(root, record)
        concurrent_takedowns.publish(
            context,
            before,
            folder,
            kept=lambda now: inputs.kept(now, config, labels),
            inputs=[*known.values(), *read],
        )
    return record


def _unread(rejections: DataFrame) -> set[str]:
    """Return inputs that the store did not deliver to the end, despite retries."""
    failed = rejections.where(F.col("reason") == STORAGE).select("uri").distinct()
    return {row["uri"] for row in failed.collect()}


def _check_quarantine(record: Record, config: IngestConfig) -> None:
    """Refuse a group with so many bad records that an input or a setting must be wrong.

    Repeated ids do not count: a newer dump has many of an older one's.
    """
    bad = {
        reason.removeprefix(QUARANTINED): n
        for reason, n in record.reasons.items()
        if reason.startswith(QUARANTINED) and reason != QUARANTINED + DUPLICATE_ID
    }
    total = sum(bad.values())
    if total >= _FEW and total > config.max_quarantined * record.rows_in:
        most = ", ".join(f"{reason} {n:,}" for reason, n in list(bad.items())[:3])
        raise UserError(
            f"{total:,} of {record.rows_in:,} records cannot be used ({most}); nothing is published: "
            "check the inputs, or allow more with --max-quarantined"
        )


def _count(
    context: Context,
    record: Record,
    folder: Folder,
    rejections: DataFrame,
    others: dict[str, int],
) -> None:
    """Fill in the record: documents and characters out, and reasons with those of `others`."""
    record.reasons = outcomes.counts(rejections)
    for reason, n in others.items():
        if n:
            record.reasons[reason] = record.reasons.get(reason, 0) + n
    rows = context.table("documents").read_folders([folder])
    record.characters_out = rows.agg(F.sum("length")).collect()[0][0] or 0
    record.rows_out = folder.rows
    # the input records are not counted otherwise: their number is that of their outcomes
    record.rows_in = record.rows_out + sum(record.reasons.values())


if __name__ == "__main__":
    from jobs.cli import main

    sys.exit(main(["ingest", *sys.argv[1:]]))
