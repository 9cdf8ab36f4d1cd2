"""Find documents that contain items of evaluation sets, with the evidence.

The driver hashes the items' n-grams once, into an index below the root, which each worker loads once:
12 bytes an n-gram and the items' text (`udfs.decontamination.ngram_index`). The documents' texts are
read in one pass and not shuffled.
"""

from __future__ import annotations

import sys
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs import storage
from jobs.runtime.context import Context
from jobs.steps.decontaminate import evaluation_sets, scan
from jobs.steps.decontaminate.evaluation_sets import Evaluation
from jobs.tables import taken_down
from jobs.tables.manifest import Folder
from jobs.tables.remake import remake
from jobs.tables.runs import Record
from schemas.settings.decontaminate import DecontaminateConfig
from schemas.tables.contamination import CONTAMINATION
from udfs.decontamination.scored_index import ScoredIndex

CLEAN = "clean"
"""Reason under which documents without an item are counted."""


def run(context: Context, config: DecontaminateConfig) -> Record:
    """Search the documents of annotated/ for the items and publish contamination/."""
    annotated = context.table("annotated").required()
    sets = evaluation_sets.find(config.evaluations, config.fields)
    versions = {item.name: [item.file.uri, item.file.size, item.file.version] for item in sets}
    inputs: dict[str, Any] = {"annotated": annotated.version, "evaluations": versions}

    def work(record: Record) -> tuple[Folder]:
        table = context.table("contamination")
        scratch = table.uri(record.run, "scratch")
        index = scan.build_index(sets, config)
        context.print(
            f"decontaminate: {annotated.rows:,} documents, {len(index):,} n-grams of "
            f"{sum(evaluation.items for evaluation in sets):,} items"
        )
        documents = context.table("annotated").read()
        texts = taken_down.exclude(documents, context.root).select("id", "text")
        if isinstance(index, ScoredIndex):
            scan.weigh(index, texts, annotated.rows, scan.store(index, scratch, "all"))
        elif config.max_documents:
            common = scan.common_ngrams(
                texts, scan.store(index, scratch, "all"), config.max_documents
            )
            index.without(common)
            record.details["common_ngrams"] = len(common)
        rows = texts.mapInArrow(scan.lookup(scan.store(index, scratch, "index")), CONTAMINATION)
        # one sort, whatever the partitions: a row is a few words
        rows = rows.repartition(1).sortWithinPartitions("id", "evaluation", "item")
        folder = table.write(rows, run=record.run)
        storage.remove_tree(scratch)
        _count(context, record, folder, documents)
        _report(context, record, folder, sets, index)
        return (folder,)

    return remake(context, ("contamination",), config, inputs, work)


def check(config: DecontaminateConfig) -> None:
    """Check that the evaluation sets exist.

    Raises
    ------
    UserError
        A file does not, or its format is not known.
    """
    evaluation_sets.find(config.evaluations, config.fields)


def _count(context: Context, record: Record, folder: Folder, documents: DataFrame) -> None:
    """Fill in the record: rows out are the documents that contain an item, each once."""
    ids = context.table("contamination").read_folders([folder])
    totals = documents.agg(F.count("*"), F.sum("length")).collect()[0]
    record.rows_in, record.characters_in = totals
    contaminated = documents.select("id", "length").join(ids.select("id"), "id", "left_semi")
    record.rows_out, characters = contaminated.agg(F.count("*"), F.sum("length")).collect()[0]
    record.characters_out = characters or 0
    record.reasons = taken_down.counts(documents, context.root)
    clean = record.rows_in - record.rows_out - sum(record.reasons.values())
    record.reasons |= {CLEAN: clean} if clean else {}


def _report(
    context: Context, record: Record, folder: Folder, sets: list[Evaluation], index: scan.AnyIndex
) -> None:
    """Record and print for each evaluation set what was found and what could not be looked up."""
    rows = context.table("contamination").read_folders([folder])
    counts = {
        row["evaluation"]: row
        for row in rows.groupBy("evaluation")
        .agg(F.count_distinct("id").alias("documents"), F.count_distinct("item").alias("found"))
        .collect()
    }
    record.details["evaluations"] = {}
    for evaluation in sets:
        count = counts.get(evaluation.name)
        short = index.too_short.get(evaluation.name, 0)
        figures = {
            "items": evaluation.items,
            "found": count["found"] if count else 0,
            "documents": count["documents"] if count else 0,
            "too_short": short,
            "bad": evaluation.bad,
        }
        record.details["evaluations"][evaluation.name] = figures
        notes = f", {short:,} too short to look for" if short else ""
        notes += f", {evaluation.bad:,} lines without an item" if evaluation.bad else ""
        context.print(
            f"decontaminate: {evaluation.name}: {figures['found']:,} of {evaluation.items:,} items "
            f"in {figures['documents']:,} documents{notes}"
        )


if __name__ == "__main__":
    from jobs.cli import main

    sys.exit(main(["decontaminate", *sys.argv[1:]]))
