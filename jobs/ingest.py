"""Dumps become documents/: what is new of the inputs is read once, and nothing is lost without a count."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterable

from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.window import Window

from jobs import manifest, outcomes, runs, storage, tables
from jobs.context import Context
from jobs.manifest import Folder, Manifest
from jobs.runs import Record
from jobs.storage import ObjectInfo
from jobs.storage.crawl import archive_list
from schemas.errors import UserError
from schemas.jobs import IngestConfig

DUPLICATE_ID = "duplicate-id"


def run(context: Context, config: IngestConfig) -> Record | None:
    """Read what is new of the inputs, add it to documents/, and what was unusable to quarantine/."""
    before = manifest.current(context.root, "documents")
    objects = _objects(config)
    snapshot = config.snapshot or _snapshot(objects)
    kept = _kept_folders(before, config, snapshot)
    known = _inputs_of(before, kept)
    new = [found for found in objects if not _is_known(found, known)]
    name = f"ingest {config.slice}"
    if not new:
        context.say(f"{name}: all {len(objects)} inputs are in {context.root} already")
        return runs.load(context.root, before.version) if before else None

    with runs.record(context, "ingest", config, {"objects": len(new)}) as record:
        megabytes = sum(found.size for found in new) / 1e6
        context.say(f"{name}: {len(new)} inputs of {len(objects)} are new, {megabytes:,.1f} MB")
        source = importlib.import_module(f"jobs.slices.{config.slice}")
        rows = source.read(context.spark, new, config, snapshot)
        labels = {"slice": config.slice, "snapshot": snapshot}
        folder = outcomes.write(
            rows, context.root, "documents", run=record.run, job="ingest", labels=labels
        )
        rejections = outcomes.rejected(context.spark, context.root, "documents", record.run)
        folder, repeated = _without_repeated_ids(context, folder, kept)
        bad = outcomes.quarantined(rejections)
        if repeated is not None:
            bad = bad.unionByName(repeated)
        quarantine = tables.write(
            bad.coalesce(1), context.root, "quarantine", run=record.run, job="ingest", labels=labels
        )
        _count(context, record, folder, rejections, repeated)
        record.details["what"] = [config.slice, snapshot]

        tables.add(
            context.root,
            "quarantine",
            quarantine,
            without=lambda old: config.replace and old.job == "ingest" and old.labels == labels,
        )
        inputs = [
            {"uri": o.uri, "version": o.version, "size": o.size, "run": record.run} for o in new
        ]
        tables.publish(
            context.root,
            "documents",
            run=record.run,
            folders=[*kept, folder],
            replacing=before,
            inputs=[*known.values(), *inputs],
        )
    return record


def _objects(config: IngestConfig) -> list[ObjectInfo]:
    if config.input:
        return storage.expand(config.input)[: config.limit]
    if config.slice == "common_crawl" and config.snapshot:
        return storage.expand(
            archive_list(config.snapshot, config.archive, config.base, config.limit)
        )
    raise UserError("nothing to ingest: give --input, or for common_crawl --snapshot")


def _snapshot(objects: Iterable[ObjectInfo]) -> str:
    """The crawl that the archives' paths name, `local` where they name none or several."""
    found = {match[0] for each in objects for match in [re.search(_CRAWL, each.uri)] if match}
    return found.pop() if len(found) == 1 else "local"


_CRAWL = r"CC-MAIN-\d{4}-\d{2}(?!\d)"


def _kept_folders(before: Manifest | None, config: IngestConfig, snapshot: str) -> list[Folder]:
    """The folders of documents/ that stay: all, or without those of the snapshot to replace."""
    labels = {"slice": config.slice, "snapshot": snapshot}
    return [
        folder
        for folder in (before.folders if before else ())
        if not (config.replace and folder.labels == labels)
    ]


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


def _without_repeated_ids(
    context: Context, folder: Folder, kept: list[Folder]
) -> tuple[Folder, DataFrame | None]:
    """The folder with each id once, and quarantine rows for the others.

    Of the rows with one id the first by (uri, offset) stays, but one that is in documents/ already
    comes before all new ones. As a rule there are none, and no text is read.
    """
    spark, root = context.spark, context.root
    place = ["source.uri", "source.offset"]
    rows = tables.read_folders(spark, root, "documents", [folder])
    ids = rows.select("id", "slice", *place)
    order = Window.partitionBy("id").orderBy("uri", "offset")
    repeats = ids.withColumn("rank", F.row_number().over(order)).where(F.col("rank") > 1)
    bad = repeats.select("id", "slice", "uri", "offset")
    if kept:
        earlier = tables.read_folders(spark, root, "documents", kept).select("id")
        bad = bad.unionByName(ids.join(earlier, "id", "left_semi")).distinct()
    # a table of its own: it is used three times, and its text-free rows are cheap to keep
    path = storage.join(root, "documents", folder.run, "repeated")
    bad.coalesce(1).write.parquet(path)
    bad = spark.read.schema(bad.schema).parquet(path)
    if not bad.head(1):
        return folder, None
    mended = tables.write(
        rows.withColumns({"uri": F.col(place[0]), "offset": F.col(place[1])}).join(
            bad.select("id", "uri", "offset"), ["id", "uri", "offset"], "left_anti"
        ),
        root,
        "documents",
        run=folder.run,
        job="ingest",
        labels=folder.labels,
        below="unique",
    )
    notes = bad.select(
        "slice",
        "uri",
        "offset",
        F.lit("ingest").alias("stage"),
        F.lit(DUPLICATE_ID).alias("error"),
        F.concat(F.lit("another record has the id "), "id").alias("message"),
    )
    return mended, notes


def _count(
    context: Context,
    record: Record,
    folder: Folder,
    rejections: DataFrame,
    repeated: DataFrame | None,
) -> None:
    """Fill in the record: documents and characters out, and each reason."""
    record.reasons = outcomes.counts(rejections)
    if repeated is not None:
        record.reasons[f"quarantine:{DUPLICATE_ID}"] = repeated.count()
    rows = tables.read_folders(context.spark, context.root, "documents", [folder])
    record.characters_out = rows.agg(F.sum("length")).collect()[0][0] or 0
    record.rows_out = folder.rows
    # the archives' records are counted by what became of them; nothing else counts them
    record.rows_in = record.rows_out + sum(record.reasons.values())


if __name__ == "__main__":
    from jobs.cli import main

    sys.exit(main(["ingest", *sys.argv[1:]]))
