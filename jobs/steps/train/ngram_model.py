"""Estimate a modified Kneser-Ney model on Spark: `udfs.language_models.kneser_ney` as joins.

From the highest order down, n-grams are grouped by their suffix, which gives counts and adjusted
counts. The driver computes the discounts from four sums of each order. From the lowest order up, an
n-gram is joined to the row of its context and to that of its suffix. Each step is written to a
scratch folder, so that no step is repeated and no plan grows. All sums are of integers, so the model
does not depend on the partitions.

The model equals that of `udfs.language_models.kneser_ney` with `Counts.last` of -1: sentences have no
order here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.steps.train.ngram_tables import Sentences, Steps, adjusted, count, prefix, suffix
from udfs.language_models.kneser_ney import NEVER, Model, discounts_of, probabilities, thresholds
from udfs.language_models.ngram_counts import (
    BEGIN,
    UNKNOWN,
    adjust_counts,
    count_ngrams,
    counts_of_counts,
)

Discounts = tuple[float, float, float]


@dataclass(frozen=True)
class NgramModel:
    """A model in a scratch folder.

    Attributes
    ----------
    levels
        Rows of order 1, 2, ...: `ngram`, `log_prob`, `kept` and, except in the highest, `backoff`.
    sizes
        Number of n-grams of each order after pruning.
    discounts
        D1, D2 and D3+ of each order.
    """

    levels: tuple[DataFrame, ...]
    sizes: tuple[int, ...]
    discounts: tuple[Discounts, ...]


def estimate(
    texts: DataFrame,
    sentences: Sentences,
    scratch: str,
    *,
    order: int = 5,
    prune: Sequence[int] | None = None,
    discount_fallback: bool = True,
) -> NgramModel:
    """Estimate a model of the sentences of some texts.

    Parameters
    ----------
    texts
        A single column `text`.
    scratch
        A folder that every worker can write to; the caller removes it.
    order, prune, discount_fallback
        As for `udfs.language_models.kneser_ney.estimate`.

    Raises
    ------
    ValueError
        There is no sentence, or no discounts can be computed and there is no fallback.
    """
    pruned_at = thresholds(prune, order)
    steps = Steps(texts, scratch)
    rows = steps.keep("counted", count(texts, sentences, order), by="length")
    tables = adjusted(rows, order, steps)
    sums = [_sums(table, threshold) for table, threshold in zip(tables, pruned_at, strict=True)]
    if not sums[0].ngrams:
        raise ValueError("no sentence to count n-grams in")
    discounts = tuple(
        discounts_of(order_sums.of_counts, fallback=discount_fallback) for order_sums in sums
    )
    levels = list(_levels(tables, discounts, pruned_at, sums[0], steps))
    sizes = (sums[0].ngrams + 1, *[order_sums.kept for order_sums in sums[1:]])  # and <unk>
    return NgramModel(tuple(levels), sizes, discounts)


def estimate_in_memory(
    sentences: Iterable[Sequence[str]], order: int = 5, prune: Sequence[int] | None = None
) -> Model:
    """Return the same model, estimated in this process; for few sentences."""
    counts = count_ngrams(sentences, order)
    counts = replace(counts, last=(-1,) * (order - 1))
    values = adjust_counts(counts)
    discounts = [discounts_of(sums) for sums in counts_of_counts(counts, values)]
    return probabilities(counts, values, discounts, thresholds(prune, order))


@dataclass(frozen=True)
class _Sums:
    """Sums over the n-grams of an order.

    Attributes
    ----------
    of_counts
        Numbers of n-grams whose adjusted count is 0, 1, 2, 3 and 4.
    ngrams, kept
        Numbers of n-grams, before and after pruning.
    three
        Number of n-grams whose adjusted count is 3 or more.
    total
        Sum of the adjusted counts.
    """

    of_counts: list[int]
    ngrams: int
    kept: int
    three: int
    total: int


def _sums(table: DataFrame, threshold: int) -> _Sums:
    value = F.col("adjusted")
    row = table.agg(
        *[F.count_if(value == k).alias(f"n{k}") for k in range(5)],
        F.count("*").alias("ngrams"),
        F.count_if(F.col("count") > threshold).alias("kept"),
        F.count_if(value >= 3).alias("three"),
        F.sum(value).alias("total"),
    ).collect()[0]
    of_counts = [row[f"n{k}"] for k in range(5)]
    return _Sums(of_counts, row["ngrams"], row["kept"], row["three"], row["total"] or 0)


def _levels(
    tables: Sequence[DataFrame],
    discounts: Sequence[Discounts],
    pruned_at: Sequence[int],
    unigrams: _Sums,
    steps: Steps,
) -> Iterator[DataFrame]:
    """Yield the rows of each order, the lowest first."""
    rows = _unigrams(tables[0], unigrams, discounts[0])
    for length in range(2, len(tables) + 1):
        amounts, kept = discounts[length - 1], F.col("count") > pruned_at[length - 1]
        table = tables[length - 1].select(
            "ngram",
            "adjusted",
            kept.alias("kept"),
            prefix(length).alias("prefix"),
            suffix(length).alias("suffix"),
        )
        shorter = rows.join(_contexts(table, amounts), F.col("ngram") == F.col("prefix"), "left")
        level = steps.keep(f"level-{length - 1}", shorter.drop("prefix"))
        yield level
        context = level.select(F.col("ngram").alias("prefix"), "total", "gamma")
        lower = level.select(F.col("ngram").alias("suffix"), F.col("prob").alias("lower"))
        own = (F.col("adjusted") - _discount(amounts)) / F.col("total")
        prob = own + F.col("gamma") * F.col("lower")
        joined = table.join(context, "prefix").join(lower, "suffix")
        rows = _row(joined, prob)
    yield steps.keep(f"level-{len(tables)}", rows)


def _row(rows: DataFrame, prob: Column) -> DataFrame:
    return rows.select("ngram", "kept", prob.alias("prob")).withColumn(
        "log_prob", F.least(F.log10("prob"), F.lit(0.0))
    )


def _unigrams(table: DataFrame, sums: _Sums, amounts: Discounts) -> DataFrame:
    """Return the rows of unigrams; their suffix is the empty n-gram with the uniform distribution."""
    freed = sum(d * n for d, n in zip(amounts, (*sums.of_counts[1:3], sums.three), strict=True))
    share = freed / sums.total / sums.ngrams  # of <unk>, which replaces <s> in the number of words
    prob = (F.col("adjusted") - _discount(amounts)) / F.lit(float(sums.total)) + F.lit(share)
    words = table.select("ngram", "adjusted", F.lit(True).alias("kept"))
    unknown = words.sparkSession.createDataFrame([(UNKNOWN, 0, True)], words.schema)
    return _row(words.union(unknown), F.when(F.col("ngram") == BEGIN, 1.0).otherwise(prob))


def _contexts(table: DataFrame, amounts: Discounts) -> DataFrame:
    """Return the sum of adjusted counts of each context, and its gamma as p and as log10."""
    value, kept = F.col("adjusted"), F.col("kept")
    classes = (value == 1, value == 2, value >= 3)
    sums = table.groupBy("prefix").agg(
        F.sum(value).alias("total"),
        F.sum(F.when(kept, 0).otherwise(value)).alias("pruned"),
        *[
            F.count_if(kept & is_class).alias(f"n{k}")
            for k, is_class in enumerate(classes, start=1)
        ],
    )
    discounted = sum(
        (F.lit(d) * F.col(f"n{k}") for k, d in enumerate(amounts, start=1)), F.lit(0.0)
    )
    gamma = (discounted + F.col("pruned")) / F.col("total")
    backoff = F.when(gamma > 0, F.greatest(F.log10(gamma), F.lit(NEVER))).otherwise(NEVER)
    return sums.select("prefix", "total", gamma.alias("gamma"), backoff.alias("backoff"))


def _discount(amounts: Discounts) -> Column:
    value = F.col("adjusted")
    one, two, more = amounts
    return F.when(value == 0, 0.0).when(value == 1, one).when(value == 2, two).otherwise(more)
