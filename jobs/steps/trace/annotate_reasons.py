"""Why annotate dropped a document: identify its language again, as the run did."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jobs import slices
from jobs.steps.annotate.batches import LOW_SCORE, drop_reason
from jobs.steps.annotate.languages import exact_languages, stored_languages
from jobs.steps.trace.rows import Row, Rows
from jobs.tables.runs import Record
from schemas.errors import UserError
from schemas.settings.annotate import AnnotateConfig
from udfs.ccnet import paragraphs as line_rules
from udfs.ccnet.buckets import Cutoffs
from udfs.models import model_files


def language_reasons(rows: Rows, ids: Sequence[str], run: Record) -> dict[str, dict[str, Any]]:
    """Return why each document was dropped, by id; without those whose reason cannot be found.

    Returns
    -------
    dict
        `reason` as the run counts it, `language`, `language_score` and `summary`.
    """
    model = _unchanged_model(run, "language")
    if not ids or model is None:
        return {}
    config = run.settings(AnnotateConfig)
    columns = ("text", "slice", "metadata")
    documents = rows.by_id("documents", ids, columns)
    traits = slices.traits_of(document["slice"] for document in documents)
    exact = exact_languages(
        config,
        _texts_after_paragraphs(rows, documents),
        [document["slice"] for document in documents],
        [(document["metadata"] or {}).get("language") for document in documents],
        model_files.load_language_model(model),
        traits,
    )
    languages = stored_languages(config, exact)
    reasons = {}
    for document, language in zip(documents, languages, strict=True):
        reason = drop_reason(config, traits[document["slice"]], language)
        if reason:
            limit = (
                f"{language.score} is below --min-language-score {config.min_language_score}"
                if reason == LOW_SCORE
                else f"not one of --languages {' '.join(config.languages)}"
            )
            reasons[document["id"]] = {
                "reason": reason,
                "language": language.code,
                "language_score": language.score,
                "summary": f"{reason}: {language.code}, {limit}",
            }
    return reasons


def _texts_after_paragraphs(rows: Rows, documents: Sequence[Row]) -> list[str]:
    """Return the texts that annotate read: of web pages only the lines that paragraph dedup kept."""
    web = [row["id"] for row in documents if slices.load(row["slice"]).traits.web]
    kept = {}
    if web and "paragraphs" in rows.tables:
        paragraphs = rows.by_id("paragraphs", web, ("line_ids",))
        kept = {row["id"]: row["line_ids"] for row in paragraphs}
    return [
        line_rules.apply(document["text"], kept[document["id"]])
        if document["id"] in kept
        else document["text"]
        for document in documents
    ]


def cutoffs(run: Record | None) -> Cutoffs | None:
    """Return the cut-offs that a run of annotate used; None where they are no longer available."""
    if run is None:
        return None
    if "cutoffs" not in run.inputs.get("models", {}):
        return Cutoffs()
    path = _unchanged_model(run, "cutoffs")
    return None if path is None else Cutoffs.load(path)


def _unchanged_model(run: Record, role: str) -> Path | None:
    """Return the path of a model that a run used; None where it is missing or has changed."""
    folder = run.settings(AnnotateConfig).models
    try:
        path = (
            model_files.language_model_path(folder)
            if role == "language"
            else model_files.find_cutoffs(folder)
        )
        same = path and list(model_files.describe_file(path)) == run.inputs["models"].get(role)
    except (UserError, OSError, KeyError):
        return None
    return path if same else None
