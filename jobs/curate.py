"""Filter annotated documents and duplicates into corpus/, by slice and bucket.

The duplicates of an archive are looked up inside the task that reads its documents, so the text is
shuffled once: to write each slice and bucket into files of a sensible size, sorted by id.
"""

from __future__ import annotations

import secrets
import sys
from dataclasses import replace

from jobs import storage
from jobs.runtime.context import Context
from jobs.steps.curate import (
    counts,
    dry_run,
    exclusions,
    joined_rows,
    notices,
    passages,
    rule_columns,
)
from jobs.steps.curate.corpus_rows import corpus_rows
from jobs.steps.curate.exclusions import Exclusions
from jobs.steps.curate.file_sizes import files_by_group, in_files
from jobs.steps.curate.rules import Plan
from jobs.tables import taken_down
from jobs.tables.manifest import Folder, Manifest
from jobs.tables.remake import remake
from jobs.tables.runs import Record
from schemas.settings.curate import CurateConfig
from udfs.tokens.tokenizer import load_tokenizer


def run(context: Context, config: CurateConfig) -> Record | None:
    """Drop documents that a rule or another document excludes, and publish corpus/."""
    annotated = context.table("annotated").required()
    plan = Plan.of(config)
    if config.dry_run:
        _dry_run(context, config, plan, annotated)
        return None
    duplicates = exclusions.check(context, annotated)
    repeated = passages.manifest(context, config, annotated, duplicates)
    contamination = exclusions.contamination(context, config, annotated)
    tokenizer = load_tokenizer(config.tokenizer)
    inputs = {
        "annotated": annotated.version,
        "duplicates": duplicates.version,
        **({"contamination": contamination.version} if contamination else {}),
        **({"passages": repeated.version} if repeated else {}),
        "tokenizer": tokenizer.name,
        **plan.inputs(),
    }

    def work(record: Record) -> tuple[Folder]:
        context.print(f"curate: {annotated.rows:,} documents, tokens of {tokenizer.name}")
        excluded = Exclusions.of(context, config, contamination)
        return (_curate(context, config, plan, annotated, excluded, record),)

    return remake(context, ("corpus",), config, inputs, work)


def check(config: CurateConfig) -> None:
    """Check that the filter sets, block lists and tokenizer exist and can be read.

    Raises
    ------
    UserError
        One does not, or a rule is not allowed.
    """
    Plan.of(config)
    load_tokenizer(config.tokenizer)


def _curate(
    context: Context,
    config: CurateConfig,
    plan: Plan,
    annotated: Manifest,
    excluded: Exclusions,
    record: Record,
) -> Folder:
    """Write corpus/ and fill in the record."""
    table = context.table("corpus")
    scratch = table.uri(record.run, "scratch")
    plan = plan.stored(context, storage.join(scratch, "blocklists"))
    documents = context.table("annotated").read()
    rows = taken_down.exclude(documents, context.root)
    rows = passages.with_share(context, rows, plan.rules)
    rule_columns.check(rows, plan.rules)
    version = load_tokenizer(config.tokenizer).version
    outlook = counts.outlook(rows, plan, excluded.reasons, tokenizer=version)
    if "passages" in record.inputs:
        staying = passages.kept(rows, plan, excluded.reasons)
        of_passages = passages.notes(context.table("passages").read(), staying)
        excluded = replace(excluded, passages=of_passages)
    changes = config.pii or (excluded.passages is not None and config.passages == "drop")
    if outlook.tokens is None or changes or _notes(context, excluded) > joined_rows.MOST_NOTES:
        known = excluded.stored(documents, storage.join(scratch, "known"))
        with_passages = excluded.passages is not None
        kept = corpus_rows(rows, plan, config, known, with_passages=with_passages)
    else:
        kept = joined_rows.joined_rows(rows, plan, excluded.notes)
    bytes_a_character = annotated.bytes / (outlook.characters or 1)
    files = files_by_group(outlook.kept, bytes_a_character, config.file_megabytes)
    folder = table.write(in_files(kept, files), run=record.run)
    storage.remove_tree(scratch)
    record.rows_in, record.rows_out = annotated.rows, folder.rows
    record.characters_in, record.tokens_in = outlook.characters, outlook.tokens
    record.reasons = outlook.reasons | taken_down.counts(documents, context.root)
    record.details |= {"unknown": outlook.unknown} if outlook.unknown else {}
    record.details |= {"blocklists": outlook.blocklists} if outlook.blocklists else {}
    for name, n in outlook.unknown.items():
        context.print(f"curate: {name} cannot judge {n:,} documents: a signal is missing")
    for line in notices.lines(plan.rules, outlook.languages, outlook.dropped):
        context.print(f"curate: {line}")
    unchanged = None if config.pii else sum(outlook.kept.values())
    counts.kept(record, table, folder, unchanged)
    _report(context, record)
    return folder


def _report(context: Context, record: Record) -> None:
    """Print what was cut."""
    cut, found = (
        record.details.get(name, 0) for name in ("cut_documents", "documents_with_passages")
    )
    if cut:
        context.print(
            f"curate: {record.details['cut_characters']:,} characters of passages are cut from {cut:,} "
            f"documents; {found - cut:,} documents with passages stay whole"
        )


def _notes(context: Context, excluded: Exclusions) -> float:
    """Return how many documents other tables name, at most."""
    names = ["duplicates", "copies"] + ["contamination"] * (excluded.contamination is not None)
    names += ["passages"] * (excluded.passages is not None)
    return sum(context.table(name).required().rows for name in names) * context.scale


def _dry_run(context: Context, config: CurateConfig, plan: Plan, annotated: Manifest) -> None:
    """Print what each rule would drop, and duplicates where dedup has been run."""
    rows = taken_down.exclude(context.table("annotated").read(), context.root)
    rows = passages.with_share(context, rows, plan.rules)
    rule_columns.check(rows, plan.rules)
    reasons = None
    if context.table("duplicates").manifest is not None:
        exclusions.check(context, annotated)
        contamination = exclusions.contamination(context, config, annotated)
        reasons = Exclusions.of(context, config, contamination).reasons
    # below the root, where all workers can read it
    scratch = context.table("corpus").uri(f"dry-run-{secrets.token_hex(4)}")
    try:
        for line in dry_run.lines(
            rows, plan.stored(context, scratch), reasons, config.dry_run_sample
        ):
            context.print(line)
    finally:
        storage.remove_tree(scratch)


if __name__ == "__main__":
    from jobs.cli import main

    sys.exit(main(["curate", *sys.argv[1:]]))
