"""Language, perplexity, bucket, quality signals, MinHash and SimHash: documents/ become annotated/.

The text is read once, by one pass of Arrow batches through one function. What paragraph dedup left of
a web document is looked up by archive inside the task, so that no text is shuffled.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import functions as F

from jobs import slices, tables
from jobs.runtime.arrow import filled
from jobs.runtime.context import Context
from jobs.slices.traits import Traits
from jobs.steps.paragraphs.kept_lines import COLUMNS, Left, LinesLeft
from jobs.tables import archive_lookup, manifest, outcomes, runs, taken_down
from jobs.tables.manifest import Folder, Manifest
from jobs.tables.runs import Record
from schemas.errors import UserError
from schemas.settings.annotate import AnnotateConfig
from schemas.tables.annotated import ANNOTATED
from schemas.tables.outcomes import COUNTED, KEPT, with_outcome
from udfs.annotate import Models, measure
from udfs.ccnet.language import Language
from udfs.models import model_files
from udfs.models.languages import languages_of

LOW_SCORE = "language-score"
OTHER_LANGUAGE = "language"
_OUTCOMES = with_outcome(ANNOTATED)


def run(context: Context, config: AnnotateConfig) -> Record:
    """Annotate all documents and publish annotated/."""
    documents = tables.required(context.root, "documents")
    traits = slices.traits_of(folder.labels["slice"] for folder in documents.folders)
    left = _paragraphs(context.root, documents, traits)
    described = model_files.describe(config.models)
    inputs = {
        "documents": documents.version,
        "paragraphs": left.version if left else None,
        "models": described,
    }
    key = runs.digest(config, inputs)
    same = runs.unchanged(context, config, "annotated", "annotate", inputs)
    if same:
        return same
    Models.load(config.models).check()
    before = manifest.current(context.root, "annotated")
    with runs.record(context, "annotate", config, inputs) as record:
        context.say(f"annotate: {documents.rows:,} documents, {_models(config)}")
        rows = taken_down.without(
            tables.read(context.spark, context.root, "documents"), context.root
        )
        found = archive_lookup.of_table(
            context.root, "paragraphs", left.files if left else (), COLUMNS
        )
        folder = outcomes.write(
            rows.mapInArrow(
                annotate(config, LinesLeft(found, traits), described, traits), _OUTCOMES
            ),
            context.root,
            "annotated",
            run=record.run,
            job="annotate",
        )
        _count(context, record, folder, documents, left, traits)
        record.check()
        tables.publish_whole(context.root, "annotated", folder, before, digest=key, inputs=inputs)
    return record


def _models(config: AnnotateConfig) -> str:
    languages = ", ".join(model_files.find_perplexity_models(config.models))
    perplexity = f"perplexity for {languages}" if languages else "no perplexity models"
    return f"language by {model_files.language_model_path(config.models).name}, {perplexity}"


def _paragraphs(root: str, documents: Manifest, traits: Mapping[str, Traits]) -> Manifest | None:
    """Return the manifest of paragraphs/ for these documents; None where none are web pages."""
    if not any(known.web for known in traits.values()):
        return None
    found = tables.required(root, "paragraphs")
    if found.inputs != [{"documents": documents.version}]:
        raise UserError("paragraphs/ is older than documents/: run `redpajama paragraphs` again")
    return found


def annotate(
    config: AnnotateConfig,
    lines_left: LinesLeft,
    described: Mapping[str, Sequence[object]],
    traits: Mapping[str, Traits],
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """Return a function of rows of documents/ that yields rows of annotated/ and counts.

    Parameters
    ----------
    described
        The models that the driver found in their folder; a worker must find the same.
    traits
        Traits of the documents' slices.
    """
    lines = {name: known.language_line for name, known in traits.items()}

    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        model_files.check_same(config.models, described)
        loaded = Models.load(config.models)
        for batch in batches:
            left = lines_left.of(batch)
            if not len(left.texts):
                continue
            names = left.rows.column("slice").to_pylist()
            declared = pc.map_lookup(left.rows.column("metadata"), pa.scalar("language"), "first")
            languages = languages_of(
                left.texts, names, declared.to_pylist(), loaded.language, lines
            )
            reasons = [
                left_out(config, traits[name], language)
                for name, language in zip(names, languages, strict=True)
            ]
            kept = [i for i, reason in enumerate(reasons) if reason is None]
            if kept:
                chosen = [languages[i] for i in kept]
                yield _kept(left.take(kept), chosen, loaded, config, traits)
            if len(kept) < len(reasons):
                yield _counted(names, reasons)

    return work


def left_out(config: AnnotateConfig, traits: Traits, language: Language) -> str | None:
    """Return why a document is left out; only web pages are judged by their language's score."""
    if traits.web and (language.score or 0.0) < config.min_language_score:
        return LOW_SCORE
    has_language = traits.language_line is not None
    if config.languages and has_language and language.code not in config.languages:
        return OTHER_LANGUAGE
    return None


