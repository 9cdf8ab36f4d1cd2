"""Deduplicate and curate the clusters of removed documents again, without them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyspark.sql import DataFrame

from jobs.runtime.context import Context
from jobs.steps.curate.exclusions import Exclusions
from jobs.steps.curate.rules import Plan
from jobs.steps.takedown import lone_documents, new_versions, remaining, repeats
from jobs.steps.takedown.new_versions import NewVersions
from jobs.steps.takedown.remaining import Remaining
from jobs.steps.takedown.sweep import SearchResult
from jobs.tables import lineage, runs, taken_down
from jobs.tables.manifest import Folder, Manifest
from schemas.errors import UserError
from schemas.settings.curate import CurateConfig
from schemas.settings.dedup import DedupConfig
from schemas.settings.passages import PassagesConfig
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
        which this root does not know all, or if corpus/ was made with passages/: then the jobs run again
        for all documents.
    repeated
        Settings that passages/ was made with, if it has to be made again.
    stale
        Tables that the jobs have to make again.
    """

    deduped: DedupConfig | None = None
    curated: CurateConfig | None = None
    plan: Plan | None = None
    again: bool = False
    repeated: PassagesConfig | None = None
    stale: tuple[str, ...] = ()

    @classmethod
    def of(cls, context: Context, now: Mapping[str, Manifest], result: SearchResult) -> Clusters:
        """Decide what has to be done for the clusters in `result`."""
        root = context.root
        with_passages = repeats.is_current(context, now)
        if result.touched is None:
            if not with_passages or not repeats.are_kept_by_removed(context, result):
                return cls()
            curated = None
            if repeats.are_in_corpus(now):
                curated = recorded(root, now["corpus"], CurateConfig)
            repeated = recorded(root, now["passages"], PassagesConfig)
            return cls(curated=curated, repeated=repeated, stale=("passages",))
        deduped = recorded(root, now["duplicates"], DedupConfig)
        upstream = {name: now[name] for name in ("annotated", "duplicates")}
        curated = plan = None
        if "corpus" in now and lineage.belongs(root, now["corpus"], upstream):
            curated = recorded(root, now["corpus"], CurateConfig)
        if curated is not None:
            plan = Plan.again(curated, now["corpus"].inputs[0])
        repeated = recorded(root, now["passages"], PassagesConfig) if with_passages else None
        stale = ("passages",) if with_passages else ()
        if deduped is None or result.touched.older or repeats.are_in_corpus(now):
            stale = ("duplicates", "copies", *stale)
            return cls(deduped, curated, plan, repeated=repeated, stale=stale)
        return cls(deduped, curated, plan, again=True, repeated=repeated, stale=stale)

    @property
    def whole(self) -> tuple[str, ...]:
        """Tables that lose all documents of a touched cluster, and get the remaining ones again."""
        if not self.again:
            return ()
        return ("duplicates", "copies", "corpus") if self.curated else ("duplicates", "copies")

    @property
    def jobs(self) -> list[tuple[str, Any]]:
        """Jobs that have to run for all documents, with their settings."""
        if "duplicates" in self.stale and self.deduped is None:
            return []
        jobs: list[tuple[str, Any]] = []
        if "duplicates" in self.stale:
            jobs.append(("dedup", self.deduped))
        if self.repeated is not None:
            jobs.append(("passages", self.repeated))
        if self.curated is not None and not self.again:
            jobs.append(("curate", self.curated))
        return jobs

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
        rows = remaining.read(context, now["annotated"], search_result, ids, scratch)
        with rows.planned():
            folder = self._added(context, now, versions, run, rows, search_result.pairs_remain(ids))
        if folder is None or not folder.rows:
            return []
        were_in_corpus = _ids_in_corpus(context, now["corpus"], search_result)
        added = taken_down.rows_of(
            [context.table("corpus").uri(file.path) for file in folder.files], "id"
        )
        return sorted(row["id"] for row in added if row["id"] not in were_in_corpus)

    def _added(
        self,
        context: Context,
        now: Mapping[str, Manifest],
        versions: NewVersions,
        run: str,
        rows: Remaining,
        pairs_remain: bool,
    ) -> Folder | None:
        """Add rows about the remaining documents; return the folder of corpus/, None without it."""
        assert self.deduped is not None
        deduplicated = rows.deduplicated(self.deduped) if pairs_remain else None
        if deduplicated:
            for table in ("duplicates", "copies"):
                about = getattr(deduplicated, table).coalesce(1)
                new_versions.added(context, now, versions, run, table, about)
        if self.curated is None or self.plan is None:
            return None
        exclusions = Exclusions(
            deduplicated.duplicates if deduplicated else _none(context, "duplicates"),
            deduplicated.copies if deduplicated else _none(context, "copies"),
            _contamination(context, now["corpus"]),
            drop=self.curated.contaminated == "drop",
        )
        kept = rows.curated(self.curated, self.plan, exclusions)
        return new_versions.added(context, now, versions, run, "corpus", kept)


def _ids_in_corpus(context: Context, corpus: Manifest, result: SearchResult) -> set[str]:
    """Return the ids of corpus/ in the files that hold a document of a touched cluster."""
    paths = [hit.path for hit in result.hits if hit.table == "corpus" and hit.touched]
    current = {file.path for file in corpus.files}
    uris = [context.table("corpus").uri(path) for path in paths if path in current]
    return {row["id"] for row in taken_down.rows_of(uris, "id")}


def _none(context: Context, table: str) -> DataFrame:
    return context.table(table).read_folders([])


def _contamination(context: Context, corpus: Manifest) -> DataFrame | None:
    """Return the rows of contamination/ if corpus/ was made with it."""
    if "contamination" not in corpus.inputs[0]:
        return None
    return context.table("contamination").read()


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
