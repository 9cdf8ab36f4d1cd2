"""Search a root for the documents of a takedown: tables, clusters and files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs import storage
from jobs.runtime.context import Context
from jobs.steps.takedown import cluster_members, entries, files
from jobs.steps.takedown.files import Hit
from jobs.tables import lineage, runs
from jobs.tables.manifest import Manifest
from schemas.errors import UserError

_KEYED = ("documents", "annotated", "corpus", "mixture")
_GRACE = timedelta(hours=24)


@dataclass(frozen=True)
class Found:
    """Result of the search.

    Attributes
    ----------
    matched
        `id` and `key` of the documents that entries of takedowns/ name.
    taken
        `id` of all documents to remove.
    touched
        `id` and `older` of all documents in their clusters; None if duplicates/ and copies/ belong to
        another annotated/, or have no row about them.
    taken_files, touched_files
        The same ids as files of entries, for the workers.
    hits
        Files that hold any of them.
    """

    matched: DataFrame
    taken: DataFrame
    touched: DataFrame | None
    taken_files: tuple[str, ...]
    touched_files: tuple[str, ...]
    hits: list[Hit]


def current(context: Context) -> dict[str, Manifest]:
    """Return the current versions of the tables that hold documents."""
    versions = {name: context.table(name).manifest for name in files.TABLES}
    return {name: version for name, version in versions.items() if version is not None}


def has_clusters(root: str, now: dict[str, Manifest]) -> bool:
    """Return whether duplicates/ and copies/ belong to the current annotated/."""
    if not {"annotated", "duplicates", "copies"} <= now.keys():
        return False
    annotated = {"annotated": now["annotated"]}
    return all(lineage.belongs(root, now[name], annotated) for name in ("duplicates", "copies"))


class Sweep:
    """The search through a root.

    Parameters
    ----------
    scratch
        Folder for intermediate results.
    """

    def __init__(
        self,
        context: Context,
        now: dict[str, Manifest],
        scratch: str,
        run: str,
    ) -> None:
        self._context = context
        self._now = now
        self._scratch = scratch
        self._files = self._listed(run)

    def matched(self, recorded: tuple[str, ...]) -> DataFrame:
        """Return `id` and `key` of each document that an entry names, in any version of a table.

        Parameters
        ----------
        recorded
            Parquet files of takedowns/, as they are or will be.
        """
        keyed = [(table, path) for table, path in self._files if table in _KEYED]
        matches = files.matches(self._context.spark, self._context.root, keyed, recorded)
        return self._store(matches.distinct(), "matched")

    def copies(self, matched: DataFrame, named: DataFrame) -> DataFrame:
        """Return entries (`kind`, `value`) for all documents in the clusters of the requested ones."""
        keys = named.select(F.concat_ws("\t", "kind", "value").alias("key"))
        requested = matched.join(keys, "key", "left_semi").unionByName(
            named.where(F.col("kind") == "id").select(
                F.col("value").alias("id"), F.lit("").alias("key")
            )
        )
        members = cluster_members.of(cluster_members.clustered(self._context), requested)
        return entries.of_ids(members.select("id"))

    def search(self, matched: DataFrame, recorded: tuple[str, ...]) -> Found:
        """Find the matched documents, and those that are named by id, in all files."""
        context, spark, scratch = self._context, self._context.spark, self._scratch
        named = spark.read.parquet(*recorded).where(F.col("kind") == "id")
        ids = matched.select("id").unionByName(named.select(F.col("value").alias("id")))
        path = storage.join(scratch, "taken")
        taken_files = entries.files_of(ids.distinct(), path)
        taken = spark.read.parquet(path).select(F.col("value").alias("id"))
        touched, touched_files = None, taken_files
        if has_clusters(context.root, self._now):
            path = storage.join(scratch, "touched")
            members = cluster_members.of(cluster_members.clustered(context), taken)
            member_files = entries.files_of(members, path)
            members = spark.read.parquet(path).select(F.col("value").alias("id"), "older")
            if not members.isEmpty():
                touched, touched_files = members, taken_files + member_files
        hits = files.hits(spark, context.root, self._files, taken_files, touched_files)
        self._check(hits)
        return Found(matched, taken, touched, taken_files, touched_files, hits)

    def _listed(self, run: str) -> list[tuple[str, str]]:
        """Return all files except those that other runs may be writing."""
        root = self._context.root
        since = datetime.now(timezone.utc) - _GRACE
        active = {
            record.run
            for record in runs.all_records(root)
            if record.run != run and record.may_be_running(since)
        }
        named = files.named(self._now)
        for run_ in sorted(active):
            self._context.print(
                f"takedown: {run_} may still be active, and its files were left alone: "
                "run this again when it has ended"
            )
        return [
            (table, path)
            for table, path in files.listed(root)
            if (table, path) in named or path.partition("/")[0] not in active
        ]

    def _check(self, hits: list[Hit]) -> None:
        named = files.named(self._now)
        for hit in hits:
            if hit.taken < 0 and (hit.table, hit.path) in named:
                uri = storage.join(self._context.root, hit.table, hit.path)
                raise UserError(f"{uri} is a truncated Parquet file: make {hit.table}/ again first")

    def _store(self, rows: DataFrame, name: str) -> DataFrame:
        path = storage.join(self._scratch, name)
        rows.write.parquet(path)
        return rows.sparkSession.read.schema(rows.schema).parquet(path)


def unmatched(matched: DataFrame, named: DataFrame) -> DataFrame:
    """Return the requested entries that match no document."""
    parts = F.split("key", "\t", 2)
    keys = matched.select(parts[0].alias("kind"), parts[1].alias("value")).distinct()
    return named.join(keys, ["kind", "value"], "left_anti")
