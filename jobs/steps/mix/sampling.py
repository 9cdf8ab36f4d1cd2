"""Sample a token budget per stratum: the prefix of a seeded hash order.

The order is by epoch, and within an epoch by a hash of seed, epoch and id. So a larger budget contains a
smaller one, and neither partitions nor the order of the rows matter. In each stratum the prefix ends
within one document of the budget.

Rows have `id`, `token_count` and a column that names their stratum; a row without a stratum is never
sampled. They may have `times`, a whole number from 1: how often an epoch repeats the document.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from pyspark.sql import Column, DataFrame, Row
from pyspark.sql import functions as F
from pyspark.sql.window import Window


@dataclass(frozen=True)
class Cutoff:
    """End of a stratum's prefix.

    Attributes
    ----------
    wanted, available
        Tokens of the prefix, and of one epoch.
    epochs
        Whole epochs.
    end
        Hash and id of the document at which the last, partial epoch ends; None without a partial epoch.
    with_end
        Whether that document is part of the prefix.
    tokens
        Tokens of the last, partial epoch's prefix.
    end_tokens
        Tokens of the document at its end.
    """

    wanted: int
    available: int
    epochs: int
    end: tuple[int, str] | None = None
    with_end: bool = False
    tokens: int = 0
    end_tokens: int = 0

    @property
    def total(self) -> int:
        """Tokens of the whole prefix."""
        return self.epochs * self.available + self.tokens


def hash_order(seed: int, epoch: Column | int) -> Column:
    """Return a document's position in the order of an epoch: a signed 64-bit hash.

    Parameters
    ----------
    epoch
        A 32-bit number; 64-bit numbers would have other hashes.
    """
    epoch = F.lit(epoch) if isinstance(epoch, int) else epoch
    return F.xxhash64(F.lit(seed), F.lit("choose"), epoch, F.col("id"))


def tokens_an_epoch(rows: DataFrame) -> Column:
    """Return the aggregate that sums the tokens of an epoch."""
    times = F.col("times") if "times" in rows.columns else F.lit(1)
    return F.coalesce(F.sum(F.col("token_count").cast("long") * times), F.lit(0))


def available(rows: DataFrame, stratum: str = "stratum") -> dict[str, int]:
    """Return the tokens of an epoch by stratum, without strata that have none."""
    sums = rows.groupBy(stratum).agg(tokens_an_epoch(rows).alias("tokens"))
    positive = sums.where(F.col(stratum).isNotNull() & (F.col("tokens") > 0))
    return {row[stratum]: row["tokens"] for row in positive.collect()}


def cutoffs(
    rows: DataFrame,
    wanted: Mapping[str, int],
    available: Mapping[str, int],
    seed: int,
    stratum: str = "stratum",
) -> dict[str, Cutoff]:
    """Return the end of each stratum's prefix that is nearest to the wanted tokens.

    A prefix has at least one document if any token is wanted. Two aggregates over all strata replace a
    sort: tokens by the first 16 bits of the hash, then the documents of the one range of each stratum
    in which its prefix ends.

    Parameters
    ----------
    wanted
        Tokens by stratum; other strata are not sampled.
    available
        Tokens of an epoch (`available`), above 0.
    """
    split = {name: divmod(tokens, available[name]) for name, tokens in wanted.items()}
    ends = {
        name: Cutoff(wanted[name], available[name], epochs) for name, (epochs, _) in split.items()
    }
    parts = {name: (epochs, rest) for name, (epochs, rest) in split.items() if rest}
    if not parts:
        return ends
    part = _by_stratum(stratum, "struct<epochs:int,rest:bigint>", parts)
    columns = [name for name in ("id", "token_count", "times") if name in rows.columns]
    ordered = (
        rows.select(stratum, *columns)
        .withColumn("rest", part["rest"])
        .where(F.col("rest").isNotNull())
        .withColumn("hash_order", _hash_orders(rows, seed, part["epochs"]))
        .withColumn("range", F.shiftright("hash_order", 48))
    )
    by_range = ordered.groupBy(stratum, "rest", "range").agg(
        F.sum("token_count").cast("long").alias("tokens")
    )
    ranges = {
        row[stratum]: (row["range"], row["before"])
        for row in _ends(by_range, stratum, F.lit(0), "tokens", "range").collect()
    }
    end_range = _by_stratum(stratum, "struct<range:bigint,before:bigint>", ranges)
    in_range = ordered.where(F.col("range") == end_range["range"])
    last = _ends(in_range, stratum, end_range["before"], "token_count", "hash_order", "id")
    for row in last.collect():
        name = row[stratum]
        ends[name] = nearest(ends[name], parts[name][1], row)
    return ends


def nearest(cutoff: Cutoff, rest: int, end: Mapping[str, Any] | Row) -> Cutoff:
    """Return the cut-off that is nearest to the wanted tokens, at a document or before it.

    Parameters
    ----------
    rest
        Tokens that the last epoch should give.
    end
        The document at which the running sum of tokens reaches them.
    """
    over, under = end["up_to"] - rest, rest - end["before"]
    with_end = over <= under or not (end["before"] or cutoff.epochs)
    return replace(
        cutoff,
        end=(end["hash_order"], end["id"]),
        with_end=with_end,
        tokens=end["up_to"] if with_end else end["before"],
        end_tokens=end["up_to"] - end["before"],
    )


def _hash_orders(rows: DataFrame, seed: int, epoch: Column) -> Column:
    """Return the hash order, exploded to a row for each repetition of a document in an epoch."""
    if "times" not in rows.columns:
        return hash_order(seed, epoch)
    return F.explode(_repeated_hash_orders(seed, epoch))


def _repeated_hash_orders(seed: int, epoch: Column) -> Column:
    """Return an array with a different hash for each of the `times` repetitions in an epoch."""
    times = F.col("times").cast("int")
    first = (epoch * times).cast("int")
    repetitions = F.sequence(first, (first + times - 1).cast("int"))
    return F.transform(repetitions, lambda number: hash_order(seed, number))


def _ends(rows: DataFrame, stratum: str, before: Column, tokens: str, *order: str) -> DataFrame:
    """Return the row of each stratum at which the running sum of tokens reaches `rest`.

    Parameters
    ----------
    before
        Tokens before the first row.
    """
    window = Window.partitionBy(stratum).orderBy(*order)
    running = window.rowsBetween(Window.unboundedPreceding, Window.currentRow)
    up_to = before + F.sum(tokens).over(running)
    summed = rows.withColumn("up_to", up_to).withColumn("before", F.col("up_to") - F.col(tokens))
    return summed.where((F.col("before") < F.col("rest")) & (F.col("rest") <= F.col("up_to")))


def sampled(
    rows: DataFrame, cutoffs: Mapping[str, Cutoff], seed: int, stratum: str = "stratum"
) -> DataFrame:
    """Return the prefix: a row for each occurrence of a document, with its number `epoch` from 0."""
    values = {
        name: (cutoff.epochs, *(cutoff.end or (None, None)), cutoff.with_end)
        for name, cutoff in cutoffs.items()
    }
    kind = "struct<epochs:int,hash_order:bigint,id:string,with_end:boolean>"
    end = _by_stratum(stratum, kind, values)

    def within(order: Column) -> Column:
        at_end = (F.col("id") < end["id"]) | (end["with_end"] & (F.col("id") == end["id"]))
        before = (order < end["hash_order"]) | ((order == end["hash_order"]) & at_end)
        return F.coalesce(before, F.lit(False))

    if "times" in rows.columns:
        partial = F.size(F.filter(_repeated_hash_orders(seed, end["epochs"]), within))
        n = end["epochs"] * F.col("times") + partial
    else:
        n = end["epochs"] + within(hash_order(seed, end["epochs"])).cast("int")
    # explode drops rows with null
    epochs = F.when(n > 0, F.sequence(F.lit(0), (n - 1).cast("int")))
    return rows.withColumn("epoch", F.explode(epochs))


def sample(rows: DataFrame, tokens: int, seed: int, stratum: str = "stratum") -> DataFrame:
    """Return a sample of about `tokens` in the proportions of the rows; all rows if they have fewer."""
    totals = available(rows, stratum)
    wanted = proportional(min(tokens, sum(totals.values())), totals)
    ends = cutoffs(rows, wanted, totals, seed, stratum)
    return sampled(rows, ends, seed, stratum).drop("epoch")


def proportional(tokens: int, available: Mapping[str, int]) -> dict[str, int]:
    """Divide tokens among the strata in proportion to what is available."""
    total = sum(available.values())
    return {name: round(Fraction(tokens * n, total)) for name, n in sorted(available.items())}


def _by_stratum(stratum: str, kind: str, values: Mapping[str, Any]) -> Column:
    """Return a column with the value of each row's stratum; null for strata without one.

    Parameters
    ----------
    kind
        Type of the values: a struct whose fields they list in order.
    """
    names = [field.partition(":")[0] for field in kind[len("struct<") : -1].split(",")]
    content = {key: dict(zip(names, value, strict=True)) for key, value in values.items()}
    # one literal, which the optimizer reads once: an expression for each stratum is slow to plan
    table = F.from_json(F.lit(json.dumps(content)), f"map<string,{kind}>", {"mode": "FAILFAST"})
    return F.element_at(table, F.col(stratum))
