"""What the tables have of the documents that `dedup --explain` is asked about, each thing read once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.runtime.context import Context
from jobs.steps.dedup.documents import SIGNATURES
from jobs.steps.dedup.ngram_size import ngram
from jobs.tables import runs
from jobs.tables.manifest import Manifest
from jobs.tables.rows_by_id import rows_by_id
from schemas.settings.dedup import DedupConfig
from schemas.settings.slices import SLICES

TOLD = ("slice", "snapshot", "bucket", "perplexity", "length", "date", "url")
"""What is told of a document beside its id and source."""

_COLUMNS = (*TOLD, "source", "digest", "text", "simhash", *SIGNATURES.values())

Row = Mapping[str, Any]


@dataclass(frozen=True)
class LookedUp:
    """Some documents.

    Attributes
    ----------
    asked
        The settings of the command.
    ids
        Each once.
    """

    context: Context
    asked: DedupConfig
    ids: tuple[str, ...]

    @cached_property
    def table(self) -> Manifest:
        return self.context.table("duplicates").required()

    @cached_property
    def rows(self) -> DataFrame:
        _ = self.table  # where there is none, nobody waits for a session
        return self.context.table("duplicates").read()

    @cached_property
    def config(self) -> DedupConfig:
        """The settings that duplicates/ was made with."""
        record = runs.find(self.context.root, self.table.made_by)
        return record.settings(DedupConfig, root=self.asked.root) if record else self.asked

    @cached_property
    def gone(self) -> list[Row]:
        """The rows of those that another document stands for."""
        found = self.rows.where(F.col("id").isin(*self.ids)).orderBy("id", "root").collect()
        return [row.asDict() for row in found]

    @cached_property
    def stands_for(self) -> dict[str, dict[str, int]]:
        """By survivor the number of documents it stands for, by kind."""
        rows = self.rows.where(F.col("survivor_id").isin(*self.ids))
        counts: dict[str, dict[str, int]] = {}
        grouped = rows.groupBy("survivor_id", "kind").agg(F.count("*").alias("n"))
        for row in grouped.orderBy("survivor_id", "kind").collect():
            counts.setdefault(row["survivor_id"], {})[row["kind"]] = row["n"]
        return counts

    @cached_property
    def documents(self) -> dict[tuple[str | None, str], Row]:
        """By root and id what annotated/ has of the documents and of their survivors."""
        wanted: dict[str | None, set[str]] = {None: set(self.ids)}
        for row in self.gone:
            wanted.setdefault(row["root"], set()).add(row["id"])
            wanted.setdefault(row["survivor_root"], set()).add(row["survivor_id"])
        others = set(self.ids) - {row["id"] for row in self.gone} - set(self.stands_for)
        for root in self.config.against if others else ():
            wanted.setdefault(root, set()).update(others)
        return {
            (root, id_): {**row, "root": root}
            for root, ids in wanted.items()
            for id_, row in self._annotated(root, ids, _COLUMNS).items()
        }

    def _annotated(
        self, root: str | None, ids: Iterable[str], columns: Iterable[str]
    ) -> dict[str, dict[str, Any]]:
        annotated = self.context.at(root or self.context.root).table("annotated")
        if annotated.manifest is None:
            return {}
        rows = rows_by_id(annotated, list(ids), tuple(columns))
        return {row["id"]: row for row in rows}

    @cached_property
    def taken_down(self) -> dict[str, Row]:
        """What takedowns/ has of the ids, and of those of survivors."""
        if self.context.table("takedowns").manifest is None:
            return {}
        rows = self.context.table("takedowns").read()
        ids = {*self.ids, *(row["survivor_id"] for row in self.gone)}
        named = rows.where((F.col("kind") == "id") & F.col("value").isin(*ids))
        return {row["value"]: row.asDict() for row in named.orderBy("date").collect()}

    def size(self, row: Row) -> int:
        """Documents of the cluster of one of `gone`, its survivor among them."""
        copies = self.copies.get(row["id"]) if row["root"] is None else None
        if copies and self.config.scope == "all":
            return int(copies["exact"] + copies["near"] + 1)
        return self._sizes[row["cluster_id"]]

    @cached_property
    def _sizes(self) -> dict[str, int]:
        """As duplicates/ has them, which leaves out what duplicates/ of an older root says."""
        ids = {row["cluster_id"] for row in self.gone}
        rows = self.rows.where(F.col("cluster_id").isin(*ids)).groupBy("cluster_id")
        return {row[0]: row[1] + 1 for row in rows.agg(F.count("*")).collect()}

    @cached_property
    def copies(self) -> dict[str, Row]:
        """Of `gone`, what is known of the copies over everything."""
        if self.context.table("copies").manifest is None:
            return {}
        ids = {row["id"] for row in self.gone}
        rows = self.context.table("copies").read()
        return {row["id"]: row.asDict() for row in rows.where(F.col("id").isin(*ids)).collect()}

    @cached_property
    def unknown(self) -> list[str]:
        """The ids that no table has."""
        there = {id_ for _, id_ in self.documents} | {row["id"] for row in self.gone}
        there |= self.stands_for.keys() | self.taken_down.keys()
        return [id_ for id_ in self.ids if id_ not in there]

    def meant(self) -> list[str]:
        """Ids that are there and are unknown ones with a slice before them."""
        guesses = [f"{name}/{id_.strip()}" for id_ in self.unknown for name in SLICES]
        return sorted(self._annotated(None, guesses, ()))

    @cached_property
    def ngram(self) -> int:
        """Words of a shingle of the signatures."""
        annotated = self.context.table("annotated").required()
        return ngram(self.context.root, annotated, self.config.scheme)
