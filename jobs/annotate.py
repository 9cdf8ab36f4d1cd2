"""Annotate documents: language, perplexity, bucket, quality signals, MinHash and SimHash.

A text is read once. The lines that paragraph dedup keeps of a web document are looked up by archive
inside the task, so no text is shuffled.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import partial
from typing import Any

from pyspark.sql import functions as F

from jobs import slices
from jobs.runtime import workers
from jobs.runtime.context import Context
from jobs.slices.traits import Traits
from jobs.steps.annotate.batches import OUTCOMES, annotate
from jobs.steps.paragraphs.kept_lines import COLUMNS, KeptLines
from jobs.tables import archive_lookup, few_rows, outcomes, taken_down
from jobs.tables.manifest import Folder, Manifest
from jobs.tables.remake import remake
from jobs.tables.runs import Record
from schemas.errors import UserError
from schemas.names import check_names
from schemas.settings.annotate import AnnotateConfig
from udfs.annotate import Models
from udfs.ccnet.language import known_codes
from udfs.models import model_files
from udfs.quality_signals import installed_signals
from udfs.tokens.tokenizer import load_tokenizer


def run(context: Context, config: AnnotateConfig) -> Record:
    """Annotate all documents and publish annotated/."""
    documents = context.table("documents").required()
    traits = slices.traits_of(folder.labels["slice"] for folder in documents.folders)
    paragraphs = _paragraphs(context, documents, traits)
    check(config)
    described = model_files.describe(config.models)
    inputs: dict[str, Any] = {
        "documents": documents.version,
        "paragraphs": paragraphs.version if paragraphs else None,
        "models": described,
    }
    signals = installed_signals()
    if signals:
        inputs["signals"] = {signal.name: signal.version for signal in signals}

    def work(record: Record) -> tuple[Folder]:
        rows_in = _rows_in(documents, paragraphs, traits)
        context.print(f"annotate: {rows_in:,} documents, {_models(config)}")
        rows = taken_down.exclude(context.table("documents").read(), context.root)
        files = paragraphs.files if paragraphs else ()
        lookup = archive_lookup.of_table(context.table("paragraphs"), files, COLUMNS)
        batches = annotate(config, KeptLines(lookup, traits), described, traits, signals)
        folder = outcomes.write(
            rows.mapInArrow(batches, OUTCOMES),
            context.table("annotated"),
            run=record.run,
        )
        _count(context, record, folder, documents, paragraphs, traits)
        return (folder,)

    def prepare() -> None:
        Models.load(config.models).check()
        for signal in signals:
            signal.load()
        workers.check(context.spark, partial(model_files.check_same, config.models, described))

    return remake(context, ("annotated",), config, inputs, work, prepare=prepare)


def check(config: AnnotateConfig) -> None:
    """Check that the models and the tokenizer exist, and that they can identify the languages to keep.

    Raises
    ------
    UserError
        The folder of models does not exist, a model lacks a file, or a language is none.
    """
    model_files.describe(config.models)
    load_tokenizer(config.tokenizer)
    if config.languages:
        model = model_files.load_language_model(model_files.language_model_path(config.models))
        check_names("", "language", config.languages, known_codes(model))


def _models(config: AnnotateConfig) -> str:
    languages = ", ".join(model_files.find_perplexity_models(config.models))
    perplexity = f"perplexity for {languages}" if languages else "no perplexity models"
    return f"language by {model_files.language_model_path(config.models).name}, {perplexity}"


def _paragraphs(
    context: Context, documents: Manifest, traits: Mapping[str, Traits]
) -> Manifest | None:
    """Return the manifest of paragraphs/ for these documents; None where none are web pages."""
    if not any(known.web for known in traits.values()):
        return None
    paragraphs = context.table("paragraphs").required()
    if paragraphs.inputs != [{"documents": documents.version}]:
        raise UserError("paragraphs/ is older than documents/: run `redpajama paragraphs` again")
    return paragraphs


def _count(
    context: Context,
    record: Record,
    folder: Folder,
    documents: Manifest,
    paragraphs: Manifest | None,
    traits: Mapping[str, Traits],
) -> None:
    """Fill in the record: its counts of documents and characters, and the reasons of losses."""
    record.rows_in = _rows_in(documents, paragraphs, traits)
    other_folders = _not_web(documents, traits)
    record.rows_out = folder.rows
    annotated = context.table("annotated")
    record.reasons = outcomes.counts(outcomes.rejected(annotated, record.run))
    record.reasons |= _taken_down(context, paragraphs, traits)
    record.characters_out, record.tokens_out = few_rows.sums(
        annotated, [folder], "length", "token_count"
    )
    web_folders = paragraphs.folders if paragraphs else ()
    (web,) = few_rows.sums(context.table("paragraphs"), web_folders, "length")
    (others,) = few_rows.sums(context.table("documents"), other_folders, "length")
    record.characters_in = web + others


def _not_web(documents: Manifest, traits: Mapping[str, Traits]) -> list[Folder]:
    return [item for item in documents.folders if not traits[item.labels["slice"]].web]


def _rows_in(documents: Manifest, paragraphs: Manifest | None, traits: Mapping[str, Traits]) -> int:
    """Return the number of documents to annotate: those web pages of which a paragraph is left count."""
    others = sum(item.rows for item in _not_web(documents, traits))
    return others + (paragraphs.rows if paragraphs else 0)


def _taken_down(
    context: Context, paragraphs: Manifest | None, traits: Mapping[str, Traits]
) -> dict[str, int]:
    """Count the documents among `rows_in` that have been taken down since."""
    if not taken_down.files(context.root):
        return {}
    rows = context.table("documents").read()
    if paragraphs is not None:
        ids = context.table("paragraphs").read_folders(paragraphs.folders)
        is_web = F.col("slice").isin(*(name for name, known in traits.items() if known.web))
        rows = rows.where(~is_web).unionByName(
            rows.where(is_web).join(ids.select("id"), "id", "left_semi")
        )
    return taken_down.counts(rows, context.root)


if __name__ == "__main__":
    from jobs.cli import main

    sys.exit(main(["annotate", *sys.argv[1:]]))
