"""What of a table is exported: slices, buckets, a sample, and in which shard and order."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.runtime.context import Context
from jobs.steps.mix import sampling
from jobs.tables import runs, taken_down
from jobs.tables.runs import Record
from schemas.errors import UserError
from schemas.settings.export import ExportConfig
from schemas.settings.mix import MixConfig

TOKENS_A_SHARD = 100_000_000  # of the corpus, as mix makes them

_WORDS = ("id", "slice", "bucket", "text", "url", "title", "license", "date", "language")
_COMMON = (*_WORDS, "source", "metadata", "token_count")
COLUMNS = {
    "corpus": (*_COMMON, "snapshot", "perplexity"),
    "mixture": (*_COMMON, "stratum", "epoch"),
}
"""What tasks are given of a row, by table."""

PLACE = ("folder", "shard", "shards")
"""A row's shard and how many there are; corpus/ has a folder for each slice, mixture/ has ""."""


class Kind(NamedTuple):
    """How many documents and tokens there are of a kind."""

    slice: str
    bucket: str
    language: str | None
    license: str | None
    documents: int
    tokens: int


@dataclass(frozen=True)
class Selection:
    """What is exported.

    Attributes
    ----------
    rows
        `COLUMNS` and `PLACE`, each shard's rows in one partition and in order.
    kinds
        What they are.
    """

    rows: DataFrame
    kinds: Sequence[Kind]


def inputs(context: Context, config: ExportConfig) -> dict[str, str]:
    """The version of the table that is read."""
    found = context.table(config.table).required()
    if not found.rows:
        raise UserError(f"{config.table}/ holds no document: there is nothing to export")
    return {config.table: found.version}


def select(context: Context, config: ExportConfig, record: Record) -> Selection:
    """Choose the rows and count them, with the reasons of those that stay."""
    everything = context.table(config.table).read()
    there = taken_down.exclude(everything, context.root)
    found = _kinds(there)
    removed = taken_down.counts(everything, context.root)
    chosen: list[Kind] = []
    out = Counter(removed)
    for each in found:
        if each.slice not in config.slices:
            out["slice"] += each.documents
        elif each.bucket not in config.buckets:
            out["bucket"] += each.documents
        else:
            chosen.append(each)
    if not chosen:
        raise UserError(
            f"{config.table}/ holds no document of these slices and buckets: "
            "there is nothing to export"
        )
    rows = there.where(F.col("slice").isin(*config.slices))
    rows = rows.where(F.col("bucket").isin(*config.buckets))
    if config.sample is not None:
        rows = _sample(rows, config, _seed(context, config.table))
        kept = _kinds(rows)
        out["sample"] = sum(n.documents for n in chosen) - sum(n.documents for n in kept)
        chosen = kept
    record.rows_in = sum(each.documents for each in found) + sum(removed.values())
    record.reasons = {reason: n for reason, n in out.items() if n}
    return Selection(_in_shards(context, config, rows, chosen), chosen)


def _kinds(rows: DataFrame) -> list[Kind]:
    names = ("slice", "bucket", "language", "license")
    counts = rows.groupBy(*names).agg(
        F.count("*").alias("documents"),
        F.coalesce(F.sum(F.col("token_count").cast("long")), F.lit(0)).alias("tokens"),
    )
    return [Kind(*row) for row in counts.orderBy(*names).collect()]


def _sample(rows: DataFrame, config: ExportConfig, seed: int) -> DataFrame:
    """A prefix of each stratum; of a document that the mixture repeats, all examples or none."""
    assert config.sample is not None
    if config.table == "corpus":
        return sampling.sample(rows, config.sample, seed, "slice")
    # sampling adds a column `epoch` of its own
    renamed = rows.withColumnRenamed("epoch", "own_epoch")
    return sampling.sample(renamed, config.sample, seed).withColumnRenamed("own_epoch", "epoch")


def _seed(context: Context, table: str) -> int:
    """The seed of mix: where no document repeats, a sample is the mixture of that many tokens."""
    manifest = context.table(table).required()
    run = runs.find(context.root, manifest.made_by) if table == "mixture" else None
    return run.settings(MixConfig).seed if run else 0


def _in_shards(
    context: Context, config: ExportConfig, rows: DataFrame, kinds: Sequence[Kind]
) -> DataFrame:
    columns = COLUMNS[config.table]
    if config.table == "mixture":
        files = context.table("mixture").required().files
        shards = 1 + max(_shard(file.path) for file in files)
        placed = rows.withColumns({"folder": F.lit(""), "shards": F.lit(shards)})
        ordered, tasks = "position", shards
    else:
        wanted = shards_of(kinds, config.shards)
        number: Column = F.element_at(
            F.create_map(*[F.lit(each) for pair in wanted.items() for each in pair]), F.col("slice")
        )
        hashed = F.xxhash64(F.lit("shard"), F.col("id"))
        placed = rows.withColumns({"folder": F.col("slice"), "shards": number}).withColumns(
            {
                "shard": F.pmod(hashed, F.col("shards")).cast("int"),
                # the order of a shard is no order of ids, which are of a site or a date
                "place": F.xxhash64(F.lit("order"), F.col("id")),
            }
        )
        ordered, tasks = "place", sum(wanted.values())
    brought = placed.select(*PLACE, *columns, ordered).repartition(tasks, "folder", "shard")
    return brought.sortWithinPartitions("folder", "shard", ordered, "id").drop(ordered)


def _shard(path: str) -> int:
    """The shard of a file of mixture/, which its folder `shard=12` names."""
    return int(path.rpartition("shard=")[2].partition("/")[0])


def shards_of(kinds: Sequence[Kind], wanted: int | None) -> Mapping[str, int]:
    """How many shards each slice of the corpus has."""
    tokens: Counter[str] = Counter()
    for each in kinds:
        tokens[each.slice] += each.tokens
    return {
        slice_: wanted or math.ceil(n / TOKENS_A_SHARD) or 1 for slice_, n in sorted(tokens.items())
    }
