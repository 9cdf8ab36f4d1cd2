"""Files of a table's current version: by one listing, by their footers, and by all of their rows."""

from __future__ import annotations

from collections.abc import Mapping, Set
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyspark.sql import types as T

from jobs import storage
from jobs.runtime.context import Context
from jobs.tables import file_scan, integrity, parquet_footers
from jobs.tables.file_scan import StoredFile
from jobs.tables.integrity import Fault
from jobs.tables.manifest import DataFile, Folder, Manifest
from jobs.tables.obsolete import obsolete_files
from jobs.tables.table_handle import TableHandle
from schemas.errors import one_line

_THREADS = 16
_BATCH = 1000
_FAULTS = T.StructType(
    [T.StructField("uri", T.StringType()), T.StructField("reason", T.StringType())]
)

# columns that hold the number of code points of `text`
_LENGTHS = {"documents": "length", "annotated": "length"}


def stored(table: TableHandle, folder: Folder) -> list[Fault]:
    """Return the faults of a folder that its listing and the footers of its files show."""
    faults = integrity.lost(table.uri(), folder)
    bad = {fault.uri for fault in faults}
    rest = [file for file in folder.files if table.uri(file.path) not in bad]
    with ThreadPoolExecutor(_THREADS) as pool:
        reasons = list(pool.map(lambda file: _footer_fault(table, file), rest))
    for file, reason in zip(rest, reasons, strict=True):
        if reason:
            faults.append(Fault(table.uri(file.path), reason))
    if folder.partial:
        return faults + [
            Fault(uri, "holds rows that a takedown replaced", "run the takedown again")
            for uri in obsolete_files(table, folder)
        ]
    return faults + _surplus(table, folder)


def _footer_fault(table: TableHandle, file: DataFile) -> str | None:
    """Return what is wrong with a file's footer, or None."""
    try:
        with storage.open_seekable(table.uri(file.path)) as stream:
            footer = pq.read_metadata(stream)
    except (OSError, pa.ArrowException) as error:
        return f"is damaged ({one_line(error)})"
    if footer.num_rows != file.rows:
        return f"has {footer.num_rows:,} rows instead of {file.rows:,}"
    return None


def _surplus(table: TableHandle, folder: Folder) -> list[Fault]:
    """Return Parquet files in a folder that its manifest does not name, and Spark would read."""
    named = {table.uri(file.path) for file in folder.files}
    if not named:
        return []
    base = table.uri(folder.path)
    others = [file.uri for file in parquet_footers.parquet_objects(base) if file.uri not in named]
    visible = [uri for uri in others if not any(part[0] in "._" for part in _parts(uri, base))]
    reason = "is in the folder and not in the manifest"
    return [
        Fault(uri, reason, "remove it, since readers of the folder take it in") for uri in visible
    ]


def _parts(uri: str, base: str) -> list[str]:
    return [part for part in uri[len(base) :].split("/") if part]


def read_all(context: Context, current: Mapping[str, Manifest], bad: Set[str]) -> dict[str, Fault]:
    """Read all rows of the current versions; return the files that are damaged within, by address.

    Parquet stores a CRC of each page, which Spark and pyarrow write and this verifies. The rows are
    counted, and lengths of texts are compared with the column that states them.

    Parameters
    ----------
    bad
        Addresses of files that are not read.
    """
    root = context.root
    rows = {
        storage.join(root, name, file.path): file.rows
        for name, manifest in current.items()
        for file in manifest.files
    }
    files = [
        file
        for manifest in current.values()
        for file in file_scan.of_version(manifest)
        if storage.join(root, file.table, file.path) not in bad
    ]

    def work(file: StoredFile) -> list[dict[str, Any]]:
        uri = storage.join(root, file.table, file.path)
        reason = content_fault(uri, rows[uri], _LENGTHS.get(file.table, ""))
        return [{"uri": uri, "reason": reason}] if reason else []

    faults = file_scan.scan(context, files, work, _FAULTS)
    return {fault["uri"]: Fault(**fault) for fault in faults}


def content_fault(uri: str, rows: int, length: str) -> str | None:
    """Return what is wrong with the pages and rows of a file, or None.

    Parameters
    ----------
    length
        Column with the number of code points of the column `text`; empty for none.
    """
    count = 0
    try:
        with storage.open_seekable(uri) as stream:
            file = pq.ParquetFile(stream, page_checksum_verification=True)
            for batch in file.iter_batches(batch_size=_BATCH):
                wrong = _wrong_length(batch, length) if length else None
                if wrong is not None:
                    return f"has a text whose {length} is another, row {count + wrong:,}"
                count += len(batch)
    except (OSError, pa.ArrowException) as error:
        return f"is damaged ({one_line(error)})"
    return None if count == rows else f"has {count:,} rows instead of {rows:,}"


def _wrong_length(batch: pa.RecordBatch, column: str) -> int | None:
    """Return the number of the first row whose text has another length than the column says."""
    if not {"text", column} <= set(batch.schema.names):
        return None
    lengths: Any = pc.utf8_length(batch.column("text"))
    differ = pc.fill_null(pc.not_equal(lengths, batch.column(column).cast(lengths.type)), False)
    position = pc.index(differ, True).as_py()
    return None if position < 0 else int(position)


def repeated_ids(context: Context, manifest: Manifest) -> int:
    """Return the number of ids that a table has more than once, where an id must be unique."""
    if manifest.table not in ("documents", "paragraphs", "annotated", "corpus"):
        return 0
    table = context.table(manifest.table)
    if not file_scan.are_few(file_scan.of_version(manifest)):
        ids = table.read().groupBy("id").count()
        return ids.where("count > 1").count()
    uris = [table.uri(file.path) for file in manifest.files]
    columns = [batch.column("id") for uri in uris for batch in file_scan.batches(uri, ["id"])]
    values = pa.chunked_array(columns, pa.string()).value_counts()
    return int(pc.sum(pc.greater(values.field("counts"), 1)).as_py() or 0)
