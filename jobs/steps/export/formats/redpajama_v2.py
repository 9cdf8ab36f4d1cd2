"""RedPajama-V2's files: documents, quality signals, MinHash and duplicates, for tools written for V2.

Each shard holds consecutive archives by address, like CCNet's. One task receives all documents of a
shard, language and bucket, sorts them by archive and offset, and writes one file of each kind. V2
identifies a document by its line, which therefore depends on the table alone.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby
from typing import Any

import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.pandas.types import to_arrow_schema
from pyspark.sql.window import Window

from jobs import slices
from jobs.runtime.context import Context
from jobs.steps.export.files import WRITTEN, GzipLines, ParquetRows, Written, put
from jobs.tables import taken_down
from jobs.tables.runs import Record
from schemas.errors import UserError
from schemas.settings.export import ExportConfig
from udfs.ccnet.shards import REDPAJAMA_SHARDS
from udfs.formats import redpajama_v2 as v2
from udfs.near_duplicates import minhash_v2
from udfs.quality_signals.output import Scores

FOLDERS: tuple[str, ...] = ("documents", "quality_signals", "minhash", "duplicates", "listings")
OPTIONS: tuple[str, ...] = ("shards",)
DOCUMENTS_PER_SHARD = 20_000
BYTES_PER_TASK = 64_000_000  # of annotated/, as stored

_GROUP = ("snapshot_id", "shard", "file_language", "file_bucket")
_ORDER = ("uri", "offset", "id")
_COLUMNS = (*v2.DOCUMENT_FIELDS.values(), "quality_signals", "minhash")


def inputs(context: Context, config: ExportConfig) -> dict[str, str | None]:
    """Return the versions of the tables to read; duplicates/ may be missing.

    Raises
    ------
    UserError
        annotated/ does not exist, or duplicates/ was made from an older version of it.
    """
    annotated = context.table("annotated").required()
    duplicates = context.table("duplicates").manifest
    if duplicates and duplicates.inputs[0]["annotated"] != annotated.version:
        raise UserError("duplicates/ is older than annotated/: run `redpajama dedup` again")
    return {
        "annotated": annotated.version,
        "duplicates": duplicates.version if duplicates else None,
    }


def plan(context: Context, config: ExportConfig, record: Record) -> Callable[[], list[Written]]:
    """Return a function that writes the web slices, the only ones that V2's format covers."""
    return partial(_write, context, config, record)


def _write(context: Context, config: ExportConfig, record: Record) -> list[Written]:
    annotated = context.table("annotated").required()
    table = context.table("annotated").read()
    rows = taken_down.exclude(table, context.root)
    grouped = in_shards(rows.where(F.col("slice").isin(*slices.web())), config.shards)
    grouped = grouped.where(F.col("bucket").isin(*config.buckets))
    lines = grouped.select(*_GROUP, *_ORDER, *_COLUMNS, F.lit(True).alias("is_document"))
    has_duplicates = context.table("duplicates").manifest is not None
    if has_duplicates:
        # a mark sorts right before its document: cheaper than a join, which would move the texts
        marks = grouped.join(_exact(context), "id", "left_semi").select(
            *_GROUP, *_ORDER, F.lit(False).alias("is_document")
        )
        lines = lines.unionByName(marks, allowMissingColumns=True)
    tasks = math.ceil(annotated.bytes / BYTES_PER_TASK) or 1
    sorted_ = lines.repartition(tasks, *_GROUP).sortWithinPartitions(
        *_GROUP, *_ORDER, "is_document"
    )
    work = files_of_shards(config.output, duplicates=has_duplicates)
    written = sorted(Written(*row) for row in sorted_.mapInArrow(work, WRITTEN).collect())
    _count(record, rows, config, written, taken_down.counts(table, context.root))
    return [*written, *_listings(config.output, written)]


def in_shards(rows: DataFrame, shards: int | None) -> DataFrame:
    """Return rows of annotated/ with V2's snapshot id, the shard, and the parts of the file name.

    Parameters
    ----------
    shards
        Shards of each snapshot. By default one for each `DOCUMENTS_PER_SHARD` documents, at most one
        for each archive, and at most RedPajama's 5000.
    """
    named = rows.withColumns(
        {
            "snapshot_id": F.regexp_replace("snapshot", "^CC-MAIN-", ""),
            "uri": F.col("source.uri"),
            "offset": F.col("source.offset"),
            "file_language": F.coalesce("language", F.lit("unknown")),
            "file_bucket": F.col("bucket"),
        }
    )
    archives = named.groupBy("snapshot_id", "uri").agg(F.count("*").alias("documents"))
    snapshot = Window.partitionBy("snapshot_id")
    position = F.row_number().over(snapshot.orderBy("uri"))  # from 1
    n = F.count("*").over(snapshot)
    by_documents: Column = F.ceil(F.sum("documents").over(snapshot) / F.lit(DOCUMENTS_PER_SHARD))
    number = F.lit(shards) if shards else F.least(F.lit(REDPAJAMA_SHARDS), n, by_documents)
    # `udfs.ccnet.shards.shard_of`
    shard = F.floor((position * number.cast("long") - 1) / n).cast("int").alias("shard")
    return named.join(
        F.broadcast(archives.select("snapshot_id", "uri", shard)), ["snapshot_id", "uri"]
    )


