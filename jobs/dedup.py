"""Exact and near duplicates: which document stands for which, with the evidence.

Candidates are found by one 64-bit key a band of the MinHash signature, each
group of equal keys becomes a star to one of its members, never all pairs, and each edge of a star is
checked. Books are compared by SimHash as well, as in RedPajama-V1. Clusters are the components of what
is left. Only ids, digests and signatures move; the text is never read.
"""

from __future__ import annotations

import sys

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs import manifest, runs, storage, tables
from jobs.context import Context
from jobs.duplicates import components, survivors
from jobs.duplicates.edges import exact_edges, near_edges, node
from jobs.duplicates.simhash import simhash_edges
from jobs.manifest import Folder, Manifest
from jobs.runs import Record
from schemas.errors import UserError
from schemas.jobs import DedupConfig
from udfs.minhash import BANDS, optimal_bands


def run(context: Context, config: DedupConfig) -> Record:
    """Find the duplicates in annotated/ and publish duplicates/."""
    bands_of(config)
    if config.simhash_distance > _FARTHEST:
        raise UserError(f"--simhash-distance: at most {_FARTHEST}, for the cost of more")
    annotated = tables.required(context.root, "annotated")
    inputs = {"annotated": annotated.version}
    key = runs.digest(config, inputs)
    same = runs.unchanged(context, config, "duplicates", "dedup", key)
    if same:
        return same
    _check_signatures(context.root, annotated, config.scheme)
    before = manifest.current(context.root, "duplicates")
    with runs.record(context, "dedup", config, inputs) as record:
        count, rows_a_band = bands_of(config)
        context.say(
            f"dedup: {annotated.rows:,} documents, threshold {config.threshold}, "
            f"{count} bands of {rows_a_band}"
        )
        scratch = storage.join(context.root, "duplicates", record.run, "scratch")
        rows = find(tables.read(context.spark, context.root, "annotated"), config, scratch)
        folder = tables.write(rows, context.root, "duplicates", run=record.run, job="dedup")
        storage.remove_tree(scratch)
        _count(context, record, folder)
        record.check()
        tables.publish_whole(context.root, "duplicates", folder, before, digest=key, inputs=inputs)
    return record


def find(annotated: DataFrame, config: DedupConfig, scratch: str) -> DataFrame:
    """Rows of duplicates/ for the documents of annotated/.

    Parameters
    ----------
    scratch
        Folder for what the steps leave to each other; the rows are read from it.
    """
    for salt in range(_SALTS):
        documents = annotated.select(
            node(salt).alias("node"),
            "id",
            "slice",
            "bucket",
            "digest",
            F.col(_SIGNATURES[config.scheme]).alias("minhash"),
            "simhash",
            "perplexity",
            "length",
        )
        edges = exact_edges(documents).unionByName(
            near_edges(documents, bands_of(config), config.threshold if config.verify else None)
        )
        by_simhash = simhash_edges(documents, config.simhash_distance)
        if by_simhash is not None:
            edges = edges.unionByName(by_simhash)
        clusters = components.find(
            edges, storage.join(scratch, str(salt)), in_memory=config.max_edges_in_memory
        )
        if not survivors.shared_names(documents, clusters):
            return survivors.duplicates(
                documents, clusters, config.slice_priority, config.threshold
            )
    raise AssertionError(f"documents share a 64-bit name under each of {_SALTS} hashes")


def _check_signatures(root: str, annotated: Manifest, scheme: str) -> None:
    """Raise UserError where annotate was not asked for the signatures of a scheme."""
    asked = {"fast": "ngram", "v2": "v2_minhash"}[scheme]
    for folder in annotated.folders:
        if folder.job == "annotate" and not runs.load(root, folder.run).config.get(asked):
            raise UserError(
                f"annotated/ has no signatures of the scheme {scheme}: "
                "run `redpajama annotate --overwrite --v2-minhash`"
            )


def bands_of(config: DedupConfig) -> tuple[int, int]:
    """Bands and rows a band of the threshold.

    Raises
    ------
    UserError
        There are none.
    """
    if config.scheme == "v2":
        if config.threshold not in BANDS:
            choices = ", ".join(map(str, sorted(BANDS)))
            raise UserError(f"--threshold: RedPajama-V2 has bands for {choices}")
        return BANDS[config.threshold]
    if config.threshold > 1:
        raise UserError(f"--threshold: no similarity is above 1, as {config.threshold}")
    return optimal_bands(config.threshold)


_SIGNATURES = {"fast": "signature", "v2": "minhash"}  # columns of annotated/
_SALTS = 4
_FARTHEST = 8


def _count(context: Context, record: Record, folder: Folder) -> None:
    duplicates = tables.read_folders(context.spark, context.root, "duplicates", [folder])
    annotated = tables.read(context.spark, context.root, "annotated").select("id", "length")
    record.rows_in, record.characters_in = annotated.agg(F.count("*"), F.sum("length")).collect()[0]
    gone = annotated.join(duplicates, "id", "inner")
    characters = 0
    kinds = gone.groupBy("kind").agg(F.count("*").alias("n"), F.sum("length").alias("length"))
    for row in kinds.orderBy("kind").collect():
        record.reasons[f"duplicate:{row['kind']}"] = row["n"]
        characters += row["length"]
    record.rows_out = record.rows_in - folder.rows
    record.characters_out = (record.characters_in or 0) - characters


if __name__ == "__main__":
    from jobs.cli import main

    sys.exit(main(["dedup", *sys.argv[1:]]))
