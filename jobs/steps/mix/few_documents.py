"""Sums and cut-offs of few documents, in this process: `jobs.steps.mix.sampling` without Spark jobs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any

from pyspark.sql import DataFrame

from jobs.steps.mix import sampling
from jobs.steps.mix.sampling import Cutoff
from udfs import xxhash64

MOST = 20_000
"""Documents of a corpus that this process orders: at some 20 microseconds each."""

Row = Mapping[str, Any]


def collected(rows: DataFrame) -> list[dict[str, Any]]:
    """Return what the sums and cut-offs need of rows that have `stratum` and `reason`."""
    names = ("id", "token_count", "stratum", "reason", "times")
    chosen = rows.select(*(name for name in names if name in rows.columns))
    return [row.asDict() for row in chosen.collect()]


def totals(rows: Iterable[Row]) -> dict[tuple[str | None, str | None], dict[str, int]]:
    """Return documents, tokens and tokens of an epoch, by (stratum, reason)."""
    sums: dict[tuple[str | None, str | None], dict[str, int]] = {}
    for row in rows:
        empty = {"documents": 0, "tokens": 0, "epoch": 0}
        group = sums.setdefault((row["stratum"], row["reason"]), empty)
        group["documents"] += 1
        group["tokens"] += row["token_count"]
        group["epoch"] += row["token_count"] * row.get("times", 1)
    return sums


def cutoffs(
    rows: Iterable[Row], wanted: Mapping[str, int], available: Mapping[str, int], seed: int
) -> dict[str, Cutoff]:
    """Return what `jobs.steps.mix.sampling.cutoffs` does."""
    by_stratum: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["stratum"] in wanted:
            by_stratum[row["stratum"]].append(row)
    ends = {}
    for name, tokens in wanted.items():
        epochs, rest = divmod(tokens, available[name])
        ends[name] = Cutoff(tokens, available[name], epochs)
        if rest:
            ordered = sorted(_in_epoch(by_stratum[name], seed, epochs))
            ends[name] = _end(ends[name], rest, ordered)
    return ends


def _in_epoch(rows: Iterable[Row], seed: int, epoch: int) -> Iterator[tuple[int, str, int]]:
    """Yield hash, id and tokens of each repetition of the documents in an epoch."""
    hash_seed = xxhash64.hash_int if -(2**31) <= seed < 2**31 else xxhash64.hash_long
    begun = xxhash64.hash_bytes(b"choose", hash_seed(seed))
    for row in rows:
        times = int(row.get("times", 1))
        for number in range(epoch * times, (epoch + 1) * times):
            hash_ = xxhash64.hash_bytes(row["id"].encode(), xxhash64.hash_int(number, begun))
            yield xxhash64.signed(hash_), row["id"], row["token_count"]


def _end(cutoff: Cutoff, rest: int, ordered: Sequence[tuple[int, str, int]]) -> Cutoff:
    """Return the cut-off at the document at which the running sum of tokens reaches `rest`."""
    sums = accumulate(tokens for _, _, tokens in ordered)
    for (hash_, id_, tokens), up_to in zip(ordered, sums, strict=True):
        if up_to >= rest:
            end = {"hash_order": hash_, "id": id_, "up_to": up_to, "before": up_to - tokens}
            return sampling.nearest(cutoff, rest, end)
    return cutoff
