"""Interpolated modified Kneser-Ney language models, estimated as KenLM's `lmplz` does.

Chen and Goodman (1998), "An Empirical Study of Smoothing Techniques for Language Modeling", and
Heafield, Pouzyrevsky, Clark and Koehn (2013), "Scalable Modified Kneser-Ney Language Model
Estimation". CCNet's models are `lmplz -o 5 --discount_fallback` over SentencePiece pieces.

The steps are those that a distributed run takes too: count n-grams, adjust the counts, derive the
discounts of each order from four sums, then probabilities and back-offs, which need no more than an
n-gram, the sums of its context and the probability of its suffix.

With a(.) the adjusted count, c a context, c' the context without its first word:

    p(w | c) = (a(c w) - D(a(c w))) / sum_x a(c x) + gamma(c) p(w | c')
    gamma(c) = (sum over kept x of D(a(c x)) + sum over pruned x of a(c x)) / sum_x a(c x)

and p(w) of the empty context is interpolated with the uniform distribution over all words, the end
of a sentence and `<unk>`, but not `<s>`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

UNKNOWN, BEGIN, END = "<unk>", "<s>", "</s>"
SPECIAL = (UNKNOWN, BEGIN, END)
FORBIDDEN = frozenset(SPECIAL)
_UNKNOWN, _BEGIN, _END = range(3)

NEVER = -99.0
"""The log10 that ARPA files write for zero; `lmplz` writes `-inf`, which KenLM cannot read back."""

FALLBACK = (0.5, 1.0, 1.5)
"""D1, D2 and D3+ of an order whose own cannot be had (`lmplz --discount_fallback`)."""


@dataclass(frozen=True)
class Counted:
    """The distinct n-grams of one order, as arrays of one entry an n-gram.

    Attributes
    ----------
    prefix, suffix
        The n-gram without its last and without its first word: places in the order below. For
        unigrams both are 0, the empty n-gram.
    word
        The last word, as a place in the vocabulary.
    count
        How often it occurs.
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
        For each order below the highest, the place of the n-gram that comes last when all are
        sorted; -1 where it holds the begin of a sentence, or where the sentences have no order, as
        in a distributed count. `counts_of_counts` says what for.
    """

    words: tuple[str, ...]
    orders: tuple[Counted, ...]
    last: tuple[int, ...]


@dataclass(frozen=True)
class Level:
    """The n-grams of one order in a model: words, log10 probability and log10 back-off weight.

    `prefix` and `word` are as in `Counted`; `kept` says which are in the model after pruning.
    """

    prefix: Ints
    word: Ints
    log_prob: Floats
    backoff: Floats
    kept: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Model:
    """A back-off model.

    Attributes
    ----------
    words
        The vocabulary.
    levels
        The n-grams of order 1, 2, ...
    discounts
        D1, D2 and D3+ of each order.
    """

    words: tuple[str, ...]
    levels: tuple[Level, ...]
    discounts: tuple[tuple[float, float, float], ...]

    def ngrams(self) -> Iterator[list[tuple[str, float, float]]]:
        """Yield order by order the kept n-grams: words with blanks between, log10 p, log10 back-off."""
        names = [""]
        for order, level in enumerate(self.levels):
            gap = " " if order else ""
            pairs = zip(level.prefix.tolist(), level.word.tolist(), strict=True)
            names = [f"{names[prefix]}{gap}{self.words[word]}" for prefix, word in pairs]
            rows = zip(names, level.log_prob.tolist(), level.backoff.tolist(), strict=True)
            yield [row for row, kept in zip(rows, level.kept.tolist(), strict=True) if kept]


def estimate(
    sentences: Iterable[Sequence[str]],
    order: int = 5,
    prune: Sequence[int] | None = None,
    discount_fallback: bool = True,
) -> Model:
    """Estimate a model as `lmplz -o ORDER --discount_fallback --prune ...` does.

    Parameters
    ----------
    sentences
        Their words, without `<s>` and `</s>`.
    order
        The longest n-grams.
    prune
        A threshold an order: an n-gram that occurs so often or less goes, but its mass stays with
        its context. The last stands for the orders after it; the first must be 0, none may fall.
    discount_fallback
        Take `FALLBACK` for an order whose discounts cannot be had, rather than raise.

    Raises
    ------
    ValueError
        For no sentence, a special word in one, thresholds that are none, or discounts that cannot
        be had without fallback.
    """
    pruned_at = thresholds(prune, order)
    counts = count_ngrams(sentences, order)
    adjusted = adjust_counts(counts)
    discounts = tuple(
        discounts_of(sums, fallback=discount_fallback)
        for sums in counts_of_counts(counts, adjusted)
    )
    return probabilities(counts, adjusted, discounts, pruned_at)


def thresholds(prune: Sequence[int] | None, order: int) -> list[int]:
    """Return one pruning threshold an order, checked as `lmplz` checks them."""
    given = list(prune or [0])
    if given[0] != 0 or given != sorted(given) or len(given) > order:
        raise ValueError(f"thresholds {given}: at most {order}, from 0 and never falling")
    return given + [given[-1]] * (order - len(given))


def count_ngrams(sentences: Iterable[Sequence[str]], order: int) -> Counts:
    """Count the n-grams of up to `order` words; `<s>` stands once before each sentence."""
    if order < 2:
        raise ValueError(f"order {order}: at least 2")
    places = {word: place for place, word in enumerate(SPECIAL)}
    stream: list[int] = []
    for sentence in sentences:
        if not FORBIDDEN.isdisjoint(sentence):
            raise ValueError(f"a sentence holds one of {', '.join(SPECIAL)}, which no text may")
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
    orders, at, marks = [unigrams], tokens, [tokens]
    for length in range(2, order + 1):
        starts = np.flatnonzero(until_end >= length - 1)
        keys, first, place, count = np.unique(
            at[starts] * vocabulary + tokens[starts + length - 1],
            return_index=True,
            return_inverse=True,
            return_counts=True,
        )
        prefix, word = np.divmod(keys, vocabulary)
        suffix = at[starts[first] + 1]
        orders.append(Counted(prefix, suffix, word, count, tokens[starts[first]] == _BEGIN))
        at = np.full(len(tokens), -1)
        at[starts] = place
        marks.append(at)
    return Counts(tuple(places), tuple(orders), _last_suffixes(tokens, marks[:-1]))


def _last_suffixes(tokens: Ints, marks: Sequence[Ints]) -> tuple[int, ...]:
    """Find the n-gram that is last when all are sorted by last word, the one before it, and so on."""
    ends = np.flatnonzero(tokens != _BEGIN)
    found: list[int] = []
    for back, at in enumerate(marks):
        words = tokens[ends - back]
        ends = ends[words == words.max()]
        # all that are left have the same last words, and <s> sorts before any other
        start = int(ends[0]) - back
        if tokens[start] == _BEGIN:
            return tuple(found + [-1] * (len(marks) - back))
        found.append(int(at[start]))
    return tuple(found)


def adjust_counts(counts: Counts) -> list[Ints]:
    """Return the adjusted counts of each order.

    The highest order and whatever begins with `<s>` keep their counts; any other n-gram counts the
    different words that stand before it. `<s>` itself and `<unk>` count 0.
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
    which words a corpus begins with. It matters in corpora of a few sentences only, and is done
    alike so that the same corpus gives the same model; without `counts.last` it is left out.
    """
    sums = [np.bincount(values[values < 5], minlength=5) for values in adjusted]
    for level, place in enumerate(counts.last):
        if place >= 0:
            for value, change in (
                (adjusted[level][place], -1),
                (counts.orders[level].count[place], 1),
            ):
                if value < 5:
                    sums[level][value] += change
    return sums


def discounts_of(
    sums: Sequence[int] | Ints, *, fallback: bool = True
) -> tuple[float, float, float]:
    """Return D1, D2 and D3+ of an order from its counts of counts, the closed form of equation 26.

    D_j = j - (j + 1) Y n_{j+1} / n_j with Y = n_1 / (n_1 + 2 n_2).
    """
    n = [float(value) for value in sums]
    if min(n[1:4]) > 0:
        y = n[1] / (n[1] + 2 * n[2])
        found = tuple(j - (j + 1) * y * n[j + 1] / n[j] for j in (1, 2, 3))
        if all(0 <= discount <= j for j, discount in enumerate(found, start=1)):
            return found[0], found[1], found[2]
    if not fallback:
        raise ValueError(f"no discounts from the counts of counts {n[1:]}: the corpus is too small")
    return FALLBACK


def probabilities(
    counts: Counts,
    adjusted: Sequence[Ints],
    discounts: Sequence[tuple[float, float, float]],
    pruned_at: Sequence[int],
) -> Model:
    """Return the model: probabilities by order, each from those of its suffixes."""
    levels: list[Level] = []
    # the empty n-gram, whose "probability" is the uniform one
    lower = np.array([1.0 / (len(counts.words) - 1)])
    for table, values, amounts, threshold in zip(
        counts.orders, adjusted, discounts, pruned_at, strict=True
    ):
        kept = table.count > threshold if levels else np.ones(len(values), dtype=np.bool_)
        discount = np.array([0.0, *amounts])[np.minimum(values, 3)]
        total = np.bincount(table.prefix, weights=values, minlength=len(lower))
        spared = np.where(kept, discount, values)
        freed = np.bincount(table.prefix, weights=spared, minlength=len(total))
        gamma = np.divide(freed, total, out=np.ones(len(total)), where=total > 0)
        own = np.divide(values - discount, total[table.prefix])
        prob = own + gamma[table.prefix] * lower[table.suffix]
        if levels:
            with np.errstate(divide="ignore"):
                levels[-1].backoff[:] = np.maximum(np.log10(gamma), NEVER)
        else:
            prob[_BEGIN] = 1.0
        log_prob = np.minimum(np.log10(prob), 0.0)
        levels.append(Level(table.prefix, table.word, log_prob, np.zeros(len(prob)), kept))
        lower = prob
    return Model(counts.words, tuple(levels), tuple(discounts))
