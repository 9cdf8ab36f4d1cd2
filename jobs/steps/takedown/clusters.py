"""The clusters that documents are taken out of, found and curated again without them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyspark.sql import DataFrame

from jobs import storage
from jobs.runtime.context import Context
from jobs.steps.curate.corpus_rows import corpus_rows
from jobs.steps.curate.exclusions import Others
from jobs.steps.curate.file_sizes import in_files
from jobs.steps.curate.rules import Plan
from jobs.steps.dedup import documents, pipeline
from jobs.steps.dedup.ngram_size import common_ngram
from jobs.steps.dedup.pipeline import Texts
from jobs.steps.takedown import new_versions
from jobs.steps.takedown.new_versions import Replaced
from jobs.steps.takedown.sweep import Found
from jobs.tables import lineage, runs
from jobs.tables.manifest import Manifest
from schemas.errors import UserError
from schemas.settings.curate import CurateConfig
from schemas.settings.dedup import DedupConfig
from schemas.tables import TABLES


@dataclass(frozen=True)
class Clusters:
    """What has to be done for the clusters.

    Attributes
    ----------
    deduped, curated
        The settings that duplicates/ and corpus/ were made with; None where there is nothing to do.
    plan
        What that curate decided by.
    again
        The clusters are found again by themselves. Not where one holds documents of an older root, of
        which this one does not know all: then the jobs run again as a whole.
    """

    deduped: DedupConfig | None = None
    curated: CurateConfig | None = None
    plan: Plan | None = None
    again: bool = False
    stale: tuple[str, ...] = ()

    @classmethod
    def of(cls, context: Context, now: Mapping[str, Manifest], found: Found) -> Clusters:
        """Decide what has to be done."""
        if found.touched is None:
            return cls()
        root = context.root
        deduped = _recorded(root, now["duplicates"], DedupConfig)
        upstream = {name: now[name] for name in ("annotated", "duplicates")}
        curated = plan = None
        if "corpus" in now and lineage.belongs(root, now["corpus"], upstream):
            curated = _recorded(root, now["corpus"], CurateConfig)
        if curated is not None:
            plan = Plan.again(curated, now["corpus"].inputs[0])
        if deduped is None or not found.touched.where("older").isEmpty():
            return cls(deduped, curated, plan, stale=("duplicates", "copies"))
        return cls(deduped, curated, plan, again=True)

    @property
    def whole(self) -> tuple[str, ...]:
        """The tables of which all that is in such a cluster goes, and comes again."""
        if not self.again:
            return ()
        return ("duplicates", "copies", "corpus") if self.curated else ("duplicates", "copies")

    @property
    def jobs(self) -> list[tuple[str, Any]]:
        """The jobs that have to run as a whole, with their settings."""
        if self.again or self.deduped is None:
            return []
        jobs: list[tuple[str, Any]] = [("dedup", self.deduped)]
        return [*jobs, ("curate", self.curated)] if self.curated else jobs

    def add(
        self,
        context: Context,
        now: Mapping[str, Manifest],
        made: Replaced,
        found: Found,
        run: str,
        scratch: str,
    ) -> DataFrame:
        """Add what dedup and curate say of the documents that are left; `id` of those that come up."""
        assert found.touched is not None
        assert self.deduped is not None
        left = found.touched.join(found.taken, "id", "left_anti").select("id")
        texts = _texts(context, now["annotated"], found, left)
        said = _found(context, self.deduped, left, texts, storage.join(scratch, "dedup"))
        for table in ("duplicates", "copies"):
            rows = getattr(said, table).coalesce(1)
            new_versions.added(context, now, made, run, table, rows)
        if self.curated is None or self.plan is None:
            return left.limit(0)
        others = Others(
            said.duplicates,
            said.copies,
            _contamination(context, now["corpus"]),
            drop=self.curated.contaminated == "drop",
        )
        known = others.stored(texts, storage.join(scratch, "known"))
        plan = self.plan.stored(context, storage.join(scratch, "blocklists"))
        kept = in_files(corpus_rows(texts, plan, self.curated, known), {})
        folder = new_versions.added(context, now, made, run, "corpus", kept)
        before = context.table("corpus").read_folders(now["corpus"].folders)
        after = context.table("corpus").read_folders([folder])
        return after.select("id").join(before.select("id"), "id", "left_anti")


def _found(
    context: Context, config: DedupConfig, left: DataFrame, texts: DataFrame, scratch: str
) -> pipeline.Found:
    """What dedup says of the documents that are left, by the settings it had."""
    config = dataclasses.replace(config, against=())  # the clusters hold none of these
    rows = documents.read(context, config).join(left, "id", "left_semi")
    ngram = common_ngram(context, context.table("annotated").required(), config)
    return pipeline.find(rows, config, scratch, Texts(texts.select("id", "text"), ngram))


def _contamination(context: Context, corpus: Manifest) -> DataFrame | None:
    """The table contamination/, if corpus/ was made with it."""
    if "contamination" not in corpus.inputs[0]:
        return None
    return context.table("contamination").read()


def _texts(context: Context, annotated: Manifest, found: Found, left: DataFrame) -> DataFrame:
    """Rows of annotated/ of some documents; only the files that hold them are read."""
    paths = {hit.path for hit in found.hits if hit.table == "annotated" and hit.touched}
    folders = [
        dataclasses.replace(
            folder,
            files=tuple(file for file in folder.files if file.path in paths),
            partial=True,
        )
        for folder in annotated.folders
    ]
    rows = context.table("annotated").read_folders(folders)
    return rows.join(left, "id", "left_semi")


def _recorded(root: str, found: Manifest, kind: type[Any]) -> Any:
    """The settings that a table was made with; None where no run tells them, or in other words."""
    job = TABLES[found.table].job
    record = runs.find(root, found.made_by)
    if record is None or record.job != job:
        return None
    try:
        return record.settings(kind, root=root, strict=True)
    except UserError:  # of an older release
        return None
