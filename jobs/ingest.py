"""Dumps become documents/: what is new of the inputs is read once, and nothing is lost without a count."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.window import Window

from jobs import manifest, outcomes, runs, storage, tables
from jobs.context import Context
from jobs.manifest import Folder, Manifest
from jobs.runs import Record
from jobs.slices import slice as slice_
from jobs.slices.slice import Slice
from jobs.sources.faults import STORAGE
from jobs.storage import ObjectInfo
from jobs.storage.crawl import archive_list
from jobs.takedowns import consult, meanwhile
from schemas.errors import UserError
from schemas.slices import CommonCrawlConfig, IngestConfig

DUPLICATE_ID = "duplicate-id"


def run(context: Context, config: IngestConfig) -> list[Record]:
    """Add what is new of the inputs to documents/, and what was unusable to quarantine/.

    Inputs of several snapshots are as many runs, one after another.
    """
    source = slice_.load(config.slice)
    named = _objects(config)
    chosen, left_out = source.chosen(named, config)
    for reason, uris in left_out.items():
        context.say(
            f"ingest {config.slice}: left out {len(uris)} of {len(named)} inputs: {reason}, "
            f"as {uris[0]}"
        )
    if not chosen:
        raise UserError(f"none of the inputs is one that {config.slice} reads")
    by_snapshot: dict[str, list[ObjectInfo]] = {}
    for found in chosen[: config.limit]:
        snapshot = config.snapshot or source.snapshot(found.uri) or "local"
        by_snapshot.setdefault(snapshot, []).append(found)
    done = [
        _ingest(context, config, source, snapshot, objects)
        for snapshot, objects in by_snapshot.items()
    ]
    return [record for record in done if record is not None]


def _ingest(
    context: Context,
    config: IngestConfig,
    source: Slice[Any],
    snapshot: str,
    objects: list[ObjectInfo],
) -> Record | None:
    """Ingest the inputs of one snapshot."""
    root, labels = context.root, {"slice": config.slice, "snapshot": snapshot}
    before = manifest.current(root, "documents")
    kept = _kept(before, config, labels)
    known = _inputs_of(before, kept)
    new = [found for found in objects if not _is_known(found, known)]
    name = f"ingest {config.slice} {snapshot}"
    if not new:
        context.say(f"{name}: all {len(objects)} inputs are in documents/ already")
        return _record_of(root, known, objects)

    with runs.record(context, "ingest", config, {"objects": len(new)}) as record:
        record.details["what"] = [config.slice, snapshot]
        megabytes = sum(found.size for found in new) / 1e6
        context.say(f"{name}: {len(new)} of {len(objects)} inputs are new, {megabytes:,.1f} MB")
        taken_down = consult.files(root)
        rows = consult.counted(source.read(context.spark, new, config, snapshot), root)
        folder = outcomes.write(
            rows, root, "documents", run=record.run, job="ingest", labels=labels
        )
        rejections = outcomes.rejected(context.spark, root, "documents", record.run)
        folder, repeated = _without_repeated_ids(context, folder, kept)
        since: dict[str, int] = {}
        if consult.files(root) != taken_down:
            folder, since = meanwhile.without(context, folder)
        bad = outcomes.quarantined(rejections).unionByName(repeated)
        quarantine = tables.write(
            bad.coalesce(1), root, "quarantine", run=record.run, job="ingest", labels=labels
        )
        _count(context, record, folder, rejections, repeated, since)

        tables.add(
            root,
            "quarantine",
            quarantine,
            without=lambda old: config.replace and old.job == "ingest" and old.labels == labels,
        )
        lost = _unread(rejections)
        if lost:
            context.say(f"{name}: {len(lost)} inputs were not read to their end: run it again")
        inputs = [
            {"uri": o.uri, "version": o.version, "size": o.size, "run": record.run}
            for o in new
            if o.uri not in lost
        ]
        meanwhile.publish(
            root,
            before,
            folder,
            kept=lambda now: _kept(now, config, labels),
            inputs=[*known.values(), *inputs],
        )
    return record


def _kept(before: Manifest | None, config: IngestConfig, labels: dict[str, str]) -> list[Folder]:
    """The folders of documents/ that this ingest does not replace."""
    return [
        folder
        for folder in (before.folders if before else ())
        if not (config.replace and folder.labels == labels)
    ]


def _record_of(
    root: str, known: dict[str, dict[str, Any]], objects: Sequence[ObjectInfo]
) -> Record | None:
    """The record of the run that ingested these inputs, if it was one."""
    made_by = {known[found.uri]["run"] for found in objects}
    return runs.load(root, made_by.pop()) if len(made_by) == 1 else None


def _objects(config: IngestConfig) -> list[ObjectInfo]:
    if config.input:
        return storage.expand(config.input)
    if isinstance(config, CommonCrawlConfig) and config.snapshot:
        return storage.expand(
            archive_list(config.snapshot, config.archive, config.base, config.limit)
        )
    raise UserError("nothing to ingest: give --input, or for common_crawl --snapshot")


def _inputs_of(before: Manifest | None, kept: list[Folder]) -> dict[str, dict[str, object]]:
    """The inputs that the kept folders were made from, by address."""
    names = {folder.run for folder in kept}
    return {each["uri"]: each for each in (before.inputs if before else []) if each["run"] in names}


def _is_known(found: ObjectInfo, known: dict[str, dict[str, object]]) -> bool:
    """Whether the object is in documents/ already."""
    earlier = known.get(found.uri)
    if earlier is None:
        return False
    if earlier["version"] == found.version:
        return True
    raise UserError(
        f"{found.uri} has changed since it was ingested: --replace drops its snapshot first"
    )


def _unread(rejections: DataFrame) -> set[str]:
    """Inputs that the store did not give to the end, for all its retries: they are not done."""
    failed = rejections.where(F.col("reason") == STORAGE).select("uri").distinct()
    return {row["uri"] for row in failed.collect()}


def _without_repeated_ids(
    context: Context, folder: Folder, kept: list[Folder]
) -> tuple[Folder, DataFrame]:
    """The folder with each id once, and quarantine rows for the others.

    Of the rows with one id the first by (uri, offset) stays, but one that is in documents/ already
    comes before all new ones. As a rule there are none, and no text is read.
    """
    spark, root = context.spark, context.root
    rows = tables.read_folders(spark, root, "documents", [folder])
    key = ["id", "uri", "offset", "digest"]
    order = Window.partitionBy("id").orderBy(*key[1:])
    ids = rows.select("id", "slice", "source.uri", "source.offset", "digest").withColumn(
        "rank", F.row_number().over(order)
    )
    bad = ids.where(F.col("rank") > 1)
    if kept:
        earlier = tables.read_folders(spark, root, "documents", kept).select("id")
        bad = bad.join(earlier, "id", "left_anti").unionByName(ids.join(earlier, "id", "left_semi"))
    # stored, since it is used three times
    path = storage.join(root, "documents", folder.run, "repeated")
    bad.coalesce(1).write.parquet(path)
    bad = spark.read.schema(bad.schema).parquet(path)
    notes = bad.select(
        "slice",
        "uri",
        "offset",
        F.lit("ingest").alias("stage"),
        F.lit(DUPLICATE_ID).alias("error"),
        F.concat(F.lit("another record has the id "), "id").alias("message"),
    )
    if not bad.head(1):
        return folder, notes
    # one of several in the same place, as the pages of a dump's stream, may be the first
    first = ids.where(F.col("rank") == 1).select(key)
    if kept:
        first = first.join(earlier, "id", "left_anti")
    out = bad.select(key).join(first, key, "left_anti")
    place = {"uri": F.col("source.uri"), "offset": F.col("source.offset")}
    unique = rows.withColumns(place).dropDuplicates(key).join(out, key, "left_anti")
    mended = tables.write(
        unique,
        root,
        "documents",
        run=folder.run,
        job="ingest",
        labels=folder.labels,
        below="unique",
    )
    return mended, notes


def _count(
    context: Context,
    record: Record,
    folder: Folder,
    rejections: DataFrame,
    repeated: DataFrame,
    taken_down: dict[str, int],
) -> None:
    """Fill in the record: documents and characters out, and each reason."""
    record.reasons = outcomes.counts(rejections)
    for reason, n in taken_down.items():
        record.reasons[reason] = record.reasons.get(reason, 0) + n
    again = repeated.count()
    if again:
        record.reasons[f"quarantine:{DUPLICATE_ID}"] = again
    rows = tables.read_folders(context.spark, context.root, "documents", [folder])
    record.characters_out = rows.agg(F.sum("length")).collect()[0][0] or 0
    record.rows_out = folder.rows
    # the archives' records are counted by what became of them; nothing else counts them
    record.rows_in = record.rows_out + sum(record.reasons.values())


if __name__ == "__main__":
    from jobs.cli import main

    sys.exit(main(["ingest", *sys.argv[1:]]))
