"""What is kept: annotated/ without duplicates/ becomes corpus/, by slice and bucket.

The duplicates of an archive are looked up inside the task that reads its documents, so the text is
shuffled once: to bring each slice and bucket together in files of a sensible size, sorted by id.
"""

from __future__ import annotations

import secrets
import sys

from pyspark.sql import DataFrame

from jobs import storage, tables
from jobs.runtime.context import Context
from jobs.steps.curate import counts, dry_run, exclusions, filters
from jobs.steps.curate.corpus_rows import READ, keep
from jobs.steps.curate.exclusions import Others
from jobs.steps.curate.file_sizes import files_by_group, in_files
from jobs.steps.curate.rules import Plan, judged
from jobs.tables import manifest, runs, taken_down
from jobs.tables.archive_lookup import Lookup
from jobs.tables.manifest import Manifest
from jobs.tables.runs import Record
from schemas.settings.curate import CurateConfig
from schemas.tables.corpus import CORPUS
from udfs.tokens.tokenizer import load_tokenizer


def run(context: Context, config: CurateConfig) -> Record | None:
    """Keep what no rule and no other document leaves out, and publish corpus/."""
    annotated = tables.required(context.root, "annotated")
    plan = Plan.of(config)
    if config.dry_run:
        _dry_run(context, config, plan, annotated)
        return None
    duplicates = exclusions.check(context.root, annotated)
    contamination = exclusions.contamination(context.root, config, annotated)
    tokenizer = load_tokenizer(config.tokenizer)
    inputs = {
        "annotated": annotated.version,
        "duplicates": duplicates.version,
        **({"contamination": contamination.version} if contamination else {}),
        "tokenizer": tokenizer.name,
        **plan.inputs(),
    }
    key = runs.digest(config, inputs)
    same = runs.unchanged(context, config, "corpus", "curate", inputs)
    if same:
        return same
    before = manifest.current(context.root, "corpus")
    with runs.record(context, "curate", config, inputs) as record:
        context.say(f"curate: {annotated.rows:,} documents, tokens of {tokenizer.name}")
        scratch = storage.join(context.root, "corpus", record.run, "scratch")
        plan = plan.stored(context, storage.join(scratch, "blocklists"))
        everything = tables.read(context.spark, context.root, "annotated")
        rows = taken_down.without(everything, context.root)
        filters.check(rows, plan.rules)
        said = Others.of(context, config, contamination)
        seen = counts.outlook(rows, plan, said.gone)
        made = corpus(rows, plan, config, said.stored(everything, storage.join(scratch, "known")))
        bytes_a_character = annotated.bytes / (seen.characters or 1)
        files = files_by_group(seen.kept, bytes_a_character, config.file_megabytes)
        folder = tables.write(
            in_files(made, files), context.root, "corpus", run=record.run, job="curate"
        )
        storage.remove_tree(scratch)
        record.rows_in, record.rows_out = annotated.rows, folder.rows
        record.characters_in = seen.characters
        record.reasons = seen.reasons | taken_down.reasons(everything, context.root)
        record.details |= {"unknown": seen.unknown} if seen.unknown else {}
        for name, n in seen.unknown.items():
            context.say(f"curate: {name} says nothing of {n:,} documents: a signal is missing")
        counts.kept(record, tables.read_folders(context.spark, context.root, "corpus", [folder]))
        record.check()
        tables.publish_whole(context.root, "corpus", folder, before, digest=key, inputs=inputs)
    return record


def corpus(rows: DataFrame, plan: Plan, config: CurateConfig, said: Lookup) -> DataFrame:
    """Rows of corpus/ for rows of annotated/.

    Parameters
    ----------
    said
        What other tables say of the documents (`jobs.steps.curate.exclusions`).
    """
    chosen = judged(rows, plan).where("reason is null").select(*READ.names)
    return chosen.mapInArrow(keep(config, said), CORPUS)


def _dry_run(context: Context, config: CurateConfig, plan: Plan, annotated: Manifest) -> None:
    """Say what each rule would drop, duplicates too where dedup has been run."""
    rows = taken_down.without(tables.read(context.spark, context.root, "annotated"), context.root)
    filters.check(rows, plan.rules)
    gone = None
    if manifest.current(context.root, "duplicates") is not None:
        exclusions.check(context.root, annotated)
        contamination = exclusions.contamination(context.root, config, annotated)
        gone = Others.of(context, config, contamination).gone
    # where all workers can read it
    scratch = storage.join(context.root, "corpus", f"dry-run-{secrets.token_hex(4)}")
    try:
        for line in dry_run.lines(rows, plan.stored(context, scratch), gone, config.dry_run_sample):
            context.say(line)
    finally:
        storage.remove_tree(scratch)


if __name__ == "__main__":
    from jobs.cli import main

    sys.exit(main(["curate", *sys.argv[1:]]))
