"""Select the rows to export by slice, bucket and sample, and assign their shards and order."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.runtime.context import Context
from jobs.steps.export import earlier
from jobs.steps.export.earlier import SHARD_COLUMNS, Shard
from jobs.steps.mix import sampling
from jobs.steps.mix.held_out import is_held_out
from jobs.tables import runs, taken_down
from jobs.tables.runs import Record
from schemas.errors import UserError
from schemas.settings.export import ExportConfig
from schemas.settings.mix import MixConfig

TOKENS_PER_SHARD = 100_000_000  # of the corpus, as in mixture/

_WORDS = ("id", "slice", "bucket", "text", "url", "title", "license", "date", "language")
_COMMON = (*_WORDS, "source", "metadata", "token_count")
COLUMNS = {
    "corpus": (*_COMMON, "snapshot", "perplexity"),
    "mixture": (*_COMMON, "stratum", "epoch"),
}
"""Columns that tasks receive, by table."""

Messages = Literal["without", "with", "only"]
NO_CONVERSATION = "no-conversation"


class Kind(NamedTuple):
    """Numbers of documents and tokens with the same slice, bucket, language and licence."""

    slice: str
    bucket: str
    language: str | None
    license: str | None
    documents: int
    tokens: int


@dataclass(frozen=True)
class Selection:
    """The rows to export.

    Attributes
    ----------
    rows
        `COLUMNS` and `SHARD_COLUMNS`, the rows of a shard in one partition and in order.
    kinds
        Counts of the rows.
    earlier
        Shards of an export in the output folder, which can be kept.
    """

    rows: DataFrame
    kinds: Sequence[Kind]
    earlier: Mapping[str, Shard] = field(default_factory=dict)


def inputs(context: Context, config: ExportConfig) -> dict[str, str]:
    """Return the version of the table to read.

    Raises
    ------
    UserError
        The table does not exist or is empty.
    """
    manifest = context.table(config.table).required()
    if not manifest.rows:
        raise UserError(f"{config.table}/ has no documents to export")
    versions: dict[str, str] = {config.table: manifest.version}
    if config.held_out:
        versions["mixture"] = context.table("mixture").required().version
    return versions


def select(
    context: Context, config: ExportConfig, record: Record, messages: Messages = "without"
) -> Selection:
    """Select the rows; record their number, and that of the others by reason.

    Parameters
    ----------
    messages
        Whether the rows have their messages; `only` leaves out documents that are no conversations.

    Raises
    ------
    UserError
        No row has one of the slices and buckets, or none is a conversation.
    """
    table = context.table(config.table).read()
    available = taken_down.exclude(table, context.root)
    kinds = _kinds(available)
    removed = taken_down.counts(table, context.root)
    selected: list[Kind] = []
    reasons = Counter(removed)
    for kind in kinds:
        if kind.slice not in config.slices:
            reasons["slice"] += kind.documents
        elif kind.bucket not in config.buckets:
            reasons["bucket"] += kind.documents
        else:
            selected.append(kind)
    if not selected:
        raise UserError(f"{config.table}/ has no documents of these slices and buckets")
    rows = available.where(F.col("slice").isin(*config.slices))
    rows = rows.where(F.col("bucket").isin(*config.buckets))
    if config.held_out:
        rows = rows.where(is_held_out(_held_out(context)))
        kept_back = _kinds(rows)
        reasons["not-held-out"] = _documents(selected) - _documents(kept_back)
        selected = kept_back
        if not selected:
            raise UserError("none of these documents are held out of the mixture")
    if messages == "only":
        rows = rows.where(F.col("messages").isNotNull())
        conversations = _kinds(rows)
        reasons[NO_CONVERSATION] = _documents(selected) - _documents(conversations)
        selected = conversations
        if not selected:
            raise UserError(f"{config.table}/ has no conversations of these slices and buckets")
    if config.sample is not None:
        rows = _sample(rows, config, _seed(context, config.table))
        sampled = _kinds(rows)
        reasons["sample"] = _documents(selected) - _documents(sampled)
        selected = sampled
    record.rows_in = _documents(kinds) + sum(removed.values())
    record.reasons = {reason: n for reason, n in reasons.items() if n}
    more = () if messages == "without" else ("messages",)
    in_shards = _in_shards(context, config, rows, selected, more)
    return Selection(in_shards, selected, earlier.of(context, config, record))


def _documents(kinds: Sequence[Kind]) -> int:
    return sum(kind.documents for kind in kinds)


def _kinds(rows: DataFrame) -> list[Kind]:
    names = ("slice", "bucket", "language", "license")
    counts = rows.groupBy(*names).agg(
        F.count("*").alias("documents"),
        F.coalesce(F.sum(F.col("token_count").cast("long")), F.lit(0)).alias("tokens"),
    )
    return [Kind(*row) for row in counts.orderBy(*names).collect()]


def _sample(rows: DataFrame, config: ExportConfig, seed: int) -> DataFrame:
    """Return a prefix of each stratum, with all examples of a repeated document or none."""
    assert config.sample is not None
    if config.table == "corpus":
        return sampling.sample(rows, config.sample, seed, "slice")
    # sampling adds its own column `epoch`
    renamed = rows.withColumnRenamed("epoch", "own_epoch")
    return sampling.sample(renamed, config.sample, seed).withColumnRenamed("own_epoch", "epoch")


def _seed(context: Context, table: str) -> int:
    """Return the seed of mix: unless documents repeat, a sample equals the mixture of that many tokens."""
    manifest = context.table(table).required()
    run = runs.find(context.root, manifest.made_by) if table == "mixture" else None
    return run.settings(MixConfig).seed if run else 0


def _held_out(context: Context) -> float:
    """Return the share of documents that the mixture holds out.

    Raises
    ------
    UserError
        It holds out none.
    """
    run = runs.find(context.root, context.table("mixture").required().made_by)
    share = run.settings(MixConfig).held_out if run else 0.0
    if not share:
        raise UserError("the mixture holds out no documents: run `redpajama mix --held-out P`")
    return share


def _in_shards(
    context: Context,
    config: ExportConfig,
    rows: DataFrame,
    kinds: Sequence[Kind],
    more: Sequence[str],
) -> DataFrame:
    columns = (*COLUMNS[config.table], *more)
    if config.table == "mixture":
        files = context.table("mixture").required().files
        shards = 1 + max(_shard(file.path) for file in files)
        numbered = rows.withColumns({"folder": F.lit(""), "shards": F.lit(shards)})
        order, tasks = "position", shards
    else:
        counts = shards_of(kinds, config.shards)
        pairs = [F.lit(value) for pair in counts.items() for value in pair]
        shards_of_slice: Column = F.element_at(F.create_map(*pairs), F.col("slice"))
        hashed = F.xxhash64(F.lit("shard"), F.col("id"))
        numbered = rows.withColumns(
            {"folder": F.col("slice"), "shards": shards_of_slice}
        ).withColumns(
            {
                "shard": F.pmod(hashed, F.col("shards")).cast("int"),
                # not the order of ids, which puts a site or a date together
                "hash_order": F.xxhash64(F.lit("order"), F.col("id")),
            }
        )
        order, tasks = "hash_order", sum(counts.values())
    in_shards = numbered.select(*SHARD_COLUMNS, *columns, order)
    in_shards = in_shards.repartition(tasks, "folder", "shard")
    return in_shards.sortWithinPartitions("folder", "shard", order, "id").drop(order)


def _shard(path: str) -> int:
    """Return the shard of a file of mixture/, from its folder `shard=12`."""
    return int(path.rpartition("shard=")[2].partition("/")[0])


def shards_of(kinds: Sequence[Kind], wanted: int | None) -> Mapping[str, int]:
    """Return the number of shards of each slice of the corpus."""
    tokens: Counter[str] = Counter()
    for kind in kinds:
        tokens[kind.slice] += kind.tokens
    return {
        slice_: wanted or math.ceil(n / TOKENS_PER_SHARD) or 1
        for slice_, n in sorted(tokens.items())
    }
