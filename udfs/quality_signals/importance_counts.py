"""Counts of a data set for DSIR: words and pairs of neighbours by bucket, and the number of words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from udfs.quality_signals.arrays import Ints
from udfs.quality_signals.documents import Documents
from udfs.quality_signals.importance import hashed_counts
from udfs.quality_signals.resources import NO_RESOURCES

# a text needs an array of its own of as many numbers as there are buckets
_MAX_TEXTS, _MAX_CHARS = 128, 1_000_000


def count_features(texts: Sequence[str], buckets: int) -> tuple[Ints, int]:
    """Sum the features of the importance signals over texts, and their raw words."""
    counts = np.zeros(buckets, np.int64)
    words = 0
    for part in _parts(texts):
        nothing = [None] * len(part)
        documents = Documents(part, nothing, nothing, NO_RESOURCES, {})
        counts += hashed_counts(documents, buckets).sum(axis=0).astype(np.int64)
        words += int(documents.raw_word_counts.sum())
    return counts, words


def _parts(texts: Sequence[str]) -> Iterator[list[str]]:
    part: list[str] = []
    chars = 0
    for text in texts:
        part.append(text)
        chars += len(text)
        if len(part) == _MAX_TEXTS or chars > _MAX_CHARS:
            yield part
            part, chars = [], 0
    if part:
        yield part
