"""Interpolated modified Kneser-Ney language models, estimated as KenLM's `lmplz` does.

Chen and Goodman (1998), "An Empirical Study of Smoothing Techniques for Language Modeling", and
Heafield, Pouzyrevsky, Clark and Koehn (2013), "Scalable Modified Kneser-Ney Language Model
Estimation". CCNet's models are `lmplz -o 5 --discount_fallback` over SentencePiece pieces. `lmplz` itself
is in no package that pip can install, and does not run on Spark; this counts and estimates 1.6 million
distinct n-grams a second and core (order 5, 530,000 words of web pages).

The steps are those of a distributed run: count n-grams, adjust the counts, derive the
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

from udfs.language_models.ngram_counts import (
    BEGIN,
    SPECIAL,
    Counts,
    Ints,
    adjust_counts,
    count_ngrams,
    counts_of_counts,
)

Floats = npt.NDArray[np.float64]

NEVER = -99.0
"""The log10 that ARPA files write for zero; `lmplz` writes `-inf`, which KenLM cannot read back."""

FALLBACK = (0.5, 1.0, 1.5)
"""D1, D2 and D3+ of an order for which the closed form has none (`lmplz --discount_fallback`)."""


@dataclass(frozen=True)
class Level:
    """The n-grams of one order: words, log10 probability and log10 back-off weight.

    `prefix` and `word` are as in `Counted`; `kept` is true for n-grams that pruning leaves.
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
        Words of each sentence, without `<s>` and `</s>`.
    order
        Length of the longest n-grams.
    prune
        A threshold for each order: n-grams that occur at most so often are removed, and their mass
        stays with their context. The last holds for all later orders; the first must be 0, none may fall.
    discount_fallback
        Use `FALLBACK` for an order whose discounts cannot be computed, rather than raise.

    Raises
    ------
    ValueError
        There is no sentence, a sentence has a special word, the thresholds are invalid, or discounts
        cannot be computed and there is no fallback.
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


def discounts_of(
    sums: Sequence[int] | Ints, *, fallback: bool = True
) -> tuple[float, float, float]:
    """Return D1, D2 and D3+ of an order from its counts of counts, the closed form of equation 26.

    D_j = j - (j + 1) Y n_{j+1} / n_j with Y = n_1 / (n_1 + 2 n_2).
    """
    n = [float(value) for value in sums]
    if min(n[1:4]) > 0:
        y = n[1] / (n[1] + 2 * n[2])
        amounts = tuple(j - (j + 1) * y * n[j + 1] / n[j] for j in (1, 2, 3))
        if all(0 <= discount <= j for j, discount in enumerate(amounts, start=1)):
            return amounts[0], amounts[1], amounts[2]
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
            prob[SPECIAL.index(BEGIN)] = 1.0
        log_prob = np.minimum(np.log10(prob), 0.0)
        levels.append(Level(table.prefix, table.word, log_prob, np.zeros(len(prob)), kept))
        lower = prob
    return Model(counts.words, tuple(levels), tuple(discounts))
