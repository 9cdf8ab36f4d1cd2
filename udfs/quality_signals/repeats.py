"""N-grams of words that a document has more than once, for the signals of repetition.

An n-gram can only be there twice if its first n-1 words are and its last n-1 words are. So each
level looks only at neighbours that were both repeated one level below, and two n-grams are equal
exactly where the numbers of these two parts are: no hash, hence no collision.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from udfs.quality_signals.arrays import Groups, Ints, group


class Repeated(NamedTuple):
    """The repeated n-grams of one size.

    Attributes
    ----------
    positions
        Where each occurrence starts, ascending.
    numbers
        Which n-gram it is, from 0; the n-grams of an earlier document have smaller numbers.
    counts, first
        For each n-gram, how often its document has it and where first.
    """

    positions: Ints
    numbers: Ints
    counts: Ints
    first: Ints


class Repeats:
    """Repeated n-grams of a batch, level by level.

    Parameters
    ----------
    words
        The words of all documents, as numbers from 0.
    bounds
        Offsets of the documents in `words`.
    """

    def __init__(self, words: Ints, bounds: Ints) -> None:
        self.document = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
        size = int(words.max()) + 1 if len(words) else 1
        self.unigrams: Groups = group(self.document * size + words)
        self._levels = [_repeated(self.unigrams, np.arange(len(words)))]

    @property
    def first_words(self) -> Ints:
        """Return the first position of each distinct word of each document, unordered."""
        return self.unigrams.order[self.unigrams.starts]

    def of_size(self, n: int) -> Repeated:
        """Return the n-grams that their document has more than once."""
        while len(self._levels) < n:
            self._levels.append(self._longer(self._levels[-1]))
        return self._levels[n - 1]

    def _longer(self, shorter: Repeated) -> Repeated:
        at, number = shorter.positions, shorter.numbers
        follows = at[1:] == at[:-1] + 1
        follows &= self.document[at[1:]] == self.document[at[:-1]]
        left = np.flatnonzero(follows)
        keys = number[left] * max(len(shorter.counts), 1) + number[left + 1]
        return _repeated(group(keys), at[left])


def _repeated(groups: Groups, positions: Ints) -> Repeated:
    several = groups.counts > 1
    counts = groups.counts[several]
    numbers = np.full(len(positions), -1, np.int64)
    numbers[groups.order[np.repeat(several, groups.counts)]] = np.repeat(
        np.arange(len(counts)), counts
    )
    kept = numbers >= 0
    first = positions[groups.order[groups.starts[several]]]
    return Repeated(positions[kept], numbers[kept], counts, first)
