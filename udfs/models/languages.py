"""Language of a document: the one that its dump declares, or identified by the rule of its slice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from udfs.ccnet.language import NONE, Language, identify


def spaced(text: str) -> str:
    """Return the line that RedPajama-V1 gave fastText for StackExchange."""
    return text.replace("\n", " ")


def lowered(text: str) -> str:
    """Return the line that RedPajama-V1 gave fastText for arXiv."""
    return text.lower().replace("\n", " ").replace("\t", " ")


def languages_of(
    texts: Sequence[str],
    slices: Sequence[str],
    declared: Sequence[str | None],
    model: Any,
    lines: Mapping[str, Callable[[str], str] | None],
    *,
    exact: bool = False,
) -> list[Language]:
    """Return the language of each text.

    Parameters
    ----------
    slices
        Each text's slice, which decides how its line is made.
    declared
        The language that the dump names for a document, which is taken as given; null for none.
    model
        The model of `udfs.models.model_files.load_language_model`.
    lines
        By slice, the function that makes the line which the model judges; None for a slice whose
        texts have no language, as source code.
    exact
        Whether scores stay as the model has them, rather than with 2 decimals.
    """
    languages = [NONE] * len(texts)
    to_identify: defaultdict[str, list[int]] = defaultdict(list)
    for i, (slice_, language) in enumerate(zip(slices, declared, strict=True)):
        if lines[slice_] is None:
            languages[i] = Language(None, None)
        elif language:
            languages[i] = Language(language, None)
        else:
            to_identify[slice_].append(i)
    for slice_, positions in to_identify.items():
        line = lines[slice_]
        assert line is not None
        identified = identify([texts[i] for i in positions], model, line, exact=exact)
        for i, language_ in zip(positions, identified, strict=True):
            languages[i] = language_
    return languages
