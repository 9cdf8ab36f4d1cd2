"""What passages/ says about documents: how much of each stands elsewhere too, and which spans are cut."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.runtime.context import Context
from jobs.steps.curate.filters import Rule
from jobs.steps.curate.rules import Plan, judged
from jobs.tables.manifest import Manifest
from schemas.errors import UserError
from schemas.settings.curate import CurateConfig
from udfs.passages.removal import without

SHARE = "passage_share"
"""Column for rules: the share of a document's characters that passages are."""

_BROADCAST = 200_000  # documents


def manifest(
    context: Context, config: CurateConfig, annotated: Manifest, duplicates: Manifest
) -> Manifest | None:
    """Return the manifest of passages/; None if it does not exist or is not wanted.

    Raises
    ------
    UserError
        It was made from other tables, or it does not exist and passages are to be dropped.
    """
    if config.passages == "ignore":
        return None
    current = context.table("passages").manifest
    if current is None:
        if config.passages == "drop":
            raise UserError("--passages drop: run `redpajama passages` first")
        return None
    for table in (annotated, duplicates):
        if current.inputs[0][table.table] != table.version:
            raise UserError(
                f"passages/ is older than {table.table}/: run `redpajama passages` again, or curate "
                "with --passages ignore"
            )
    return current


def with_share(context: Context, rows: DataFrame, rules: Sequence[Rule]) -> DataFrame:
    """Add the column `passage_share` to rows of annotated/ if a rule names it.

    Raises
    ------
    UserError
        There is no passages/.
    """
    if not any(SHARE in rule.sql for rule in rules):
        return rows
    table = context.table("passages")
    if table.manifest is None:
        raise UserError(f"{SHARE}: run `redpajama passages` first")
    spans = F.array_sort(F.collect_list(_span()))
    documents = table.read().groupBy("id").agg(_covered(spans).alias(SHARE))
    how = "broadcast" if table.manifest.rows <= _BROADCAST else "shuffle_hash"
    share = F.coalesce(F.col(SHARE) / F.col("length"), F.lit(0.0))
    return rows.join(documents.hint(how), "id", "left").withColumn(SHARE, share)


def notes(passages: DataFrame, kept: DataFrame) -> DataFrame:
    """Return `id`, `passage_characters` and `cuts` of the documents with passages.

    A span is cut if its keeper is in the corpus, or in an earlier root.

    Parameters
    ----------
    passages
        Rows of passages/.
    kept
        `id` of the documents that are kept.
    """
    keepers = kept.select(F.col("id").alias("keeper_id"), F.lit(True).alias("is_kept"))
    stays = F.col("is_kept") | F.col("keeper_root").isNotNull()
    documents = passages.join(keepers, "keeper_id", "left").groupBy("id")
    return documents.agg(
        _covered(F.array_sort(F.collect_list(_span()))).alias("passage_characters"),
        F.array_sort(F.collect_list(F.when(stays, _span()))).alias("cuts"),
    )


def kept(rows: DataFrame, plan: Plan, reasons: DataFrame) -> DataFrame:
    """Return `id` of the documents that neither a rule nor another table drops.

    Parameters
    ----------
    rows
        Rows of annotated/.
    reasons
        `jobs.steps.curate.exclusions.Exclusions.reasons`.
    """
    documents = judged(rows, plan).where("reason is null").select("id")
    return documents.join(reasons, "id", "left_anti")


def _span() -> Column:
    return F.struct("start", (F.col("start") + F.col("length")).alias("end"))


def _covered(spans: Column) -> Column:
    """Return the number of characters in sorted spans, which may overlap."""
    none = F.struct(F.lit(0).alias("characters"), F.lit(0).alias("end"))

    def add(before: Column, span: Column) -> Column:
        new = span["end"] - F.greatest(span["start"], before["end"])
        characters = before["characters"] + F.greatest(new, F.lit(0))
        end = F.greatest(span["end"], before["end"])
        return F.struct(characters.alias("characters"), end.alias("end"))

    return F.aggregate(spans, none, add, lambda sums: sums["characters"])


def cut(
    rows: pa.RecordBatch, notes_by_id: Mapping[str, Mapping[str, Any]], config: CurateConfig
) -> tuple[pa.RecordBatch, dict[str, list[int]]]:
    """Take passages out of the texts of a batch, where the settings say so.

    Conversations stay whole, and documents that would lose more than `config.max_passages`.

    Returns
    -------
    tuple
        The rows, changed ones without a token count; and the columns of corpus/ about passages.
    """
    characters, removed = [], []
    texts, tokens = (rows.column(name).to_pylist() for name in ("text", "token_count"))
    whole = [bool(messages) for messages in rows.column("messages").to_pylist()]
    for i, id_ in enumerate(rows.column("id").to_pylist()):
        note = notes_by_id.get(id_, {})
        characters.append(note.get("passage_characters") or 0)
        removed.append(0)
        spans = [(span["start"], span["end"]) for span in note.get("cuts") or ()]
        if config.passages != "drop" or whole[i] or not spans:
            continue
        remainder = without(texts[i], spans)
        if remainder.characters <= config.max_passages * len(texts[i]):
            texts[i], removed[i], tokens[i] = *remainder, None
    for name, values in (("text", texts), ("token_count", tokens)):
        place = rows.schema.get_field_index(name)
        column = pa.array(values, rows.schema.field(place).type)
        rows = rows.set_column(place, rows.schema.field(place), column)
    return rows, {"passage_characters": characters, "cut_characters": removed}
