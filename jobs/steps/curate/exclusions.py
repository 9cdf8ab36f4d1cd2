"""What other tables say of the documents: duplicates, their copies, and contamination."""

from __future__ import annotations

from dataclasses import dataclass

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.runtime.context import Context
from jobs.tables import archive_lookup
from jobs.tables.archive_lookup import Lookup
from jobs.tables.manifest import Manifest
from schemas.errors import UserError
from schemas.settings.curate import CurateConfig


@dataclass(frozen=True)
class Others:
    """The tables, each as it is published.

    Attributes
    ----------
    contamination
        None where it is not there, or not wanted.
    drop
        Whether contaminated documents are left out.
    """

    duplicates: DataFrame
    copies: DataFrame
    contamination: DataFrame | None = None
    drop: bool = False

    @classmethod
    def of(cls, context: Context, config: CurateConfig, contamination: Manifest | None) -> Others:
        """The tables of a root, where `check` and `contamination` found nothing wrong."""
        return cls(
            context.table("duplicates").read(),
            context.table("copies").read(),
            context.table("contamination").read() if contamination else None,
            drop=config.contaminated == "drop",
        )

    @property
    def gone(self) -> DataFrame:
        """`id` and `gone`, the reason, of the documents to leave out."""
        duplicate = F.concat(F.lit("duplicate:"), "kind").alias("gone")
        said = self.duplicates.where("root is null").select("id", duplicate, F.lit(0).alias("rank"))
        if self.contamination is not None and self.drop:
            told = F.concat(F.lit("contaminated:"), "evaluation")
            said = said.union(self.contamination.select("id", told, F.lit(1)))
        return said.groupBy("id").agg(F.min_by("gone", F.struct("rank", "gone")).alias("gone"))

    def known(self, annotated: DataFrame) -> DataFrame:
        """All of it by document, with the archive that it is in."""
        said = self.copies.drop("cluster_id").join(self.gone, "id", "full_outer")
        if self.contamination is not None:
            evidence = F.array_sort(F.collect_list(F.struct("evaluation", "item", "ngram")))
            marks = self.contamination.groupBy("id").agg(evidence.alias("contamination"))
            said = said.join(marks, "id", "full_outer")
        return annotated.select("id", "source.uri").join(said, "id", "inner")

    def stored(self, annotated: DataFrame, folder: str) -> Lookup:
        """The same to be looked up by archive, from a folder."""
        return archive_lookup.stored(self.known(annotated), folder, index="uri")


def check(context: Context, annotated: Manifest) -> Manifest:
    """The manifest of duplicates/, which with copies/ must be of this annotated/.

    Raises
    ------
    UserError
        They are not there, or older.
    """
    duplicates = context.table("duplicates").required()
    if duplicates.inputs[0]["annotated"] != annotated.version:
        raise UserError("duplicates/ is older than annotated/: run `redpajama dedup` again")
    if context.table("copies").required().version != duplicates.version:
        raise UserError("copies/ is not of the run of duplicates/: run `redpajama dedup` again")
    return duplicates


def contamination(context: Context, config: CurateConfig, annotated: Manifest) -> Manifest | None:
    """The manifest of contamination/, where it is there and wanted.

    Raises
    ------
    UserError
        It is not of this annotated/, or is missing though what it names is to be dropped.
    """
    if config.contaminated == "ignore":
        return None
    found = context.table("contamination").manifest
    if found is None:
        if config.contaminated == "drop":
            raise UserError("--contaminated drop: run `redpajama decontaminate` first")
        return None
    if found.inputs[0]["annotated"] != annotated.version:
        raise UserError(
            "contamination/ is older than annotated/: run `redpajama decontaminate` again, or curate "
            "with --contaminated ignore"
        )
    return found
