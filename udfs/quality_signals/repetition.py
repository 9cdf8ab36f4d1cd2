"""Signals of repetition (Gopher, RefinedWeb), on normalised words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np

from udfs.quality_signals.arrays import Floats, Ints, offsets, ratio, segment_sum
from udfs.quality_signals.declaration import signal
from udfs.quality_signals.repeats import Repeats


class Words(Protocol):
    """The words of several documents: `Documents`, or others that are cut otherwise."""

    @property
    def words(self) -> Ints:
        """Return the words of all documents, as numbers."""

    @property
    def word_lengths(self) -> Ints:
        """Return the characters of each word."""

    @property
    def document_words(self) -> Ints:
        """Return the offsets of the documents in `words`."""

    @property
    def word_chars(self) -> Ints:
        """Return the characters of each document's words."""

    @property
    def repeats(self) -> Repeats:
        """Return the n-grams that a document has more than once."""

    def __len__(self) -> int:
        """Return the number of documents."""


def top_ngram(n: int) -> Callable[[Words], Floats]:
    """Characters of the most frequent n-gram, times its count, per character of all words.

    Of equally frequent n-grams the first one in the text counts. 0.0 if none occurs twice; above 1 if
    occurrences overlap.
    """

    def measure(documents: Words) -> Floats:
        repeats = documents.repeats
        repeated = repeats.of_size(n)
        chars = np.zeros(len(documents), np.int64)
        if len(repeated.counts):
            document = repeats.document[repeated.first]
            # n-grams are in the order of their documents: find the best within each run
            runs = np.flatnonzero(np.diff(document, prepend=-1))
            size = len(documents.words)
            rank = repeated.counts * size + (size - 1 - repeated.first)
            best = np.maximum.reduceat(rank, runs)
            count, first = best // size, size - 1 - best % size
            running = offsets(documents.word_lengths)
            chars[document[runs]] = (running[first + n] - running[first]) * count
        return ratio(chars, documents.word_chars, empty=0.0)

    return measure


def dupe_ngrams(n: int) -> Callable[[Words], Floats]:
    """Characters of words in any n-gram that occurs more than once, per character of all words.

    A word in several such n-grams counts once, and the first occurrence of an n-gram counts too.
    """

    def measure(documents: Words) -> Floats:
        starts = documents.repeats.of_size(n).positions
        if not len(starts):
            return np.zeros(len(documents))
        # +1 where a repeated n-gram starts, -1 after its end: above 0 within any
        change = np.zeros(len(documents.words) + 1, np.int64)
        change[starts] += 1
        change[starts + n] -= 1
        covered = np.cumsum(change[:-1]) > 0
        chars = segment_sum(documents.word_lengths * covered, documents.document_words)
        return ratio(chars, documents.word_chars, empty=0.0)

    return measure


for _n in (2, 3, 4):
    signal(f"rps_doc_frac_chars_top_{_n}gram")(top_ngram(_n))
for _n in range(5, 11):
    signal(f"rps_doc_frac_chars_dupe_{_n}grams")(dupe_ngrams(_n))
