"""Which documents hold items of evaluation sets, and the evidence: annotated/ become contamination/.

The driver hashes the items' n-grams once, into an index below the root, which each worker loads once:
12 bytes an n-gram and the items' text (`udfs.decontamination.ngram_index`). The documents' texts are
read in one pass and not shuffled.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs import storage, tables
from jobs.runtime.arrow import filled
from jobs.runtime.context import Context
from jobs.steps.decontaminate import evaluation_sets
from jobs.steps.decontaminate.evaluation_sets import Evaluation
from jobs.tables import manifest, runs, taken_down
from jobs.tables.manifest import Folder
from jobs.tables.runs import Record
from schemas.errors import UserError
from schemas.settings.decontaminate import DecontaminateConfig
from schemas.tables.contamination import CONTAMINATION
from udfs.decontamination.ngram_index import Index

CLEAN = "clean"
"""What documents are counted under that hold no item."""

_AT_ONCE = 256  # texts
_COMMON = "length long, place long"

Work = Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]


def run(context: Context, config: DecontaminateConfig) -> Record:
    """Look the items up in annotated/ and publish contamination/."""
    annotated = tables.required(context.root, "annotated")
    sets = evaluation_sets.find(config.evaluations, config.fields)
    versions = {each.name: [each.file.uri, each.file.size, each.file.version] for each in sets}
    inputs: dict[str, Any] = {"annotated": annotated.version, "evaluations": versions}
    key = runs.digest(config, inputs)
    same = runs.unchanged(context, config, "contamination", "decontaminate", inputs)
    if same:
        return same
    before = manifest.current(context.root, "contamination")
    with runs.record(context, "decontaminate", config, inputs) as record:
        scratch = storage.join(context.root, "contamination", record.run, "scratch")
        index = _index(sets, config)
        context.say(
            f"decontaminate: {annotated.rows:,} documents, {len(index):,} n-grams of "
            f"{sum(each.items for each in sets):,} items"
        )
        everything = tables.read(context.spark, context.root, "annotated")
        texts = taken_down.without(everything, context.root).select("id", "text")
        if config.max_documents:
            stored = _stored(index, scratch, "all")
            common = _common(texts, stored, config.max_documents)
            index.without(common)
            record.details["common_ngrams"] = len(common)
        rows = texts.mapInArrow(lookup(_stored(index, scratch, "index")), CONTAMINATION)
        # by one sort, whatever the partitions: a row is a few words
        rows = rows.repartition(1).sortWithinPartitions("id", "evaluation", "item")
        folder = tables.write(
            rows, context.root, "contamination", run=record.run, job="decontaminate"
        )
        storage.remove_tree(scratch)
        _count(context, record, folder, everything)
        _tell(context, record, folder, sets, index)
        record.check()
        tables.publish_whole(
            context.root, "contamination", folder, before, digest=key, inputs=inputs
        )
    return record


def _index(sets: list[Evaluation], config: DecontaminateConfig) -> Index:
    items = chain.from_iterable(each.read() for each in sets)
    try:
        index = Index(items, config.ngram, config.shortest)
    except ValueError as error:
        raise UserError(f"{error} are too many at once: name fewer --evaluations") from error
    if not len(index):
        raise UserError(
            f"no item of the evaluation sets has {min(config.ngram, config.shortest)} words: "
            "give a smaller --shortest or --ngram"
        )
    return index


def _stored(index: Index, scratch: str, name: str) -> str:
    """Where the workers find it."""
    uri = storage.join(scratch, f"{name}.npz")
    storage.write_bytes(uri, index.to_bytes())
    return uri


@functools.lru_cache(maxsize=1)
def _loaded(uri: str) -> Index:
    return Index.from_bytes(storage.read_bytes(uri))


def lookup(index: str) -> Work:
    """Rows of contamination/ for rows with `id` and `text`.

    Parameters
    ----------
    index
        Where `udfs.decontamination.ngram_index.Index` is stored; a worker loads it once.
    """

    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for ids, texts in _parts(batches):
            found = [
                {"id": id_, **evidence._asdict()}
                for id_, told in zip(ids, _loaded(index).lookup(texts), strict=True)
                for evidence in told
            ]
            if found:
                columns = {name: [row[name] for row in found] for name in CONTAMINATION.names}
                yield filled(CONTAMINATION, columns, len(found))

    return work


def _common(texts: DataFrame, index: str, most: int) -> list[tuple[int, int]]:
    """The n-grams that are in more documents than that."""

    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for _, some in _parts(batches):
            pairs = list(_loaded(index).places(some))
            if pairs:
                lengths, places = zip(*pairs, strict=True)
                yield pa.record_batch(
                    [pa.array(lengths, pa.int64()), pa.array(places, pa.int64())],
                    names=["length", "place"],
                )

    counts = texts.mapInArrow(work, _COMMON).groupBy("length", "place").count()
    return [(row[0], row[1]) for row in counts.where(F.col("count") > most).collect()]


def _parts(batches: Iterator[pa.RecordBatch]) -> Iterator[tuple[list[str], list[str]]]:
    for batch in batches:
        for start in range(0, batch.num_rows, _AT_ONCE):
            part = batch.slice(start, _AT_ONCE)
            texts = [text or "" for text in part.column("text").to_pylist()]
            yield part.column("id").to_pylist(), texts


def _count(context: Context, record: Record, folder: Folder, everything: DataFrame) -> None:
    """In: the documents there are. Out: those that hold an item, each once."""
    ids = tables.read_folders(context.spark, context.root, "contamination", [folder])
    record.rows_in, record.characters_in = everything.agg(F.count("*"), F.sum("length")).collect()[
        0
    ]
    held = everything.select("id", "length").join(ids.select("id"), "id", "left_semi")
    record.rows_out, characters = held.agg(F.count("*"), F.sum("length")).collect()[0]
    record.characters_out = characters or 0
    record.reasons = taken_down.reasons(everything, context.root)
    clean = record.rows_in - record.rows_out - sum(record.reasons.values())
    record.reasons |= {CLEAN: clean} if clean else {}


def _tell(
    context: Context, record: Record, folder: Folder, sets: list[Evaluation], index: Index
) -> None:
    """Say of each evaluation set what was found, and what could not be looked for."""
    rows = tables.read_folders(context.spark, context.root, "contamination", [folder])
    counts = {
        row["evaluation"]: row
        for row in rows.groupBy("evaluation")
        .agg(F.count_distinct("id").alias("documents"), F.count_distinct("item").alias("found"))
        .collect()
    }
    record.details["evaluations"] = {}
    for each in sets:
        told = counts.get(each.name)
        short = index.too_short.get(each.name, 0)
        said = {
            "items": each.items,
            "found": told["found"] if told else 0,
            "documents": told["documents"] if told else 0,
            "too_short": short,
            "bad": each.bad,
        }
        record.details["evaluations"][each.name] = said
        more = f", {short:,} too short to look for" if short else ""
        more += f", {each.bad:,} lines without an item" if each.bad else ""
        context.say(
            f"decontaminate: {each.name}: {said['found']:,} of {each.items:,} items in "
            f"{said['documents']:,} documents{more}"
        )


if __name__ == "__main__":
    from jobs.cli import main

    sys.exit(main(["decontaminate", *sys.argv[1:]]))
