"""Exact and near duplicates: which document stands for which, with the evidence.

Candidates are found by one 64-bit key a band of the MinHash signature, each group of equal keys becomes
a star to one of its members, never all pairs, and each edge of a star is checked. Books are compared by
SimHash as well, as in RedPajama-V1. Clusters are the components of what is left, the large ones compared
with their survivor. Only ids, digests and signatures move; the text is read for `--verify jaccard` alone.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any

from pyspark.sql import functions as F

from jobs import storage, tables
from jobs.runtime.context import Context, absolute
from jobs.steps.dedup import incremental
from jobs.steps.dedup import ngram_size as ngrams
from jobs.steps.dedup.documents import read as documents
from jobs.steps.dedup.explain import explain
from jobs.steps.dedup.pipeline import Texts, bands_of, find
from jobs.tables import manifest, runs, taken_down
from jobs.tables.manifest import Folder, Manifest
from jobs.tables.runs import Record
from schemas.errors import UserError
from schemas.settings.dedup import DedupConfig

__all__ = ["documents", "find", "ngram", "run"]

_FARTHEST = 8


def run(context: Context, config: DedupConfig) -> Record | list[str]:
    """Find the duplicates in annotated/ and publish duplicates/ and copies/; or explain some."""
    if config.explain:
        return explain(context, config)
    config = replace(config, against=tuple(map(absolute, config.against)))
    bands_of(config)
    if config.simhash_distance > _FARTHEST:
        raise UserError(f"--simhash-distance: at most {_FARTHEST}, for the cost of more")
    annotated = tables.required(context.root, "annotated")
    inputs: dict[str, Any] = {"annotated": annotated.version}
    inputs |= incremental.versions(context.root, config.against)
    key = runs.digest(config, inputs)
    same = runs.unchanged(context, config, "duplicates", "dedup", inputs)
    if same:
        return same
    n = ngram(context.root, annotated, config)
    before = {name: manifest.current(context.root, name) for name in ("copies", "duplicates")}
    with runs.record(context, "dedup", config, inputs) as record:
        count, rows_a_band = bands_of(config)
        context.say(
            f"dedup: {annotated.rows:,} documents, threshold {config.threshold}, "
            f"{count} bands of {rows_a_band}"
        )
        scratch = storage.join(context.root, "duplicates", record.run, "scratch")
        texts = tables.read(context.spark, context.root, "annotated").select("id", "text")
        found = find(documents(context, config), config, scratch, Texts(texts, n))
        rows = incremental.without_known(context, found.duplicates, config.against)
        folders = {
            "copies": tables.write(
                found.copies, context.root, "copies", run=record.run, job="dedup"
            ),
            "duplicates": tables.write(
                rows, context.root, "duplicates", run=record.run, job="dedup"
            ),
        }
        storage.remove_tree(scratch)
        _count(context, record, folders["duplicates"])
        _tell(context, record, found.oversized, config)
        record.check()
        # copies/ first: who finds the new duplicates/ finds what belongs to it
        for name, folder in folders.items():
            tables.publish_whole(
                context.root, name, folder, before[name], digest=key, inputs=inputs
            )
    return record


def ngram(root: str, annotated: Manifest, config: DedupConfig) -> int:
    """Words of a shingle, which must be the same wherever signatures are compared.

    Raises
    ------
    UserError
        The roots differ in it, or one has no signatures of the scheme.
    """
    found = {}
    for each in (root, *config.against):
        table = annotated if each == root else tables.required(each, "annotated")
        settings = ngrams.settings(each, table)
        if settings is not None:
            if config.scheme == "v2" and not settings.v2_minhash:
                raise UserError(
                    f"annotated/ of {each} has no signatures of the scheme {config.scheme}: "
                    "run `redpajama annotate --overwrite --v2-minhash`"
                )
            found[ngrams.ngram(each, table, config.scheme)] = each
    if len(found) > 1:
        said = ", ".join(f"{n} in {each}" for n, each in sorted(found.items()))
        raise UserError(f"signatures of n-grams of different lengths cannot be compared: {said}")
    return next(iter(found), ngrams.ngram(root, annotated, config.scheme))


def _count(context: Context, record: Record, folder: Folder) -> None:
    """In: the documents of this root. Rows of older roots' documents are told apart."""
    rows = tables.read_folders(context.spark, context.root, "duplicates", [folder])
    read = tables.read(context.spark, context.root, "annotated")
    annotated = taken_down.without(read, context.root).select("id", "length")
    record.rows_in, record.characters_in = read.agg(F.count("*"), F.sum("length")).collect()[0]
    gone = annotated.join(rows.where(F.col("root").isNull()), "id", "inner")
    characters = 0
    kinds = gone.groupBy("kind").agg(F.count("*").alias("n"), F.sum("length").alias("length"))
    for row in kinds.orderBy("kind").collect():
        record.reasons[f"duplicate:{row['kind']}"] = row["n"]
        characters += row["length"]
    record.details["older"] = folder.rows - sum(record.reasons.values())
    record.reasons |= taken_down.reasons(read, context.root)
    record.rows_out = record.rows_in - sum(record.reasons.values())
    record.characters_out = (record.characters_in or 0) - characters


def _tell(
    context: Context, record: Record, oversized: list[dict[str, Any]], config: DedupConfig
) -> None:
    """Say what is not in the counts."""
    for each in oversized:
        context.say(
            f"dedup: cluster {each['cluster_id']} had {each['documents']:,} documents, of which "
            f"{each['kept']:,} are like its survivor (--max-cluster)"
        )
    record.details["oversized"] = oversized
    if record.details["older"]:
        context.say(
            f"dedup: {record.details['older']:,} documents of older roots have another survivor now"
        )


if __name__ == "__main__":
    from jobs.cli import main

    sys.exit(main(["dedup", *sys.argv[1:]]))
