"""The documents that remain of the clusters of removed ones: deduplicated and curated again.

A few are read into the driver's memory. Spark then knows their rows as it plans, and needs a job only to
write what becomes of them, and no Python worker.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import to_arrow_schema

from jobs import storage
from jobs.runtime.context import Context
from jobs.runtime.session import overridden
from jobs.steps.curate.corpus_rows import READ, corpus_rows, keep
from jobs.steps.curate.exclusions import Exclusions
from jobs.steps.curate.file_sizes import in_files
from jobs.steps.curate.rules import Plan, judged
from jobs.steps.dedup import documents
from jobs.steps.dedup.decisions import decide
from jobs.steps.dedup.pipeline import DedupResult, Texts
from jobs.steps.dedup.stored_shingling import common_shingling
from jobs.steps.takedown import entries
from jobs.steps.takedown.sweep import SearchResult
from jobs.tables import file_scan
from jobs.tables.manifest import Folder, Manifest
from schemas.settings.curate import CurateConfig
from schemas.settings.dedup import DedupConfig
from schemas.tables import TABLES
from schemas.tables.annotated import ANNOTATED
from schemas.tables.corpus import CORPUS

FEW = 5_000
FEW_BYTES = 32 << 20
"""Documents, and bytes of their rows, that the driver holds."""

# adaptive plans run a job for each shuffle
_OF_FEW = {"spark.sql.adaptive.enabled": "false", "spark.sql.shuffle.partitions": "1"}


@dataclass(frozen=True)
class Remaining:
    """Rows of annotated/.

    Attributes
    ----------
    ids
        Those of the documents.
    table
        The same rows in the driver's memory; None if they are not few.
    scratch
        Folder for intermediate results.
    """

    context: Context
    ids: Collection[str]
    rows: DataFrame
    table: pa.Table | None
    scratch: str

    @contextmanager
    def planned(self) -> Iterator[None]:
        """Set Spark's settings for a block: those for few rows, if they are few."""
        with overridden(self.context.spark, _OF_FEW if self.table is not None else {}):
            yield

    def deduplicated(self, config: DedupConfig) -> DedupResult:
        """Run dedup on the documents, with its recorded settings."""
        # no cluster here has an earlier root's document
        config = dataclasses.replace(config, against=())
        scratch = storage.join(self.scratch, "dedup")
        compared = documents.of_rows(self.context, self.rows, config, scratch)
        annotated = self.context.table("annotated").required()
        own = self.rows.select("id", "text")
        texts = Texts(own, common_shingling(self.context, annotated, config))
        few_texts = None if self.table is None else self._texts_of
        count = len(self.ids)
        return decide(compared, config, scratch, texts, {}, few_texts=few_texts, count=count)

    def _texts_of(self, nodes: Collection[str]) -> dict[str, str]:
        """Return the texts of documents of this root, as `jobs.steps.dedup.in_memory.texts` does."""
        assert self.table is not None
        columns = (self.table.column(name).to_pylist() for name in ("id", "text"))
        text_of = {f"\0{id_}": text for id_, text in zip(*columns, strict=True) if text}
        return {node: text_of[node] for node in nodes if node in text_of}

    def curated(self, config: CurateConfig, plan: Plan, exclusions: Exclusions) -> DataFrame:
        """Return rows of corpus/, in the order and partitions of its files."""
        plan = plan.stored(self.context, storage.join(self.scratch, "blocklists"))
        if self.table is None:
            known = exclusions.stored(self.rows, storage.join(self.scratch, "known"))
            return in_files(corpus_rows(self.rows, plan, config, known), {})
        chosen = judged(self.rows, plan).where("reason is null").select(*READ.names).toArrow()
        if exclusions.contamination is not None:
            own = exclusions.contamination.where(F.col("id").isin(*self.ids))
            exclusions = dataclasses.replace(exclusions, contamination=own)
        notes = _Notes(exclusions.notes.toArrow())
        kept = keep(config, notes)(iter(chosen.to_batches()))
        rows = pa.Table.from_batches(kept, to_arrow_schema(CORPUS)).combine_chunks()
        keys = [(name, "ascending") for name in ("slice", "bucket", "id")]
        return self.context.spark.createDataFrame(rows.sort_by(keys), CORPUS).coalesce(1)


@dataclass(frozen=True)
class _Notes:
    """Exclusions and evidence of a few documents (`jobs.steps.curate.exclusions.Exclusions.notes`)."""

    notes: pa.Table

    def rows(self, archive: str) -> pa.Table:
        """Return the rows of all archives: each is looked up by its id."""
        return self.notes


def read(
    context: Context, annotated: Manifest, result: SearchResult, ids: Collection[str], scratch: str
) -> Remaining:
    """Read the rows of some documents from the files that hold them."""
    paths = {hit.path for hit in result.hits if hit.table == "annotated" and hit.touched}
    folders = [
        dataclasses.replace(
            folder, files=tuple(file for file in folder.files if file.path in paths), partial=True
        )
        for folder in annotated.folders
    ]
    table = _in_memory(context, folders, ids)
    if table is not None:
        rows = context.spark.createDataFrame(table, ANNOTATED)
        return Remaining(context, ids, rows, table, scratch)
    # stored for the workers
    path = storage.join(scratch, "remaining.parquet")
    entries.write(entries.of_ids(sorted(ids)), path)
    wanted = context.spark.read.parquet(path).select(F.col("value").alias("id"))
    rows = context.table("annotated").read_folders(folders).join(wanted, "id", "left_semi")
    return Remaining(context, ids, rows, None, scratch)


def _in_memory(context: Context, folders: list[Folder], ids: Collection[str]) -> pa.Table | None:
    """Return the rows of some documents; None if they are not few, or in many files."""
    version = dataclasses.replace(context.table("annotated").required(), folders=tuple(folders))
    if len(ids) > FEW or not file_scan.are_few(file_scan.of_version(version)):
        return None
    partitions = TABLES["annotated"].partitions
    declared = to_arrow_schema(ANNOTATED)
    stored = pa.schema([field for field in declared if field.name not in partitions])
    wanted = pc.field("id").isin(sorted(ids))
    tables, size = [declared.empty_table()], 0
    for file in version.files:
        with storage.open_seekable(context.table("annotated").uri(file.path)) as stream:
            rows = pq.read_table(stream, schema=stored, filters=wanted, use_threads=False)
        size += rows.nbytes
        if size > FEW_BYTES:
            return None
        values = dict(part.split("=", 1) for part in file.path.split("/") if "=" in part)
        for name in partitions:
            rows = rows.append_column(name, pa.array([values[name]] * len(rows), pa.string()))
        tables.append(rows.select(declared.names))
    # one chunk: of a table that begins with an empty one Spark takes no rows
    return pa.concat_tables(tables).combine_chunks()
