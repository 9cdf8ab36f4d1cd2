"""The language of a document: as its dump says, or identified, by the rule of its slice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from udfs.ccnet.language import NONE, Language, identify, lid_input


def spaced(text: str) -> str:
    """Return the line that RedPajama-V1 gave fastText for StackExchange."""
    return text.replace("\n", " ")


def lowered(text: str) -> str:
    """Return the line that RedPajama-V1 gave fastText for arXiv."""
    return text.lower().replace("\n", " ").replace("\t", " ")


# CCNet's for web pages; where V1 identified nothing, the rule that glues no words together
LINES: dict[str, Callable[[str], str]] = {"common_crawl": lid_input, "arxiv": lowered}
NO_LANGUAGE = frozenset({"github"})  # source code


def languages_of(
    texts: Sequence[str],
    slices: Sequence[str],
    told: Sequence[str | None],
    model: Any,
) -> list[Language]:
    """Return the language of each text.

    Parameters
    ----------
    slices
        Each text's slice, which decides the rule. Source code has no language.
    told
        The language that the dump says a document is in, which is believed; null where it says none.
    model
        What `udfs.models.model_files.load_language_model` returns.
    """
    found = [NONE] * len(texts)
    asked: defaultdict[str, list[int]] = defaultdict(list)
    for i, (slice_, language) in enumerate(zip(slices, told, strict=True)):
        if slice_ in NO_LANGUAGE:
            found[i] = Language(None, None)
        elif language:
            found[i] = Language(language, None)
        else:
            asked[slice_].append(i)
    for slice_, places in asked.items():
        line = LINES.get(slice_, spaced)
        judged = identify([texts[i] for i in places], model, line)
        for i, language_ in zip(places, judged, strict=True):
            found[i] = language_
    return found