def _kept(
    left: Left,
    languages: Sequence[Language],
    loaded: Models,
    config: AnnotateConfig,
    traits: Mapping[str, Traits],
) -> pa.RecordBatch:
    rows, codes = left.rows, [language.code for language in languages]
    scores = [language.score for language in languages]
    ccnet = {
        "length": [len(text) for text in left.texts],
        "nlines": [text.count("\n") + 1 for text in left.texts],
        "original_length": left.original_length,
        "original_nlines": left.original_nlines,
    }
    names = rows.column("slice").to_pylist()
    made = measure(
        left.texts,
        rows.column("source_domain").to_pylist(),
        loaded,
        languages=codes,
        language_scores=scores,
        ccnet=ccnet,
        bucketed=[traits[name].web for name in names],
        simhashed=[traits[name].simhash for name in names],
        ngram=config.ngram,
        v2_minhash=config.v2_minhash,
    )
    columns = {
        **{name: rows.column(name) for name in rows.schema.names},
        **ccnet,
        **made,
        "text": left.texts,
        "line_ids": left.line_ids,
        "language": codes,
        "language_score": scores,
        "outcome": [KEPT] * len(codes),
    }
    return filled(_OUTCOMES, columns, len(codes))


def _counted(names: Sequence[str], reasons: Sequence[str | None]) -> pa.RecordBatch:
    """Return a row for each slice and reason of the batch."""
    out = [(name, why) for name, why in zip(names, reasons, strict=True) if why is not None]
    pairs = sorted(set(out))
    columns = {
        "slice": [slice_ for slice_, _ in pairs],
        "outcome": [COUNTED] * len(pairs),
        "stage": ["annotate"] * len(pairs),
        "reason": [reason for _, reason in pairs],
        "n": [out.count(pair) for pair in pairs],
    }
    return filled(_OUTCOMES, columns, len(pairs))


def _count(
    context: Context,
    record: Record,
    folder: Folder,
    documents: Manifest,
    left: Manifest | None,
    traits: Mapping[str, Traits],
) -> None:
    """Count the input, which is paragraphs/ for web slices and documents/ for others, and the output."""
    others = [other for other in documents.folders if not traits[other.labels["slice"]].web]
    record.rows_in = sum(other.rows for other in others) + (left.rows if left else 0)
    record.rows_out = folder.rows
    record.reasons = outcomes.counts(
        outcomes.rejected(context.spark, context.root, "annotated", record.run)
    )
    record.reasons |= _taken_down(context, left, traits)
    rows = tables.read_folders(context.spark, context.root, "annotated", [folder])
    record.characters_out = rows.agg(F.sum("length")).collect()[0][0] or 0
    web = tables.read_folders(
        context.spark, context.root, "paragraphs", left.folders if left else ()
    )
    rest = tables.read_folders(context.spark, context.root, "documents", others)
    lengths = web.select("length").unionByName(rest.select("length"))
    record.characters_in = lengths.agg(F.sum("length")).collect()[0][0] or 0


def _taken_down(
    context: Context, left: Manifest | None, traits: Mapping[str, Traits]
) -> dict[str, int]:
    """Return how many of the documents that count as read have been taken down since."""
    if not taken_down.files(context.root):
        return {}
    rows = tables.read(context.spark, context.root, "documents")
    if left is not None:
        ids = tables.read_folders(context.spark, context.root, "paragraphs", left.folders)
        is_web = F.col("slice").isin(*(name for name, known in traits.items() if known.web))
        rows = rows.where(~is_web).unionByName(
            rows.where(is_web).join(ids.select("id"), "id", "left_semi")
        )
    return taken_down.reasons(rows, context.root)


if __name__ == "__main__":
    from jobs.cli import main

    sys.exit(main(["annotate", *sys.argv[1:]]))
