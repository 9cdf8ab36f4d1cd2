"""Read dumps into documents/: each new input once, each record kept, quarantined or counted."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from pyspark.sql import DataFrame

from jobs import slices
from jobs.runtime import workers
from jobs.runtime.context import Context
from jobs.slices.slice import Slice
from jobs.steps.ingest import (
    changed_inputs,
    concurrent_takedowns,
    earlier_settings,
    inputs,
    quarantine,
    unread_inputs,
)
from jobs.steps.ingest.unique_ids import DUPLICATE_ID, without_repeated_ids
from jobs.steps.ingest.unread_inputs import PREFIX as QUARANTINED
from jobs.storage import ObjectInfo
from jobs.tables import few_rows, outcomes, runs, taken_down
from jobs.tables.manifest import Folder
from jobs.tables.runs import Record
from schemas.errors import UserError
from schemas.settings.ingest import IngestConfig

_FEW = 100
"""Quarantined records below which their share is not significant."""


def run(context: Context, config: IngestConfig) -> list[Record]:
    """Add documents of new inputs to documents/, and unusable records to quarantine/.

    Each snapshot, and each group of inputs in it, is a run of its own: a published group is not read
    again if a later one fails.

    Raises
    ------
    UserError
        There is nothing to read, nothing can be read, an input has changed since it was ingested, or
        too many records of a group are quarantined, which is then not published.
    """
    source = slices.load(config.slice)
    chosen, left_out = _chosen(config)
    for reason, uris in left_out.items():
        context.print(
            f"ingest {config.slice}: skipped {len(uris)} of the inputs: {reason}, for example "
            f"{uris[0]}"
        )
    context.input_bytes = max(context.input_bytes, _bytes(chosen, config))
    by_snapshot: dict[str, list[ObjectInfo]] = {}
    for item in chosen[: config.limit]:
        snapshot = config.snapshot or source.snapshot(item.uri) or "local"
        by_snapshot.setdefault(snapshot, []).append(item)
    finished: list[Record] = []
    return [
        record
        for snapshot, objects in by_snapshot.items()
        for record in _snapshot(context, config, source, snapshot, objects, finished)
    ]


def check(config: IngestConfig) -> int:
    """Check that there are inputs, and all that the settings name among them; return their bytes.

    Raises
    ------
    UserError
        There is nothing to read.
    """
    chosen, _ = _chosen(config)
    return _bytes(chosen, config)


def _bytes(chosen: list[ObjectInfo], config: IngestConfig) -> int:
    return sum(map(inputs.size, chosen[: config.limit]))


def _chosen(config: IngestConfig) -> tuple[list[ObjectInfo], dict[str, list[str]]]:
    """Return the inputs to read, and the addresses of the others by reason."""
    chosen, left_out = slices.load(config.slice).chosen(inputs.named(config), config)
    if not chosen:
        reasons = "; ".join(f"{reason}: {uris[0]}" for reason, uris in left_out.items())
        raise UserError(f"{config.slice} reads none of the inputs ({reasons})")
    return chosen, left_out


def _snapshot(
    context: Context,
    config: IngestConfig,
    source: Slice[Any],
    snapshot: str,
    objects: list[ObjectInfo],
    finished: list[Record],
) -> Iterator[Record]:
    """Ingest the inputs of one snapshot; yield the records of the runs that read them, now or earlier.

    Parameters
    ----------
    finished
        Records of the groups that this call has read; the snapshot's are added.
    """
    before = context.table("documents").manifest
    labels = {"slice": config.slice, "snapshot": snapshot}
    known = inputs.made_from(before, inputs.kept(before, config, labels))
    new = [item for item in objects if not inputs.is_known(item, known)]
    name = f"ingest {config.slice} {snapshot}"
    ingested = [known[item.uri] for item in objects if item.uri in known]
    by_run = {run_: runs.find(context.root, run_) for run_ in [i["run"] for i in ingested]}
    earlier = [record for record in by_run.values() if record is not None]
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
    for table in ("documents", "quarantine"):
        context.table(table).check_writable()
    workers.check_input(context.spark, new[0].uri)
    # a snapshot is replaced as a whole
    groups = [new] if config.replace else list(inputs.groups(new, config.group_bytes))
    for number, group in enumerate(groups, 1):
        if len(groups) > 1:
            context.print(f"{name}: group {number} of {len(groups)}, {len(group)} inputs")
        finished.append(_group(context, config, source, labels, group, is_first=not finished))
        yield finished[-1]


def _group(
    context: Context,
    config: IngestConfig,
    source: Slice[Any],
    labels: dict[str, str],
    new: list[ObjectInfo],
    *,
    is_first: bool,
) -> Record:
    """Ingest some inputs, and publish them; fail if they are the first and none can be read."""
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
        lost = unread_inputs.unread(record, rejections)
        if is_first:
            unread_inputs.check(f"{config.slice} {snapshot}", record, lost, len(new), rejections)
        bad = outcomes.quarantined(rejections).unionByName(repeated)
        read = [item for item in new if item.uri not in lost]
        quarantine.publish(context, config, record, labels, bad, [item.uri for item in read])
        if lost:
            context.print(f"{name}: {unread_inputs.line(lost, len(new))}: run this again")
        versions = [
            {"uri": o.uri, "version": o.version, "size": o.size, "run": record.run} for o in read
        ]
        runs.save(root, record)
        concurrent_takedowns.publish(
            context,
            before,
            folder,
            kept=lambda now: inputs.kept(now, config, labels),
            inputs=[*known.values(), *versions],
        )
    return record


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
    (record.characters_out,) = few_rows.sums(context.table("documents"), [folder], "length")
    record.rows_out = folder.rows
    # the input records are not counted otherwise: their number is that of their outcomes
    record.rows_in = record.rows_out + sum(record.reasons.values())


if __name__ == "__main__":
    from jobs.cli import main

    sys.exit(main(["ingest", *sys.argv[1:]]))
