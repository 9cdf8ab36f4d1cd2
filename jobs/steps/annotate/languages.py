"""The language of documents, by the way that `--language-id` names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jobs.slices.traits import Traits
from schemas.settings.annotate import AnnotateConfig
from udfs.ccnet.language import Language, robust_input
from udfs.models.languages import languages_of


def exact_languages(
    config: AnnotateConfig,
    texts: Sequence[str],
    names: Sequence[str],
    declared: Sequence[str | None],
    model: Any,
    traits: Mapping[str, Traits],
) -> list[Language]:
    """Return the language of each text, with the score as the model has it.

    Parameters
    ----------
    names
        Each text's slice.
    declared
        The language that the dump names for a document, which is taken as given; null for none.
    model
        A fastText model of languages.
    """
    lines = {name: known.language_line for name, known in traits.items()}
    if config.language_id == "robust":
        lines = {name: line and robust_input for name, line in lines.items()}
    return languages_of(texts, names, declared, model, lines, exact=True)


def stored_languages(config: AnnotateConfig, languages: Sequence[Language]) -> list[Language]:
    """Return languages with the scores that annotated/ has: CCNet's have 2 decimals."""
    if config.language_id == "robust":
        return list(languages)
    return [language.rounded() for language in languages]
