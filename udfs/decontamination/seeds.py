"""Runs of words of questions, by which a document's words are looked up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from udfs.decontamination.word_hashes import Words, runs_of
from udfs.near_duplicates.shingles import Hashes
from udfs.quality_signals.arrays import Floats, Ints

SEED = 4
"""Words of a run: of eight words of which one is changed, four in a row remain."""

_MOST_ITEMS = 200  # questions of a run that are looked at
_LEAST = (
    0.2  # share of a question's runs that a document has at least, if one word is changed or more
)


class Hits(NamedTuple):
    """Runs that a text shares with a question.

    Attributes
    ----------
    offsets
        Places of the question's beginning in the text, one for each run.
    """

    text: int
    item: int
    offsets: Ints


class Seeds:
    """The runs of `SEED` words of questions, or of `shortest` words where that is less.

    Attributes
    ----------
    hashes
        The different runs, sorted.
    """

    def __init__(self, questions: Words, shortest: int) -> None:
        self.shortest = shortest
        self.size = max(min(SEED, shortest), 1)
        self._questions = questions
        starts, owners, runs = self._runs()
        self.hashes, numbers = np.unique(runs, return_inverse=True)
        order = np.argsort(numbers, kind="stable")
        self._items = owners[order].astype(np.int32)
        self._places = (starts - questions.bounds[owners])[order].astype(np.int32)
        self._postings: Ints = np.searchsorted(numbers[order], np.arange(len(self.hashes) + 1))
        runs_each = np.diff(questions.bounds) - self.size + 1
        # a changed word is in as many runs as each has words
        one_changed = runs_each - self.size
        least = np.minimum(np.ceil(_LEAST * runs_each), one_changed)
        self._least = np.maximum(least, 1).astype(np.int64)

    def _runs(self) -> tuple[Ints, Ints, Hashes]:
        """Return the place of each run in the words of the questions, its question, and its hash."""
        runs = runs_of(self._questions.hashes, self.size)
        starts = np.arange(len(runs))
        owners = self._questions.text_of(starts)
        inside = starts + self.size <= self._questions.bounds[owners + 1]
        return starts[inside], owners[inside], runs[inside]

    def word_weights(self, of_runs: Floats) -> Floats:
        """Return the weight of each word of the questions: the mean of the runs around it."""
        starts, _, runs = self._runs()
        weights = of_runs[np.searchsorted(self.hashes, runs)]
        size = len(self._questions.hashes)
        sums, counts = np.zeros(size), np.zeros(size)
        for back in range(self.size):
            sums[starts + back] += weights
            counts[starts + back] += 1
        means: Floats = sums / np.maximum(counts, 1)
        return means

    def hits(self, places: Ints, seeds: Ints, words: Words) -> Iterator[Hits]:
        """Yield the questions of which texts have enough runs.

        Parameters
        ----------
        places, seeds
            Runs in the words of the texts, and their numbers.
        """
        counts = np.minimum(self._postings[seeds + 1] - self._postings[seeds], _MOST_ITEMS)
        total = int(counts.sum())
        if not total:
            return
        firsts = np.repeat(np.cumsum(counts) - counts, counts)
        entries = np.repeat(self._postings[seeds], counts) + np.arange(total) - firsts
        at = np.repeat(places, counts)
        texts, items = words.text_of(at), self._items[entries]
        offsets = at - words.bounds[texts] - self._places[entries]
        keys = texts * len(self._least) + items
        order = np.argsort(keys, kind="stable")
        edges = np.flatnonzero(np.diff(keys[order], prepend=-1, append=-1))
        enough = np.diff(edges) >= self._least[items[order[edges[:-1]]]]
        for start, end in zip(edges[:-1][enough].tolist(), edges[1:][enough].tolist(), strict=True):
            rows = order[start:end]
            yield Hits(int(texts[rows[0]]), int(items[rows[0]]), offsets[rows])
