"""Importance weights (DSIR): how much likelier a text is in a target domain than in the crawl."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from udfs.quality_signals.arrays import Floats, Ints, offsets, round_half_even
from udfs.quality_signals.declaration import signal
from udfs.quality_signals.documents import Documents
from udfs.quality_signals.python_hash import hash_pairs, hash_strings

SOURCE = "ccnet"


def buckets(hashes: npt.NDArray[np.uint64], size: int) -> Ints:
    """Return `abs(hash) % size` of signed 64-bit hashes, given as their unsigned bits."""
    negative = hashes >> np.uint64(63) != 0
    magnitude = np.where(negative, ~hashes + np.uint64(1), hashes)
    indices: Ints = (magnitude % np.uint64(size)).astype(np.int64)
    return indices


def hashed_counts(documents: Documents, size: int) -> Floats:
    """Return how many raw words and pairs of neighbours of each document (row) are in each bucket."""
    vocabulary = documents.vocabulary
    numbers, distinct = _number(vocabulary.raw_words)
    # the raw words of each chunk of the text, in its order
    per_chunk = vocabulary.raw_word_counts
    sizes = per_chunk[documents.raw_chunks]
    first = np.repeat(offsets(per_chunk)[documents.raw_chunks] - offsets(sizes)[:-1], sizes)
    words = numbers[first + np.arange(len(first))]

    hashes = hash_strings(distinct)
    unigrams = buckets(hashes, size)[words]
    bigrams = buckets(hash_pairs(hashes[words[:-1]], hashes[words[1:]]), size)
    bounds = offsets(documents.raw_word_counts).tolist()
    counts = np.zeros((len(documents), size))
    for row, (start, end) in enumerate(pairwise(bounds)):
        counts[row] += np.bincount(unigrams[start:end], minlength=size)
        counts[row] += np.bincount(bigrams[start : max(end - 1, start)], minlength=size)
    return counts


def _number(words: list[str]) -> tuple[Ints, list[str]]:
    distinct = list(dict.fromkeys(words))
    number = {word: i for i, word in enumerate(distinct)}
    return np.fromiter(map(number.__getitem__, words), np.int64, len(words)), distinct


def importance(target: str, *, length_correction: bool = False) -> Callable[[Documents], Floats]:
    """Log of p(document | target) / p(document | crawl) over hashed words and pairs of neighbours.

    With the correction, plus the log of the ratio of the Poisson probabilities of the length, which
    V2 takes in characters although its means are in words. Null for an empty text and where the
    language has no statistics.
    """

    def measure(documents: Documents) -> Floats:
        scores = np.full(len(documents), np.nan)
        for language, rows in documents.by_language():
            domain = documents.resources.domains.get((language or "", target))
            source = documents.resources.domains.get((language or "", SOURCE))
            if domain is None or source is None:
                continue
            difference = domain.log_probabilities - source.log_probabilities
            size = len(difference)
            features = documents.shared(("hashed counts", size), partial(hashed_counts, size=size))
            for row in rows:
                scores[row] = np.inner(features[row], difference)
            if length_correction:
                lengths = documents.lengths[rows]
                target_term = _log_poisson(lengths, domain.mean_words)
                scores[rows] += target_term - _log_poisson(lengths, source.mean_words)
        scores[documents.lengths == 0] = np.nan
        return round_half_even(scores)

    return measure


def _log_poisson(lengths: Ints, mean: float | None) -> Floats:
    if mean is None:
        return np.full(len(lengths), np.nan)
    # half a second, which jobs without scores do not wait for
    from scipy.special import gammaln, xlogy

    # what scipy.stats.poisson.pmf does, without the second that importing scipy.stats takes
    probability = np.exp(xlogy(lengths, mean) - gammaln(lengths + 1) - mean)
    result: Floats = np.log(probability + 1e-8)
    return result


for _target in ("books", "openwebtext", "wikipedia"):
    signal(f"rps_doc_{_target}_importance")(importance(_target))
    signal(f"rps_doc_{_target}_importance_length_correction")(
        importance(_target, length_correction=True)
    )
