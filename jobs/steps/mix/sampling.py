"""So many tokens of each stratum: a prefix of an order that the seed and the ids alone decide.

The order goes by epoch, and in an epoch by a hash of seed, epoch and id. So a larger budget contains a
smaller one, and neither partitions nor the order of the rows matter. In each stratum the prefix ends
within one document of what is wanted.

Rows have `id`, `token_count` and a column that names their stratum; a row whose stratum is null is never
taken. They may have `times`, a whole number from 1: how often a document comes in an epoch.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.window import Window


@dataclass(frozen=True)
class Cut:
    """Where the prefix of a stratum ends.

    Attributes
    ----------
    wanted, available
        Tokens: of the prefix, and of one epoch.
    epochs
        Whole epochs.
    end
        Hash and id of the document at which the epoch that is begun after them ends; None where none
        is begun.
    with_end
        Whether that document itself is part of it.
    """

    wanted: int
    available: int
    epochs: int
    end: tuple[int, str] | None = None
    with_end: bool = False


def place(seed: int, epoch: Column | int) -> Column:
    """A document's place in the order of an epoch: a signed 64-bit hash.

    Parameters
    ----------
    epoch
        A 32-bit number: others have other hashes.
    """
    epoch = F.lit(epoch) if isinstance(epoch, int) else epoch
    return F.xxhash64(F.lit(seed), F.lit("choose"), epoch, F.col("id"))


def tokens_an_epoch(rows: DataFrame) -> Column:
    """Aggregate the tokens of an epoch."""
    times = F.col("times") if "times" in rows.columns else F.lit(1)
    return F.coalesce(F.sum(F.col("token_count").cast("long") * times), F.lit(0))


def available(rows: DataFrame, stratum: str = "stratum") -> dict[str, int]:
    """Tokens that there are of each stratum in an epoch; none of those that have no token."""
    sums = rows.groupBy(stratum).agg(tokens_an_epoch(rows).alias("tokens"))
    found = sums.where(F.col(stratum).isNotNull() & (F.col("tokens") > 0)).collect()
    return {row[stratum]: row["tokens"] for row in found}


def cuts(
    rows: DataFrame,
    wanted: Mapping[str, int],
    available: Mapping[str, int],
    seed: int,
    stratum: str = "stratum",
) -> dict[str, Cut]:
    """Where the prefix of each stratum ends that comes nearest to the wanted tokens.

    It has one document at least where any token is wanted. Two aggregates over all strata at once
    instead of a sort: tokens by the first 16 bits of the hash, then the documents of the one range of
    each stratum in which its prefix ends.

    Parameters
    ----------
    wanted
        Tokens by stratum; the other strata are left alone.
    available
        As `available` counts them, above 0.
    """
    split = {name: divmod(tokens, available[name]) for name, tokens in wanted.items()}
    made = {name: Cut(wanted[name], available[name], epochs) for name, (epochs, _) in split.items()}
    parts = {name: (epochs, rest) for name, (epochs, rest) in split.items() if rest}
    if not parts:
        return made
    part = _by_stratum(stratum, "struct<epochs:int,rest:bigint>", parts)
    columns = [name for name in ("id", "token_count", "times") if name in rows.columns]
    placed = (
        rows.select(stratum, *columns)
        .withColumn("rest", part["rest"])
        .where(F.col("rest").isNotNull())
        .withColumn("place", _places(rows, seed, part["epochs"]))
        .withColumn("range", F.shiftright("place", 48))
    )
    by_range = placed.groupBy(stratum, "rest", "range").agg(
        F.sum("token_count").cast("long").alias("tokens")
    )
    ranges = {
        row[stratum]: (row["range"], row["before"])
        for row in _ends(by_range, stratum, F.lit(0), "tokens", "range").collect()
    }
    at = _by_stratum(stratum, "struct<range:bigint,before:bigint>", ranges)
    in_range = placed.where(F.col("range") == at["range"])
    ends = _ends(in_range, stratum, at["before"], "token_count", "place", "id")
    for row in ends.collect():
        name = row[stratum]
        epochs, rest = parts[name]
        over, under = row["up_to"] - rest, rest - row["before"]
        with_end = over <= under or not (row["before"] or epochs)
        made[name] = Cut(wanted[name], available[name], epochs, (row["place"], row["id"]), with_end)
    return made


def _places(rows: DataFrame, seed: int, epoch: Column) -> Column:
    """A row for each time that a document comes in an epoch."""
    if "times" not in rows.columns:
        return place(seed, epoch)
    return F.explode(_places_of_all(seed, epoch))


def _places_of_all(seed: int, epoch: Column) -> Column:
    """The places of a document that comes `times` times in an epoch, each with a hash of its own."""
    times = F.col("times").cast("int")
    first = (epoch * times).cast("int")
    each = F.sequence(first, (first + times - 1).cast("int"))
    return F.transform(each, lambda epoch: place(seed, epoch))


def _ends(rows: DataFrame, stratum: str, before: Column, tokens: str, *order: str) -> DataFrame:
    """The row of each stratum at which the sum of the tokens reaches `rest`.

    Parameters
    ----------
    before
        Tokens before the first row.
    """
    so_far = Window.partitionBy(stratum).orderBy(*order)
    so_far = so_far.rowsBetween(Window.unboundedPreceding, Window.currentRow)
    up_to = before + F.sum(tokens).over(so_far)
    summed = rows.withColumn("up_to", up_to).withColumn("before", F.col("up_to") - F.col(tokens))
    return summed.where((F.col("before") < F.col("rest")) & (F.col("rest") <= F.col("up_to")))


def taken(
    rows: DataFrame, cuts: Mapping[str, Cut], seed: int, stratum: str = "stratum"
) -> DataFrame:
    """The prefix: a row for each time that a document comes, with `epoch`, how often it came before."""
    values = {
        name: (cut.epochs, *(cut.end or (None, None)), cut.with_end) for name, cut in cuts.items()
    }
    kind = "struct<epochs:int,place:bigint,id:string,with_end:boolean>"
    cut = _by_stratum(stratum, kind, values)

    def within(place: Column) -> Column:
        here = (F.col("id") < cut["id"]) | (cut["with_end"] & (F.col("id") == cut["id"]))
        return F.coalesce((place < cut["place"]) | ((place == cut["place"]) & here), F.lit(False))

    if "times" in rows.columns:
        begun = F.size(F.filter(_places_of_all(seed, cut["epochs"]), within))
        n = cut["epochs"] * F.col("times") + begun
    else:
        n = cut["epochs"] + within(place(seed, cut["epochs"])).cast("int")
    # of nothing, and of null, there is no row
    epochs = F.when(n > 0, F.sequence(F.lit(0), (n - 1).cast("int")))
    return rows.withColumn("epoch", F.explode(epochs))


def sample(rows: DataFrame, tokens: int, seed: int, stratum: str = "stratum") -> DataFrame:
    """So many tokens, of each stratum in proportion to what there is; all rows where it is no more."""
    there = available(rows, stratum)
    wanted = natural(min(tokens, sum(there.values())), there)
    return taken(rows, cuts(rows, wanted, there, seed, stratum), seed, stratum).drop("epoch")


def natural(tokens: int, available: Mapping[str, int]) -> dict[str, int]:
    """Tokens of each stratum in proportion to what there is."""
    total = sum(available.values())
    return {name: round(Fraction(tokens * n, total)) for name, n in sorted(available.items())}


def _by_stratum(stratum: str, kind: str, values: Mapping[str, Any]) -> Column:
    """A value that depends on the stratum; null for strata that have none.

    Parameters
    ----------
    kind
        A struct, whose fields the values have in order.
    """
    names = [field.partition(":")[0] for field in kind[len("struct<") : -1].split(",")]
    content = {key: dict(zip(names, value, strict=True)) for key, value in values.items()}
    # one literal, which the optimizer reads once: an expression for each stratum is slow to plan
    table = F.from_json(F.lit(json.dumps(content)), f"map<string,{kind}>", {"mode": "FAILFAST"})
    return F.element_at(table, F.col(stratum))
