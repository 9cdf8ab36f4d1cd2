"""Drop paragraphs that repeat across web documents, as CCNet does.

A paragraph is a line. One that a group of documents has more than once is dropped. The default group is
one archive: its documents are in one file of documents/, so one task sees them all and nothing is
shuffled. Wider groups shuffle hashes (`jobs.steps.paragraphs.groups`).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs import slices, storage
from jobs.runtime.context import Context
from jobs.steps.paragraphs import groups, lines
from jobs.steps.paragraphs.groups import DuplicatesOf
from jobs.tables import content_hash, few_rows, taken_down
from jobs.tables.manifest import Folder
from jobs.tables.remake import remake
from jobs.tables.runs import Record
from schemas.settings.paragraphs import ParagraphsConfig
from schemas.tables.outcomes import KEPT
from schemas.tables.paragraphs import PARAGRAPHS


def run(context: Context, config: ParagraphsConfig) -> Record:
    """Find the lines to keep of each web document, and publish paragraphs/."""
    group = groups.parse(config.group)
    documents = context.table("documents").required()
    folders = [
        folder for folder in documents.folders if slices.load(folder.labels["slice"]).traits.web
    ]

    def work(record: Record) -> tuple[Folder]:
        context.print(f"paragraphs: {sum(folder.rows for folder in folders):,} web documents")
        web = context.table("documents").read_folders(folders)
        content = _write(context, config, group, folders, web, record.run)
        table = context.table("paragraphs")
        kept, rejected = (
            table.with_files(
                Folder(f"{record.run}/rows/outcome={outcome}", record.run, "paragraphs"), hash_
            )
            for outcome, hash_ in ((KEPT, content), (lines.REJECTED, None))
        )
        record.rows_in = sum(folder.rows for folder in folders)
        record.rows_out = kept.rows
        record.reasons = {lines.NOTHING_LEFT: rejected.rows} if rejected.rows else {}
        record.reasons |= taken_down.counts(web, context.root)
        record.characters_in, record.characters_out = few_rows.sums(
            table, [kept, rejected], "original_length", "length"
        )
        return (kept,)

    return remake(context, ("paragraphs",), config, {"documents": documents.version}, work)


def _write(
    context: Context,
    config: ParagraphsConfig,
    group: str | int,
    folders: Sequence[Folder],
    web: DataFrame,
    run: str,
) -> str:
    """Write the rows of all web documents, by outcome; return the hash of those that are kept."""
    rows = taken_down.exclude(web, context.root).select(
        "id", "text", "source.uri", "source.offset", "snapshot", "slice"
    )
    table = context.table("paragraphs")
    scratch = table.uri(run, "scratch")
    with lines.whole_files(context.spark) as whole:
        if group == "archive" and whole and lines.each_archive_in_one_file(folders):
            batches = lines.within_archive(config.keep)
        else:
            hashes = lines.duplicate_hashes(rows, group, scratch)
            batches = lines.across_archives(DuplicatesOf(hashes, config.keep))
        kept = F.col("outcome") == KEPT
        decided, content = content_hash.observed(
            rows.mapInArrow(batches, lines.ROWS), PARAGRAPHS, kept
        )
        decided.write.partitionBy("outcome", "slice").parquet(table.uri(run, "rows"))
    storage.remove_tree(scratch)
    return content()


if __name__ == "__main__":
    from jobs.cli import main

    sys.exit(main(["paragraphs", *sys.argv[1:]]))
