"""Why annotate left a document out: its language, judged again as annotate did it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jobs import slices
from jobs.steps.annotate.batches import LOW_SCORE, drop_reason
from jobs.steps.trace.rows import Rows
from jobs.tables.rows_by_id import rows_by_id
from jobs.tables.runs import Record
from schemas.errors import UserError
from schemas.settings.annotate import AnnotateConfig
from udfs.ccnet import paragraphs as rules
from udfs.ccnet.buckets import Cutoffs
from udfs.models import model_files
from udfs.models.languages import languages_of


def by_language(found: Rows, ids: Sequence[str], run: Record) -> dict[str, dict[str, Any]]:
    """The reason by id, with the numbers; ids of which it cannot be told are left out.

    Returns
    -------
    dict
        `reason` as the run counts it, `language`, `language_score` and `said`.
    """
    path = _same_file(run, "language")
    if not ids or path is None:
        return {}
    config = run.settings(AnnotateConfig)
    rows = rows_by_id(found.context.table("documents"), ids, ("text", "slice", "metadata"))
    traits = slices.traits_of(row["slice"] for row in rows)
    web = [row["id"] for row in rows if traits[row["slice"]].web and "paragraphs" in found.tables]
    left = rows_by_id(found.context.table("paragraphs"), web, ("line_ids",)) if web else []
    lines = {row["id"]: row["line_ids"] for row in left}
    texts = [
        rules.apply(row["text"], lines[row["id"]]) if row["id"] in lines else row["text"]
        for row in rows
    ]
    judged = languages_of(
        texts,
        [row["slice"] for row in rows],
        [(row["metadata"] or {}).get("language") for row in rows],
        model_files.load_language_model(path),
        {name: known.language_line for name, known in traits.items()},
    )
    reasons = {}
    for row, language in zip(rows, judged, strict=True):
        reason = drop_reason(config, traits[row["slice"]], language)
        if reason:
            limit = (
                f"{language.score} is below --min-language-score {config.min_language_score}"
                if reason == LOW_SCORE
                else f"not one of --languages {' '.join(config.languages)}"
            )
            reasons[row["id"]] = {
                "reason": reason,
                "language": language.code,
                "language_score": language.score,
                "said": f"{reason}: {language.code}, {limit}",
            }
    return reasons


def cutoffs(run: Record | None) -> Cutoffs | None:
    """The cut-offs that a run of annotate went by; None where they cannot be had any more."""
    if run is None:
        return None
    if "cutoffs" not in run.inputs.get("models", {}):
        return Cutoffs()
    path = _same_file(run, "cutoffs")
    return None if path is None else Cutoffs.load(path)


def _same_file(run: Record, role: str) -> Any:
    """The path of a model that a run used; None where it is not there as it was."""
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
