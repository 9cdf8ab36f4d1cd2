"""Count the n-grams of a corpus, adjusted for Kneser-Ney smoothing (`kneser_ney`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

UNKNOWN, BEGIN, END = "<unk>", "<s>", "</s>"
SPECIAL = (UNKNOWN, BEGIN, END)
FORBIDDEN = frozenset(SPECIAL)
_UNKNOWN, _BEGIN, _END = range(3)


@dataclass(frozen=True)
class Counted:
    """The distinct n-grams of one order, as arrays of one entry an n-gram.

    Attributes
    ----------
    prefix, suffix
        The n-gram without its last and without its first word: indices in the next lower order. For
        unigrams both are 0, the empty n-gram.
    word
        The last word, as an index in the vocabulary.
    count
        Number of occurrences.
    begins
        Whether its first word is `<s>`.
    """

    prefix: Ints
    suffix: Ints
    word: Ints
    count: Ints
    begins: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Counts:
    """All n-grams of a corpus.

    Attributes
    ----------
    words
        The vocabulary in order of first appearance, after `<unk>`, `<s>` and `</s>`.
    orders
        The n-grams of order 1, 2, ...
    last
        For each order below the highest, the index of the n-gram that comes last when all are sorted;
        -1 if it contains the begin of a sentence, or if the sentences have no order, as in a distributed
        count. `counts_of_counts` needs it.
    """

    words: tuple[str, ...]
    orders: tuple[Counted, ...]
    last: tuple[int, ...]


def count_ngrams(sentences: Iterable[Sequence[str]], order: int) -> Counts:
    """Count the n-grams of up to `order` words; `<s>` stands once before each sentence."""
    if order < 2:
        raise ValueError(f"order {order}: at least 2")
    places = {word: number for number, word in enumerate(SPECIAL)}
    stream: list[int] = []
    for sentence in sentences:
        if not FORBIDDEN.isdisjoint(sentence):
            raise ValueError(
                f"a sentence holds one of {', '.join(SPECIAL)}, which ARPA files reserve"
            )
        stream.append(_BEGIN)
        stream.extend(places.setdefault(word, len(places)) for word in sentence)
        stream.append(_END)
    if not stream:
        raise ValueError("no sentence to count n-grams in")
    tokens = np.array(stream, dtype=np.int64)
    ends = np.flatnonzero(tokens == _END)
    until_end = ends[np.searchsorted(ends, np.arange(len(tokens)))] - np.arange(len(tokens))

    vocabulary = len(places)
    unigrams = Counted(
        prefix=np.zeros(vocabulary, np.int64),
        suffix=np.zeros(vocabulary, np.int64),
        word=np.arange(vocabulary),
        count=np.bincount(tokens, minlength=vocabulary),
        begins=np.arange(vocabulary) == _BEGIN,
    )
    orders, current, marks = [unigrams], tokens, [tokens]
    for length in range(2, order + 1):
        starts = np.flatnonzero(until_end >= length - 1)
        keys, first, ngram, count = np.unique(
            current[starts] * vocabulary + tokens[starts + length - 1],
            return_index=True,
            return_inverse=True,
            return_counts=True,
        )
        prefix, word = np.divmod(keys, vocabulary)
        suffix = current[starts[first] + 1]
        orders.append(Counted(prefix, suffix, word, count, tokens[starts[first]] == _BEGIN))
        current = np.full(len(tokens), -1)
        current[starts] = ngram
        marks.append(current)
    return Counts(tuple(places), tuple(orders), _last_suffixes(tokens, marks[:-1]))


def _last_suffixes(tokens: Ints, marks: Sequence[Ints]) -> tuple[int, ...]:
    """Return the n-gram that is last when all are sorted by last word, the word before it, and so on."""
    ends = np.flatnonzero(tokens != _BEGIN)
    places: list[int] = []
    for back, order_places in enumerate(marks):
        words = tokens[ends - back]
        ends = ends[words == words.max()]
        # the remaining ones have the same last words, and <s> sorts before any other
        start = int(ends[0]) - back
        if tokens[start] == _BEGIN:
            return tuple(places + [-1] * (len(marks) - back))
        places.append(int(order_places[start]))
    return tuple(places)


def adjust_counts(counts: Counts) -> list[Ints]:
    """Return the adjusted counts of each order.

    N-grams of the highest order and those that begin with `<s>` keep their counts; for any other, it is
    the number of different words before it. `<s>` itself and `<unk>` count 0.
    """
    adjusted = []
    for shorter, longer in zip(counts.orders, counts.orders[1:], strict=False):
        different = np.bincount(longer.suffix, minlength=len(shorter.word))
        adjusted.append(np.where(shorter.begins, shorter.count, different))
    adjusted[0][[_UNKNOWN, _BEGIN]] = 0
    return [*adjusted, counts.orders[-1].count]


def counts_of_counts(counts: Counts, adjusted: Sequence[Ints]) -> list[Ints]:
    """Return for each order how many n-grams have the adjusted count 0, 1, 2, 3 and 4.

    `lmplz` takes the plain count of the very last n-gram of each order here, and "last" depends on
    the words that a corpus begins with. It matters in corpora of a few sentences only; this does the
    same, so that the same corpus gives the same model, unless `counts.last` has no such n-gram.
    """
    sums = [np.bincount(values[values < 5], minlength=5) for values in adjusted]
    for level, last_ngram in enumerate(counts.last):
        if last_ngram >= 0:
            for value, change in (
                (adjusted[level][last_ngram], -1),
                (counts.orders[level].count[last_ngram], 1),
            ):
                if value < 5:
                    sums[level][value] += change
    return sums