def _exact(context: Context) -> DataFrame:
    rows = context.table("duplicates").read()
    return rows.where(F.col("kind") == "exact").select("id")


def files_of_shards(
    output: str, *, duplicates: bool
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """Return a function that writes the files of consecutive rows of a group, and yields `WRITTEN`."""

    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        schema = to_arrow_schema(WRITTEN)
        shard: _ShardFiles | None = None
        for batch in batches:
            groups = zip(*(batch.column(name).to_pylist() for name in _GROUP), strict=True)
            start = 0
            for group, members in groupby(groups):
                count = len(list(members))
                if shard is None or shard.group != group:
                    if shard is not None:
                        yield _report(shard.put(output), schema)
                    shard = _ShardFiles(group, duplicates=duplicates)
                shard.add(batch.slice(start, count))
                start += count
        if shard is not None:
            yield _report(shard.put(output), schema)

    return work


def _report(written: Sequence[Written], schema: pa.Schema) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist([file._asdict() for file in written], schema=schema)


class _ShardFiles:
    """The files of one shard, language and bucket while they are written."""

    def __init__(self, group: tuple[Any, ...], *, duplicates: bool) -> None:
        self.group = group
        self._snapshot_id = group[0]
        self._stem = v2.file_stem(*group)
        self._shard_id = f"{self._stem}.json.gz"
        self._lines = 0
        self._marked = ""  # id of the exact duplicate that comes next
        self._documents, self._signals = GzipLines(), GzipLines()
        self._minhash = ParquetRows(v2.MINHASH_SCHEMA, ["shard_id"])
        self._duplicates = ParquetRows(v2.DUPLICATES_SCHEMA, ["shard_id"]) if duplicates else None

    def add(self, batch: pa.RecordBatch) -> None:
        """Add the next rows."""
        texts = batch.column("text").to_pylist()
        signals = v2.scores(batch.column("quality_signals"), [len(text or "") for text in texts])
        names = [name for name in batch.schema.names if name not in ("quality_signals", "text")]
        rows = batch.select(names).to_pylist()
        for row, text, scores in zip(rows, texts, signals, strict=True):
            if row["is_document"]:
                self._add(row | {"text": text}, scores)
            else:
                self._marked = row["id"]

    def _add(self, row: dict[str, Any], scores: Scores) -> None:
        id_ = f"{self._shard_id}/{self._lines}"
        signals = v2.signals_record(row, id_, self._snapshot_id, scores)
        self._documents.add(json.dumps(v2.ccnet_record(row), ensure_ascii=False).encode())
        line = json.dumps(signals, ensure_ascii=False, separators=(",", ":"))
        self._signals.add(line.encode())
        # annotate stores it only where asked for; a text of fewer than 13 words has none
        minhash = row["minhash"] or minhash_v2.signatures([row["text"]])[0]
        self._minhash.add((self._shard_id, id_, signals["id_int"], *v2.banded(minhash)))
        if self._duplicates and self._marked == row["id"]:
            digest = row["digest"].removeprefix("sha1:")
            self._duplicates.add((self._shard_id, id_, digest))
        self._lines += 1

    def put(self, output: str) -> list[Written]:
        """Write all files."""
        written = [
            self._documents.put(output, f"documents/{self._stem}.json.gz"),
            self._signals.put(output, f"quality_signals/{self._stem}.signals.json.gz"),
            self._minhash.put(output, f"minhash/{self._stem}.minhash.parquet"),
        ]
        if self._duplicates:
            path = f"duplicates/{self._stem}.duplicates.parquet"
            written.append(self._duplicates.put(output, path))
        return written


def _listings(output: str, written: Sequence[Written]) -> list[Written]:
    """Write V2's listings: on each line the path of a file, without folder and extension."""
    lists: dict[str, list[str]] = defaultdict(list)
    for folder, _, path in (file.path.partition("/") for file in written):
        if folder == "documents":
            stem = path.removesuffix(".json.gz")
            snapshot_id, _, name = stem.rsplit("/", 2)
            language, _, bucket = name.rpartition("_")
            part = "head_middle" if bucket in ("head", "middle") else bucket
            lists[f"listings/{language}-{snapshot_id}-{part}.txt"].append(stem)
    return [
        put(output, path, "".join(f"{stem}\n" for stem in stems).encode(), len(stems))
        for path, stems in sorted(lists.items())
    ]


def _count(
    record: Record,
    rows: DataFrame,
    config: ExportConfig,
    written: Sequence[Written],
    taken_down: Mapping[str, int],
) -> None:
    counts = rows.groupBy("slice", "bucket").count().collect()
    reasons = {"slice": 0, "bucket": 0}
    for slice_, bucket, n in counts:
        if slice_ not in slices.web():
            reasons["slice"] += n
        elif bucket not in config.buckets:
            reasons["bucket"] += n
    record.rows_in = sum(n for _, _, n in counts) + sum(taken_down.values())
    record.rows_out = sum(file.rows for file in written if file.path.startswith("documents/"))
    record.reasons = {reason: n for reason, n in reasons.items() if n} | dict(taken_down)
