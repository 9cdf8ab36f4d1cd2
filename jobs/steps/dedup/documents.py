"""Read the documents that dedup compares, of this root and of earlier ones, without their text."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs import storage
from jobs.runtime.arrow import in_parts
from jobs.runtime.context import Context
from jobs.steps.dedup.parts import PARTS
from jobs.steps.dedup.scratch import Scratch
from jobs.steps.dedup.stored_shingling import has_signatures
from jobs.steps.dedup.trees import TREE
from jobs.tables import taken_down
from schemas.settings.dedup import DedupConfig
from schemas.settings.ingest import PRETRAINING
from schemas.tables.annotated import ANNOTATED
from udfs.near_duplicates import minhash_v2

SIGNATURES = {"fast": "signature", "v2": "minhash"}
"""The signature column of annotated/ for each scheme."""

SCOPES = {"all": None, "slice": "slice", "snapshot": "snapshot"}
"""The column whose values are deduplicated separately, for each `--scope`."""


def read(context: Context, config: DedupConfig, scratch: str) -> DataFrame:
    """Return the documents to compare: those of the chosen buckets that have not been taken down.

    Parameters
    ----------
    scratch
        Folder for signatures of the scheme v2 that annotate has not stored.

    Returns
    -------
    DataFrame
        `id`, `slice`, `snapshot`, `bucket`, `digest`, `simhash`, `perplexity`, `length` and `date` as
        in annotated/; `minhash`, the signature of the scheme; `root`, null for this one; and
        `unique_id`, which differs from the id if an earlier root has the same id. With `--per-url`, `url`
        as well; where a root may have conversations, `tree` and `parts` (`jobs.steps.dedup.trees`,
        `jobs.steps.dedup.parts`).
    """
    roots: list[str | None] = [*config.against, None]
    documents = _of_root(context, roots[0], config, scratch)
    for number, root in enumerate(roots[1:], 1):
        earlier = documents.select("id", F.lit(True).alias("is_known")).distinct()
        folder = storage.join(scratch, f"root-{number}")
        rows = _of_root(context, root, config, folder).join(earlier, "id", "left")
        if root is None:
            repeated = F.concat("id", F.lit("\0again"))
            unique_id = F.when(F.col("is_known"), repeated).otherwise(F.col("id"))
            rows = rows.withColumn("unique_id", unique_id)
        else:
            rows = rows.where(F.col("is_known").isNull())
        documents = documents.unionByName(rows.drop("is_known"))
    return documents


def _of_root(context: Context, root: str | None, config: DedupConfig, scratch: str) -> DataFrame:
    rows = context.at(root or context.root).table("annotated").read()
    return of_rows(context, taken_down.exclude(rows, context.root), config, scratch, root=root)


def of_rows(
    context: Context,
    annotated: DataFrame,
    config: DedupConfig,
    scratch: str,
    *,
    root: str | None = None,
) -> DataFrame:
    """Return the documents to compare, as from `read`, from rows of annotated/ of one root."""
    at_root = context.at(root or context.root)
    annotated = annotated.where(F.col("bucket").isin(*config.buckets))
    columns: list[str | Column] = [
        "id",
        "slice",
        "snapshot",
        "bucket",
        "digest",
        F.col(SIGNATURES[config.scheme]).alias("minhash"),
        "simhash",
        "perplexity",
        "length",
        "date",
        F.lit(root).cast("string").alias("root"),
        F.col("id").alias("unique_id"),
        *([] if config.per_url == "all" else ["url"]),
        *_of_conversations(context, config),
    ]
    rows = annotated.select(*columns)
    if has_signatures(at_root, at_root.table("annotated").required(), config.scheme):
        return rows
    signed = annotated.select(*columns, "text").mapInArrow(_with_v2_signatures, rows.schema)
    return Scratch(scratch).store(signed, "signatures")


def _with_v2_signatures(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield the rows with V2's MinHash of their `text`, and without it."""
    for batch in in_parts(batches):
        texts = batch.column("text").to_pylist()
        signatures = pa.array(minhash_v2.signatures(texts), pa.binary())
        columns = {name: batch.column(name) for name in batch.schema.names if name != "text"}
        yield pa.RecordBatch.from_pydict(columns | {"minhash": signatures})


def _of_conversations(context: Context, config: DedupConfig) -> list[Column]:
    """Return the columns that conversations need; none where no root can have any."""
    roots = [context.at(root) for root in (*config.against, context.root)]
    tables = (root.table("annotated").required() for root in roots)
    folders = {part for table in tables for file in table.files for part in file.path.split("/")}
    known = {f"slice={name}" for name in PRETRAINING}
    if not any(folder.startswith("slice=") and folder not in known for folder in folders):
        return []
    first = F.get(F.col("messages"), F.lit(0))["id"]
    # the fast scheme alone has signatures of parts
    parts = F.col("part_signatures") if config.scheme == "fast" else F.lit(None)
    type_ = ANNOTATED["part_signatures"].dataType
    return [F.concat("slice", F.lit("/"), first).alias(TREE), parts.cast(type_).alias(PARTS)]


def node(salt: int = 0) -> Column:
    """Return the number of a document in the graph: a 64-bit hash of its `unique_id`.

    Among 10 billion documents about three pairs share one (n squared over 2 to the 65). If two documents
    with an edge do, dedup starts again with another salt (`jobs.steps.dedup.pipeline`).
    """
    return _hash("unique_id", salt)


def node_of_id(salt: int = 0) -> Column:
    """Return the node of the document of the first root that has the id."""
    return _hash("id", salt)


def _hash(column: str, salt: int) -> Column:
    return F.xxhash64(F.lit(salt), F.col(column)) if salt else F.xxhash64(F.col(column))


def is_repeated() -> Column:
    """Return whether an earlier root has the document's id too."""
    return F.col("unique_id") != F.col("id")


def repeated_edges(documents: DataFrame, salt: int = 0) -> DataFrame:
    """Return edges from documents of this root to those of earlier roots with the same id."""
    return documents.where(is_repeated()).select("node", node_of_id(salt).alias("centre"))


def snapshot_names(documents: DataFrame) -> list[str]:
    """Return the names of the documents' snapshots."""
    rows = documents.select("snapshot").distinct().where(F.col("snapshot").isNotNull()).collect()
    return [row["snapshot"] for row in rows]
