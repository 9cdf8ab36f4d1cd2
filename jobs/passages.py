"""Find passages that stand in several documents, and choose the document that keeps each.

Each text is read once for its anchors (`udfs.passages.anchors`), and a second time where an anchor stands
in several documents whose texts around it differ. What is shuffled is some 50 bytes for each 80 of text;
rows of one anchor are compared with their first alone, so the work is linear in the text.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs import storage
from jobs.runtime.context import Context, absolute
from jobs.steps.curate import exclusions
from jobs.steps.dedup import incremental
from jobs.steps.dedup.in_memory.few import are_few
from jobs.steps.dedup.scratch import Scratch
from jobs.steps.passages import documents, repeats
from jobs.tables import taken_down
from jobs.tables.manifest import Folder
from jobs.tables.remake import remake
from jobs.tables.runs import Record
from schemas.settings.passages import PassagesConfig
from schemas.tables.passages import PASSAGES
from udfs.passages.anchors import Passages

WITHOUT = "without-passages"
"""Reason under which documents that repeat nothing are counted."""


def run(context: Context, config: PassagesConfig) -> Record:
    """Search the documents that dedup leaves, and publish passages/."""
    config = replace(config, against=tuple(map(absolute, config.against)))
    annotated = context.table("annotated").required()
    duplicates = exclusions.check(context, annotated)
    inputs: dict[str, Any] = {"annotated": annotated.version, "duplicates": duplicates.version}
    inputs |= incremental.versions(context, config.against)
    passages = (
        Passages(config.min_bytes, "byte") if config.min_bytes else Passages(config.min_tokens)
    )

    def work(record: Record) -> tuple[Folder]:
        context.print(
            f"passages: {annotated.rows:,} documents, from {passages.shortest} {passages.unit}s on"
        )
        table = context.table("passages")
        scratch = Scratch(table.uri(record.run, "scratch"))
        count = annotated.rows * context.scale + incremental.rows(context, config.against)
        numbers = documents.numbered(context, config, scratch)

        def texts(some: DataFrame | None) -> DataFrame:
            wanted = numbers if some is None else numbers.join(some, "number", "inner")
            return documents.texts(context, config, wanted, few=are_few(count))

        found = repeats.find(texts, passages, scratch)
        folder = table.write(_rows(found, numbers), run=record.run)
        storage.remove_tree(scratch.path)
        _count(context, record, folder)
        return (folder,)

    return remake(context, ("passages",), config, inputs, work)


def _rows(found: DataFrame, numbers: DataFrame) -> DataFrame:
    """Return rows of passages/ about documents of this root, sorted by id and start."""
    own = numbers.where("root is null").select("number", "id")
    keepers = numbers.select(
        F.col("number").alias("keeper"),
        F.col("id").alias("keeper_id"),
        F.col("root").alias("keeper_root"),
    )
    rows = found.join(own, "number", "inner").join(keepers, "keeper", "inner")
    columns = (F.col(field.name).cast(field.dataType) for field in PASSAGES)
    return rows.select(*columns).repartitionByRange("id").sortWithinPartitions("id", "start")


def _count(context: Context, record: Record, folder: Folder) -> None:
    """Fill in the record: rows out are the documents with passages, each once."""
    rows = context.table("passages").read_folders([folder])
    annotated = context.table("annotated").read()
    with_passages = rows.groupBy("id").agg(F.count("*").alias("passages"))
    totals = annotated.agg(F.count("*"), F.sum("length")).collect()[0]
    record.rows_in, record.characters_in = totals[0], totals[1] or 0
    having = annotated.select("id", "length").join(with_passages, "id", "inner")
    sums = having.agg(F.count("*"), F.sum("length"), F.sum("passages")).collect()[0]
    record.rows_out, record.characters_out = sums[0], sums[1] or 0
    record.reasons = taken_down.counts(annotated, context.root)
    without = record.rows_in - record.rows_out - sum(record.reasons.values())
    record.reasons |= {WITHOUT: without} if without else {}
    record.details["passages"] = sums[2] or 0
    context.print(
        f"passages: {record.details['passages']:,} passages in {record.rows_out:,} documents"
    )


if __name__ == "__main__":
    from jobs.cli import main

    sys.exit(main(["passages", *sys.argv[1:]]))
