"""Find exact and near duplicates, and choose a survivor for each cluster.

Candidates share a 64-bit key of a band of the MinHash signature. Each group of equal keys becomes a star
around one of its members, never all pairs, and each edge of a star is verified. Books are also compared
by SimHash, as in RedPajama-V1. Clusters are the connected components of the verified edges; members of
large ones are compared with the survivor. Only ids, digests and signatures are shuffled; texts are read
for `--verify jaccard`, and of near-duplicates and their survivors.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import cache
from typing import Any

from pyspark.sql import DataFrame

from jobs import storage
from jobs.runtime.context import Context, absolute
from jobs.steps.dedup import counts, documents, incremental
from jobs.steps.dedup.bands import bands_of
from jobs.steps.dedup.decisions import decide
from jobs.steps.dedup.explain import explain
from jobs.steps.dedup.in_memory import few
from jobs.steps.dedup.in_memory import texts as few_texts
from jobs.steps.dedup.pipeline import Texts
from jobs.steps.dedup.stored_shingling import common_shingling
from jobs.steps.report import certificate
from jobs.tables.manifest import Folder
from jobs.tables.remake import remake
from jobs.tables.runs import Record
from jobs.tables.table_handle import TableHandle
from schemas.errors import UserError
from schemas.settings.dedup import DedupConfig
from udfs.near_duplicates.shingling import Shingling

_MAX_SIMHASH_DISTANCE = 8  # bits; the number of tables to compare grows steeply with it


def run(context: Context, config: DedupConfig) -> Record | list[str]:
    """Find the duplicates in annotated/ and publish duplicates/ and copies/; or explain some."""
    if config.explain:
        return explain(context, config)
    config = replace(config, against=tuple(map(absolute, config.against)))
    bands, rows_per_band = bands_of(config)
    if config.simhash_distance > _MAX_SIMHASH_DISTANCE:
        raise UserError(
            f"--simhash-distance: at most {_MAX_SIMHASH_DISTANCE}, since the cost grows steeply"
        )
    annotated = context.table("annotated").required()
    inputs: dict[str, Any] = {"annotated": annotated.version}
    inputs |= incremental.versions(context, config.against)

    @cache
    def shingling() -> Shingling:
        return common_shingling(context, annotated, config)

    def work(record: Record) -> tuple[Folder, Folder]:
        context.print(
            f"dedup: {annotated.rows:,} documents, threshold {config.threshold}, "
            f"{bands} bands of {rows_per_band} rows"
        )
        duplicates = context.table("duplicates")
        scratch = duplicates.uri(record.run, "scratch")
        texts = Texts(context.table("annotated").read().select("id", "text"), shingling())
        count = annotated.rows * context.scale + incremental.rows(context, config.against)
        result = decide(
            documents.read(context, config, scratch),
            config,
            scratch,
            texts,
            _texts(context, config),
            few_texts=few_texts.of_roots(context, config.against),
            recorded=incremental.recorded(context, config.against),
            count=count,
        )
        record.details["unlike-survivor"] = result.unlike
        rows = incremental.without_known(context, result.duplicates, config.against)
        write = TableHandle.write_few if few.are_few(count) else TableHandle.write
        folders = (
            write(context.table("copies"), result.copies, run=record.run),
            write(duplicates, rows, run=record.run),
        )
        storage.remove_tree(scratch)
        counts.count(context, record, folders[1])
        _report(context, record, result.oversized)
        return folders

    # signatures are checked before the run is recorded: a mistake leaves no failed run
    tables = ("copies", "duplicates")
    made = remake(context, tables, config, inputs, work, prepare=shingling)
    if config.certify:
        certificate.write(context, absolute(config.certify))
        context.print(f"wrote {config.certify}")
    return made


def _texts(context: Context, config: DedupConfig) -> dict[str, DataFrame]:
    """Return `id` and `text` of the documents of earlier roots, by root."""
    return {
        root: context.at(root).table("annotated").read().select("id", "text")
        for root in config.against
    }


def _report(context: Context, record: Record, oversized: list[dict[str, Any]]) -> None:
    """Record and print oversized clusters, and print how many earlier documents have a new survivor."""
    for cluster in oversized:
        context.print(
            f"dedup: cluster {cluster['cluster_id']} had {cluster['documents']:,} documents, of "
            f"which {cluster['kept']:,} are similar to its survivor (--max-cluster)"
        )
    record.details["oversized"] = oversized
    if record.details["unlike-survivor"]:
        context.print(
            f"dedup: {record.details['unlike-survivor']:,} near-duplicates stay: their survivors have "
            "less of their text than --min-contained"
        )
    if record.details["older"]:
        context.print(
            f"dedup: {record.details['older']:,} documents of earlier roots have a new survivor"
        )


if __name__ == "__main__":
    from jobs.cli import main

    sys.exit(main(["dedup", *sys.argv[1:]]))
