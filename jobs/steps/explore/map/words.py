"""Texts as TF-IDF of their words."""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

CHARACTERS = 3_000
"""Characters of a text that count."""

_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af"
# scripts without blanks give one word a character
_WORD = re.compile(rf"[{_IDEOGRAPHS}]|[^\W\d_{_IDEOGRAPHS}]{{2,}}")
_LONGEST = 30  # letters of a word
_FEWEST_DOCUMENTS = 3
_COMMON = 0.5  # share of a language's documents above which a word says nothing
_FEWEST_WORDS = 10
_LANGUAGE = 20  # documents of a language whose common words are left out


@dataclass(frozen=True)
class Words:
    """Texts by words.

    Attributes
    ----------
    tfidf
        A row a text, a column a word; rows have length 1, or 0 where no word counts.
    vocabulary
        The word of each column.
    """

    tfidf: sparse.csr_matrix
    vocabulary: list[str]


def words(texts: Sequence[str], languages: Sequence[str | None]) -> Words:
    """Return texts as TF-IDF of their words.

    Words in fewer than three texts are left out, and those in more than half of the texts of one
    language: articles and prepositions, which need no list for each language so.
    """
    numbers: dict[str, int] = {}
    columns, starts = array("i"), [0]
    for text in texts:
        for word in _WORD.findall(text[:CHARACTERS].lower()):
            columns.append(numbers.setdefault(word[:_LONGEST], len(numbers)))
        starts.append(len(columns))
    counts = sparse.csr_matrix(
        (np.ones(len(columns), np.float32), np.array(columns, np.int32), np.array(starts)),
        shape=(len(texts), max(1, len(numbers))),
    )
    counts.sum_duplicates()
    documents = np.asarray((counts > 0).sum(axis=0)).ravel()
    fewest = min(_FEWEST_DOCUMENTS, max(1, len(texts) // 10))
    kept = np.flatnonzero((documents >= fewest) & ~_common(counts, languages))
    if len(kept) < _FEWEST_WORDS:  # texts that are much alike, or have nothing in common
        kept = np.arange(counts.shape[1])
    counts, documents = counts[:, kept], documents[kept]
    counts.data = 1 + np.log(counts.data)
    weighted = counts @ sparse.diags(np.log(len(texts) / np.maximum(1, documents)) + 1)
    lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    tfidf = sparse.diags(1 / np.maximum(lengths, 1e-12)) @ weighted
    names = list(numbers) or [""]
    return Words(tfidf.astype(np.float32).tocsr(), [names[column] for column in kept])


def _common(counts: sparse.csr_matrix, languages: Sequence[str | None]) -> NDArray[np.bool_]:
    """Return whether each word is in many texts of some language."""
    common = np.zeros(counts.shape[1], bool)
    by_language: dict[str | None, list[int]] = {}
    for row, language in enumerate(languages):
        by_language.setdefault(language, []).append(row)
    for rows in by_language.values():
        if len(rows) >= _LANGUAGE:
            share = np.asarray((counts[rows] > 0).sum(axis=0)).ravel() / len(rows)
            common |= share > _COMMON
    return common
