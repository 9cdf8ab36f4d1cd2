"""Deduplicate and curate the clusters of removed documents again, without them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs import storage
from jobs.runtime.context import Context
from jobs.steps.curate.corpus_rows import corpus_rows
from jobs.steps.curate.exclusions import Exclusions
from jobs.steps.curate.file_sizes import in_files
from jobs.steps.curate.rules import Plan
from jobs.steps.dedup import all_copies, contained, documents, pipeline
from jobs.steps.dedup.pipeline import Texts
from jobs.steps.dedup.scratch import Scratch
from jobs.steps.dedup.stored_shingling import common_shingling
from jobs.steps.takedown import entries, lone_documents, new_versions
from jobs.steps.takedown.new_versions import NewVersions
from jobs.steps.takedown.sweep import SearchResult
from jobs.tables import lineage, runs, taken_down
from jobs.tables.manifest import Manifest
from schemas.errors import UserError
from schemas.settings.curate import CurateConfig
from schemas.settings.dedup import DedupConfig
from schemas.tables import TABLES


@dataclass(frozen=True)
class Clusters:
    """Work that the clusters of removed documents need.

    Attributes
    ----------
    deduped, curated
        Settings that duplicates/ and corpus/ were made with; None if nothing has to be done.
    plan
        Rules of that run of curate.
    again
        Only the clusters are deduplicated again. False if one holds documents of an earlier root, of
        which this root does not know all: then the jobs run again for all documents.
    stale
        Tables that the jobs have to make again.
    """

    deduped: DedupConfig | None = None
    curated: CurateConfig | None = None
    plan: Plan | None = None
    again: bool = False
    stale: tuple[str, ...] = ()

    @classmethod
    def of(cls, context: Context, now: Mapping[str, Manifest], result: SearchResult) -> Clusters:
        """Decide what has to be done for the clusters in `result`."""
        if result.touched is None:
            return cls()
        root = context.root
        deduped = recorded(root, now["duplicates"], DedupConfig)
        upstream = {name: now[name] for name in ("annotated", "duplicates")}
        curated = plan = None
        if "corpus" in now and lineage.belongs(root, now["corpus"], upstream):
            curated = recorded(root, now["corpus"], CurateConfig)
        if curated is not None:
            plan = Plan.again(curated, now["corpus"].inputs[0])
        if deduped is None or result.touched.older:
            return cls(deduped, curated, plan, stale=("duplicates", "copies"))
        return cls(deduped, curated, plan, again=True)

    @property
    def whole(self) -> tuple[str, ...]:
        """Tables that lose all documents of a touched cluster, and get the remaining ones again."""
        if not self.again:
            return ()
        return ("duplicates", "copies", "corpus") if self.curated else ("duplicates", "copies")

    @property
    def jobs(self) -> list[tuple[str, Any]]:
        """Jobs that have to run for all documents, with their settings."""
        if self.again or self.deduped is None:
            return []
        jobs: list[tuple[str, Any]] = [("dedup", self.deduped)]
        return [*jobs, ("curate", self.curated)] if self.curated else jobs

    def add(
        self,
        context: Context,
        now: Mapping[str, Manifest],
        versions: NewVersions,
        search_result: SearchResult,
        run: str,
        scratch: str,
    ) -> list[str]:
        """Add rows about the remaining documents; return the ids of those that become survivors."""
        assert self.deduped is not None
        ids = search_result.remaining()
        if not search_result.pairs_remain(ids):
            dropped = search_result.touched.dropped if search_result.touched else set()
            lone, ids = ids - dropped, ids & dropped
            if self.curated is not None:
                lone_documents.carry(context, now["corpus"], versions, search_result, lone, run)
        if not ids:
            return []
        deduplicated = None
        path = storage.join(scratch, "remaining.parquet")
        remaining = _stored_ids(context, sorted(ids), path)
        texts = _texts(context, now["annotated"], search_result, remaining)
        if search_result.pairs_remain(ids):
            deduplicated = _deduplicate(
                context, self.deduped, remaining, len(ids), texts, storage.join(scratch, "dedup")
            )
            for table in ("duplicates", "copies"):
                rows = getattr(deduplicated, table).coalesce(1)
                new_versions.added(context, now, versions, run, table, rows)
        if self.curated is None or self.plan is None:
            return []
        exclusions = Exclusions(
            deduplicated.duplicates if deduplicated else _none(context, "duplicates"),
            deduplicated.copies if deduplicated else _none(context, "copies"),
            _contamination(context, now["corpus"]),
            drop=self.curated.contaminated == "drop",
        )
        known = exclusions.stored(texts, storage.join(scratch, "known"))
        plan = self.plan.stored(context, storage.join(scratch, "blocklists"))
        kept = in_files(corpus_rows(texts, plan, self.curated, known), {})
        folder = new_versions.added(context, now, versions, run, "corpus", kept)
        if not folder.rows:
            return []
        were_in_corpus = _ids_in_corpus(context, now["corpus"], search_result)
        added = taken_down.rows_of(
            [context.table("corpus").uri(file.path) for file in folder.files], "id"
        )
        return sorted(row["id"] for row in added if row["id"] not in were_in_corpus)


def _ids_in_corpus(context: Context, corpus: Manifest, result: SearchResult) -> set[str]:
    """Return the ids of corpus/ in the files that hold a document of a touched cluster."""
    paths = [hit.path for hit in result.hits if hit.table == "corpus" and hit.touched]
    current = {file.path for file in corpus.files}
    uris = [context.table("corpus").uri(path) for path in paths if path in current]
    return {row["id"] for row in taken_down.rows_of(uris, "id")}


def _none(context: Context, table: str) -> DataFrame:
    return context.table(table).read_folders([])


def _stored_ids(context: Context, ids: list[str], uri: str) -> DataFrame:
    """Return `id` of some documents, stored for the workers."""
    entries.write(entries.of_ids(ids), uri)
    return context.spark.read.parquet(uri).select(F.col("value").alias("id"))


def _deduplicate(
    context: Context,
    config: DedupConfig,
    remaining: DataFrame,
    count: int,
    texts: DataFrame,
    scratch: str,
) -> pipeline.DedupResult:
    """Run dedup on the remaining documents of the clusters, with its recorded settings."""
    # no cluster here has an earlier root's document
    config = dataclasses.replace(config, against=())
    rows = documents.read(context, config, scratch).join(remaining, "id", "left_semi")
    shingling = common_shingling(context, context.table("annotated").required(), config)
    own = texts.select("id", "text")
    result = pipeline.find_duplicates(rows, config, scratch, Texts(own, shingling), count=count)
    found = contained.checked(result.duplicates, own, {}, config, Scratch(scratch))
    return dataclasses.replace(result, duplicates=all_copies.removals(found.duplicates, config))


def _contamination(context: Context, corpus: Manifest) -> DataFrame | None:
    """Return the rows of contamination/ if corpus/ was made with it."""
    if "contamination" not in corpus.inputs[0]:
        return None
    return context.table("contamination").read()


def _texts(
    context: Context, annotated: Manifest, result: SearchResult, ids: DataFrame
) -> DataFrame:
    """Return rows of annotated/ for some ids, read from the files that hold them."""
    paths = {hit.path for hit in result.hits if hit.table == "annotated" and hit.touched}
    folders = [
        dataclasses.replace(
            folder,
            files=tuple(file for file in folder.files if file.path in paths),
            partial=True,
        )
        for folder in annotated.folders
    ]
    rows = context.table("annotated").read_folders(folders)
    return rows.join(ids, "id", "left_semi")


def recorded(root: str, manifest: Manifest, kind: type[Any]) -> Any:
    """Return the settings that a table was made with; None if they are not recorded or not known."""
    job = TABLES[manifest.table].job
    record = runs.find(root, manifest.made_by)
    if record is None or record.job != job:
        return None
    try:
        return record.settings(kind, root=root, strict=True)
    except UserError:  # of an older release
        return None
