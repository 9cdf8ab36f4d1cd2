"""Traits of a slice: what other jobs must know of its documents."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from udfs.formats import redpajama_v1
from udfs.models.languages import spaced


class Llama(NamedTuple):
    """A slice's part of LLaMA's training data: table 1 of arXiv 2302.13971.

    Attributes
    ----------
    percent
        Share of the 1.4T tokens.
    epochs
        Passes over the slice's text within them.
    """

    percent: float
    epochs: float


@dataclass(frozen=True)
class Traits:
    """Facts about a slice's documents; they are small, so that a job's tasks can carry them.

    Attributes
    ----------
    web
        Whether CCNet's rules for web pages apply: paragraph dedup, language score and buckets.
    simhash
        Whether near duplicates are found by SimHash as well, as RedPajama-V1 did with its books.
    language_line
        Makes the line that the language model judges from a text: CCNet's for web pages, V1's for
        arXiv, and by default one that joins no words. None where texts have no language, as source
        code.
    llama
        The slice's part of LLaMA's training data, if it has one.
    answers
        Returns the answers that a text holds, which may be copied without the rest of it.
    v1_subset
        RedPajama-V1's `red_pajama_subset`; None for the slice's name.
    v1_meta
        Returns RedPajama-V1's `meta` for a row of corpus/ or mixture/ and the row's metadata.
    """

    web: bool = False
    simhash: bool = False
    language_line: Callable[[str], str] | None = spaced
    llama: Llama | None = None
    answers: Callable[[str], Sequence[str]] | None = None
    v1_subset: str | None = None
    v1_meta: Callable[[Mapping[str, Any], Mapping[str, str]], dict[str, Any]] = redpajama_v1.web
