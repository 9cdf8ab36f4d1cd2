"""What a takedown finds under a root: the versions there are, the documents, the files they are in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs import storage, vacuum
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
    """What there is to do.

    Attributes
    ----------
    matched
        `id` and `key` of the documents that takedowns name.
    taken
        `id` of all documents that go.
    touched
        `id` and `older` of the documents in their clusters, themselves among them; None where
        duplicates/ and copies/ are not of this annotated/, or say nothing of them.
    taken_files, touched_files
        The same as entries for the workers.
    hits
        The files that hold any of them.
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
    """Whether duplicates/ and copies/ tell the clusters of the annotated/ that there is."""
    if not {"annotated", "duplicates", "copies"} <= now.keys():
        return False
    annotated = {"annotated": now["annotated"]}
    return all(lineage.belongs(root, now[name], annotated) for name in ("duplicates", "copies"))


class Sweep:
    """The search through a root.

    Parameters
    ----------
    scratch
        Folder for what the steps leave to each other.
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

    def matched(self, taking: tuple[str, ...]) -> DataFrame:
        """`id` and `key` of each document that a takedown names, whatever version it is in.

        Parameters
        ----------
        taking
            The Parquet files of takedowns/, as they are or will be.
        """
        keyed = [each for each in self._files if each[0] in _KEYED]
        found = files.matches(self._context.spark, self._context.root, keyed, taking)
        return self._store(found.distinct(), "matched")

    def copies(self, matched: DataFrame, named: DataFrame) -> DataFrame:
        """`kind` and `value` for the documents in the clusters of those that the command names."""
        keys = named.select(F.concat_ws("\t", "kind", "value").alias("key"))
        asked = matched.join(keys, "key", "left_semi").unionByName(
            named.where(F.col("kind") == "id").select(
                F.col("value").alias("id"), F.lit("").alias("key")
            )
        )
        found = cluster_members.of(cluster_members.clustered(self._context), asked)
        return entries.of_ids(found.select("id"))

    def search(self, matched: DataFrame, taking: tuple[str, ...]) -> Found:
        """All that there is of the documents, and of those that are named by their ids."""
        context, spark, scratch = self._context, self._context.spark, self._scratch
        said = spark.read.parquet(*taking).where(F.col("kind") == "id")
        ids = matched.select("id").unionByName(said.select(F.col("value").alias("id")))
        path = storage.join(scratch, "taken")
        taken_files = entries.files_of(ids.distinct(), path)
        taken = spark.read.parquet(path).select(F.col("value").alias("id"))
        touched, touched_files = None, taken_files
        if has_clusters(context.root, self._now):
            path = storage.join(scratch, "touched")
            more = entries.files_of(
                cluster_members.of(cluster_members.clustered(context), taken), path
            )
            found = spark.read.parquet(path).select(F.col("value").alias("id"), "older")
            if not found.isEmpty():
                touched, touched_files = found, taken_files + more
        hits = files.hits(spark, context.root, self._files, taken_files, touched_files)
        self._check(hits)
        return Found(matched, taken, touched, taken_files, touched_files, hits)

    def _listed(self, run: str) -> list[tuple[str, str]]:
        """All files but those that other runs may be writing."""
        root = self._context.root
        since = datetime.now(timezone.utc) - _GRACE
        going = {
            each.run
            for each in runs.all_records(root)
            if each.run != run and vacuum.may_be_running(each, since)
        }
        named = files.named(self._now)
        for run_ in sorted(going):
            self._context.print(
                f"takedown: {run_} may still be going, and what it writes was left alone: "
                "run this again when it has ended"
            )
        return [
            each
            for each in files.listed(root)
            if each in named or each[1].partition("/")[0] not in going
        ]

    def _check(self, hits: list[Hit]) -> None:
        named = files.named(self._now)
        for hit in hits:
            if hit.taken < 0 and (hit.table, hit.path) in named:
                uri = storage.join(self._context.root, hit.table, hit.path)
                raise UserError(f"{uri} is not a whole Parquet file: make {hit.table}/ anew first")

    def _store(self, rows: DataFrame, name: str) -> DataFrame:
        path = storage.join(self._scratch, name)
        rows.write.parquet(path)
        return rows.sparkSession.read.schema(rows.schema).parquet(path)


def unmatched(matched: DataFrame, named: DataFrame) -> DataFrame:
    """What the command names and no document has."""
    told = F.split("key", "\t", 2)
    keys = matched.select(told[0].alias("kind"), told[1].alias("value")).distinct()
    return named.join(keys, ["kind", "value"], "left_anti")
