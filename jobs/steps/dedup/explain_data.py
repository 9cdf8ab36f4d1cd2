"""Cached table lookups for `dedup --explain`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.runtime.context import Context
from jobs.steps.dedup.documents import SIGNATURES
from jobs.steps.dedup.stored_shingling import stored_shingling
from jobs.tables import runs
from jobs.tables.manifest import Manifest
from jobs.tables.rows_by_id import rows_by_id
from schemas.settings.dedup import DedupConfig
from schemas.settings.slices import SLICES
from udfs.near_duplicates.shingling import Shingling

FIELDS = ("slice", "snapshot", "bucket", "perplexity", "length", "date", "url")
"""Columns that are shown of a document besides its id and source."""

_COLUMNS = (*FIELDS, "source", "digest", "text", "simhash", *SIGNATURES.values())

Row = Mapping[str, Any]


@dataclass(frozen=True)
class ExplainData:
    """Rows of the tables about some documents.

    Attributes
    ----------
    requested
        The settings of the command.
    ids
        Ids of the documents, without repetition.
    """

    context: Context
    requested: DedupConfig
    ids: tuple[str, ...]

    @cached_property
    def manifest(self) -> Manifest:
        """The current version of duplicates/."""
        return self.context.table("duplicates").required()

    @cached_property
    def rows(self) -> DataFrame:
        """All rows of duplicates/."""
        _ = self.manifest  # a missing table is an error before a session starts
        return self.context.table("duplicates").read()

    @cached_property
    def config(self) -> DedupConfig:
        """The settings that duplicates/ was made with."""
        record = runs.find(self.context.root, self.manifest.made_by)
        if record is None:
            return self.requested
        return record.settings(DedupConfig, root=self.requested.root)

    @cached_property
    def duplicates(self) -> list[Row]:
        """The rows of the documents that are duplicates."""
        rows = self.rows.where(F.col("id").isin(*self.ids)).orderBy("id", "root").collect()
        return [row.asDict() for row in rows]

    @cached_property
    def duplicates_of(self) -> dict[str, dict[str, int]]:
        """The number of duplicates of each document that is a survivor, by kind."""
        rows = self.rows.where(F.col("survivor_id").isin(*self.ids))
        counts: dict[str, dict[str, int]] = {}
        grouped = rows.groupBy("survivor_id", "kind").agg(F.count("*").alias("n"))
        for row in grouped.orderBy("survivor_id", "kind").collect():
            counts.setdefault(row["survivor_id"], {})[row["kind"]] = row["n"]
        return counts

    @cached_property
    def documents(self) -> dict[tuple[str | None, str], Row]:
        """Rows of annotated/ of the documents and their survivors, by root (None: this one) and id."""
        wanted: dict[str | None, set[str]] = {None: set(self.ids)}
        for row in self.duplicates:
            wanted.setdefault(row["root"], set()).add(row["id"])
            wanted.setdefault(row["survivor_root"], set()).add(row["survivor_id"])
        duplicates = {row["id"] for row in self.duplicates}
        others = set(self.ids) - duplicates - set(self.duplicates_of)
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
        """The entries of takedowns/ for the ids and those of their survivors."""
        if self.context.table("takedowns").manifest is None:
            return {}
        rows = self.context.table("takedowns").read()
        ids = {*self.ids, *(row["survivor_id"] for row in self.duplicates)}
        named = rows.where((F.col("kind") == "id") & F.col("value").isin(*ids))
        return {row["value"]: row.asDict() for row in named.orderBy("date").collect()}

    def cluster_size(self, row: Row) -> int:
        """Return the number of documents of the cluster of a duplicate, the survivor included."""
        copies = self.copies.get(row["id"]) if row["root"] is None else None
        if copies and self.config.scope == "all" and self.config.per_url == "all":
            return int(copies["exact"] + copies["near"] + 1)
        return self._cluster_sizes[row["cluster_id"]]

    @cached_property
    def _cluster_sizes(self) -> dict[str, int]:
        """Sizes by duplicates/ of this root, which lacks rows that an earlier root has already."""
        ids = {row["cluster_id"] for row in self.duplicates}
        rows = self.rows.where(F.col("cluster_id").isin(*ids)).groupBy("cluster_id")
        return {row[0]: row[1] + 1 for row in rows.agg(F.count("*")).collect()}

    @cached_property
    def copies(self) -> dict[str, Row]:
        """The rows of copies/ of the duplicates."""
        if self.context.table("copies").manifest is None:
            return {}
        ids = {row["id"] for row in self.duplicates}
        rows = self.context.table("copies").read()
        return {row["id"]: row.asDict() for row in rows.where(F.col("id").isin(*ids)).collect()}

    @cached_property
    def unknown(self) -> list[str]:
        """The ids that are in no table."""
        known = {id_ for _, id_ in self.documents} | {row["id"] for row in self.duplicates}
        known |= self.duplicates_of.keys() | self.taken_down.keys()
        return [id_ for id_ in self.ids if id_ not in known]

    def suggestions(self) -> list[str]:
        """Return ids of annotated/ that are unknown ones with a slice in front."""
        guesses = [f"{name}/{id_.strip()}" for id_ in self.unknown for name in SLICES]
        return sorted(self._annotated(None, guesses, ()))

    @cached_property
    def shingling(self) -> Shingling:
        """Return how the texts of the signatures were cut."""
        annotated = self.context.table("annotated").required()
        return stored_shingling(self.context, annotated, self.config.scheme)
