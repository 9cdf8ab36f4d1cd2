"""One side of a comparison: a root, an earlier version of a table, or a folder of files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import orjson
import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T

from jobs import storage
from jobs.runtime.context import Context
from jobs.sources.decompress import decompressed
from jobs.storage.public_names import public_name
from jobs.tables import runs
from jobs.tables.manifest import Folder, Manifest
from jobs.tables.runs import Record
from schemas.errors import UserError
from schemas.tables import TABLES
from schemas.tables.outcomes import KEPT

_JSON_LINES = (".jsonl", ".jsonl.gz", ".jsonl.zst", ".json.gz", ".ndjson")
_JSON_ROWS = T.StructType(
    [T.StructField(name, T.StringType()) for name in ("id", "slice", "language", "url", "text")]
)
_BATCH = 256  # rows
_PLACES = ("shard", "position")  # of a mixture: they change where one document comes or goes


@dataclass(frozen=True)
class Side:
    """The content of one side.

    Attributes
    ----------
    name
        As shown: addresses without their secrets, and no local path.
    rows
        The documents, with an `id` and a `text` at least.
    context
        Of its root; None for a folder of files.
    version
        The version of the table; None for files.
    is_current
        Whether the root's other tables belong to it.
    """

    name: str
    rows: DataFrame
    context: Context | None = None
    version: Manifest | None = None
    is_current: bool = False

    @property
    def schema(self) -> T.StructType:
        """The columns that are compared: all but a document's place in a mixture."""
        return T.StructType([field for field in self.rows.schema if field.name not in _PLACES])

    @property
    def record(self) -> Record | None:
        """The record of the run that made the rows; None where there is none."""
        if self.context is None or self.version is None:
            return None
        return runs.find(self.context.root, self.version.made_by)

    @property
    def content_hash(self) -> str | None:
        """The hash of the rows, where it is known without reading them."""
        return self.version.content_hash if self.version else None


def open_side(context: Context, address: str, table: str) -> Side:
    """Open a root, ROOT@RUN or a folder of files.

    Raises
    ------
    UserError
        There is no such root, run or folder, or it holds no documents.
    """
    root, _, run = address.rpartition("@")
    if root and runs.job_of(run):
        return _version(Context(root, context.spark), run, table, public_name(root))
    exists = storage.exists(address)
    given = Context(address, context.spark)
    manifest = given.table(table).manifest if exists else None
    if manifest is not None:
        return Side(public_name(address), given.table(table).read(), given, manifest, True)
    files = [file.uri for file in storage.list_names(address)] if exists else []
    parquet = [uri for uri in files if uri.endswith(".parquet")]
    lines = [uri for uri in files if uri.endswith(_JSON_LINES)]
    if any(f"/{storage_table}/_CURRENT.json" in uri for uri in files for storage_table in TABLES):
        raise UserError(f"{address} has no table {table} yet: name another by --table")
    if bool(parquet) == bool(lines):
        raise UserError(
            f"{address} is no root, and no folder of either Parquet or JSON lines: name a root, "
            "ROOT@RUN, or the folder of an export's documents"
        )
    rows = (
        context.spark.read.option("mergeSchema", True).parquet(*parquet)
        if parquet
        else _json_rows(context.spark, lines)
    )
    missing = [name for name in ("id", "text") if name not in rows.columns]
    if missing:
        raise UserError(f"{address}: its files have no column {missing[0]!r}")
    return Side(public_name(address), rows)


def _version(context: Context, run: str, table: str, root: str) -> Side:
    """Open the rows that a run wrote to a table, whether or not they are current."""
    handle = context.table(table)
    current = handle.manifest
    if current is not None and current.made_by == run:
        return Side(f"{root}@{run}", handle.read(), context, current, True)
    for path in (f"{run}/rows", f"{run}/outcome={KEPT}"):
        if storage.exists(handle.uri(path)):
            folder = handle.with_files(Folder(path, run, TABLES[table].job))
            rows = handle.read_folders([folder])
            return Side(f"{root}@{run}", rows, context, Manifest(table, run, (folder,)))
    raise UserError(
        f"{handle.uri(run)} does not exist: {run} wrote no {table}/, or `vacuum` or a takedown has "
        "removed it"
    )


def _json_rows(spark: SparkSession, uris: list[str]) -> DataFrame:
    """Return the documents of JSON lines; those without an id have the hash of their text."""

    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for uri in batch.column("uri").to_pylist():
                yield from _read_lines(uri)

    frame = spark.createDataFrame([(uri,) for uri in uris], "uri string")
    rows = frame.repartition(len(uris)).mapInArrow(work, _JSON_ROWS)
    return rows.withColumn("id", F.coalesce("id", F.sha2("text", 256)))


def _read_lines(uri: str) -> Iterator[pa.RecordBatch]:
    names, rest, rows = _JSON_ROWS.names, b"", []
    with storage.open_seekable(uri) as stream:
        for chunk in decompressed(stream):
            *lines, rest = (rest + chunk).split(b"\n")
            rows += [_row(line, uri) for line in lines if line.strip()]
            while len(rows) >= _BATCH:
                yield _batch(rows[:_BATCH], names)
                del rows[:_BATCH]
    if rest.strip():
        rows.append(_row(rest, uri))
    if rows:
        yield _batch(rows, names)


def _batch(rows: list[dict[str, str | None]], names: list[str]) -> pa.RecordBatch:
    schema = pa.schema([(name, pa.string()) for name in names])
    return pa.RecordBatch.from_pylist(rows, schema)


def _row(line: bytes, uri: str) -> dict[str, str | None]:
    """Return the columns of a record: those of its `meta`, as RedPajama-V1 has it, count too."""
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise UserError(f"{uri} is not JSON lines: {error}") from error
    if not isinstance(record, dict):
        raise UserError(f"{uri} is not JSON lines of objects")
    given = record.get("meta")
    meta = given if isinstance(given, dict) else {}
    own = {"id": meta.get("document_id"), "slice": record.get("red_pajama_subset")}
    values = {**meta, **own, **record}
    return {
        name: str(values[name]) if values.get(name) is not None else None
        for name in _JSON_ROWS.names
    }
