"""Exclusions and evidence joined from duplicates/, copies/, contamination/ and passages/."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.runtime.context import Context
from jobs.steps.curate import few_exclusions
from jobs.tables import archive_lookup
from jobs.tables.archive_lookup import Lookup
from jobs.tables.manifest import Manifest
from schemas.errors import UserError
from schemas.settings.curate import CurateConfig


@dataclass(frozen=True)
class Exclusions:
    """Rows of the tables that exclude or describe documents of annotated/.

    Attributes
    ----------
    contamination
        None if it does not exist or is not wanted.
    drop
        Whether contaminated documents are excluded.
    in_memory
        The rows of `notes` but for passages, where they are few; None where Spark computes them.
    passages
        As from `jobs.steps.curate.passages.notes`; None if they do not exist or are not wanted.
    """

    duplicates: DataFrame
    copies: DataFrame
    contamination: DataFrame | None = None
    drop: bool = False
    in_memory: pa.Table | None = None
    passages: DataFrame | None = None

    @classmethod
    def of(
        cls, context: Context, config: CurateConfig, contamination: Manifest | None
    ) -> Exclusions:
        """Read the tables, after `check` and `contamination` have accepted them."""
        drop = config.contaminated == "drop"
        return cls(
            context.table("duplicates").read(),
            context.table("copies").read(),
            context.table("contamination").read() if contamination else None,
            drop=drop,
            in_memory=few_exclusions.notes(context, contamination, drop=drop),
        )

    @property
    def reasons(self) -> DataFrame:
        """`id` and `exclusion_reason` of the excluded documents; duplicates come first."""
        if self.in_memory is not None:
            excluded = self._but_for_passages().where("exclusion_reason is not null")
            return excluded.select("id", "exclusion_reason")
        duplicate = F.concat(F.lit("duplicate:"), "kind").alias("exclusion_reason")
        own = self.duplicates.where("root is null")
        excluded = own.select("id", duplicate, F.lit(0).alias("rank"))
        if self.contamination is not None and self.drop:
            contaminated = F.concat(F.lit("contaminated:"), "evaluation")
            excluded = excluded.union(self.contamination.select("id", contaminated, F.lit(1)))
        first = F.min_by("exclusion_reason", F.struct("rank", "exclusion_reason"))
        return excluded.groupBy("id").agg(first.alias("exclusion_reason"))

    @property
    def notes(self) -> DataFrame:
        """Exclusion, copies, evidence and passages by `id`, of the documents that have any."""
        notes = self._but_for_passages()
        return notes if self.passages is None else notes.join(self.passages, "id", "full_outer")

    def _but_for_passages(self) -> DataFrame:
        if self.in_memory is not None:
            return self.duplicates.sparkSession.createDataFrame(self.in_memory)
        notes = self.copies.drop("cluster_id").join(self.reasons, "id", "full_outer")
        if self.contamination is not None:
            evidence = F.array_sort(F.collect_list(F.struct("evaluation", "item", "ngram")))
            marks = self.contamination.groupBy("id").agg(evidence.alias("contamination"))
            notes = notes.join(marks, "id", "full_outer")
        return notes

    def stored(self, annotated: DataFrame, folder: str) -> Lookup:
        """Store the notes in a folder with each document's archive, and return a lookup by archive."""
        notes = annotated.select("id", "source.uri").join(self.notes, "id", "inner")
        return archive_lookup.stored(notes, folder, index="uri")


def check(context: Context, annotated: Manifest) -> Manifest:
    """Return the manifest of duplicates/.

    Raises
    ------
    UserError
        duplicates/ or copies/ do not exist, or were made from an older annotated/.
    """
    duplicates = context.table("duplicates").required()
    if duplicates.inputs[0]["annotated"] != annotated.version:
        raise UserError("duplicates/ is older than annotated/: run `redpajama dedup` again")
    if context.table("copies").required().version != duplicates.version:
        raise UserError(
            "copies/ and duplicates/ are of different runs: run `redpajama dedup` again"
        )
    return duplicates


def contamination(context: Context, config: CurateConfig, annotated: Manifest) -> Manifest | None:
    """Return the manifest of contamination/; None if it does not exist or is not wanted.

    Raises
    ------
    UserError
        It was made from another annotated/, or it does not exist and its documents are to be dropped.
    """
    if config.contaminated == "ignore":
        return None
    manifest = context.table("contamination").manifest
    if manifest is None:
        if config.contaminated == "drop":
            raise UserError("--contaminated drop: run `redpajama decontaminate` first")
        return None
    if manifest.inputs[0]["annotated"] != annotated.version:
        raise UserError(
            "contamination/ is older than annotated/: run `redpajama decontaminate` again, or curate "
            "with --contaminated ignore"
        )
    return manifest
