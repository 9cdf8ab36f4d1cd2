"""Read texts to train on from tables of a root, Parquet, JSON lines or plain text, in any store."""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import reduce
from typing import IO, Any

import pyarrow as pa
from pyspark.errors import AnalysisException, ParseException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from jobs import storage
from jobs.runtime.context import Context
from schemas.errors import UserError
from schemas.tables import TABLES

FIELDS = ("text", "raw_content")
_SCHEMA = pa.schema([("text", pa.string())])
_BATCH_CHARS = 4_000_000
_JSON = (".json", ".jsonl", ".ndjson")
_COMPRESSED = (".gz", ".zst")


def read(context: Context, uris: Sequence[str], where: str | None = None) -> DataFrame:
    """Return one column `text`, a row for each document; null for lines without text or valid JSON.

    A URI may be a table below a root (`ROOT/corpus`: its current version), Parquet files, JSON lines
    with a field `text` or `raw_content`, or text files with a document on each line. Lines may be
    compressed, as `.gz` or `.zst`.

    Parameters
    ----------
    where
        A filter in SQL on the columns of tables and Parquet.

    Raises
    ------
    UserError
        A URI does not exist or has no column of text, or the filter does not fit.
    """
    frames, files = [], []
    for uri in uris:
        root, _, name = uri.rstrip("/").rpartition("/")
        table = context.at(root).table(name) if name in TABLES else None
        if table and table.manifest:
            frames.append(_column(table.read(), uri, where))
            continue
        names = [info.uri for info in storage.expand([uri])]
        if any(name.endswith(".parquet") for name in names):
            # the URI as given: Spark finds partitions below it, and has its own names of stores
            frames.append(_column(context.spark.read.parquet(uri), uri, where))
        files += [name for name in names if not name.endswith(".parquet")]
    if files:
        if where:
            raise UserError(f"--where is for tables and Parquet: {files[0]} has no columns")
        frames.append(_lines(context.spark, files))
    return reduce(DataFrame.union, frames)


def _column(frame: DataFrame, uri: str, where: str | None) -> DataFrame:
    names = [name for name in FIELDS if name in frame.columns]
    if not names:
        raise UserError(f"{uri} has no column {' or '.join(FIELDS)}")
    if where:
        try:
            frame = frame.where(where)
            frame.schema  # noqa: B018  (Spark Connect checks the filter only when the schema is read)
        except (AnalysisException, ParseException) as error:
            reason = str(error).strip().splitlines()[0]
            raise UserError(f"--where does not fit {uri}: {reason}") from error
    return frame.select(F.col(names[0]).alias("text"))


def _lines(spark: SparkSession, files: list[str]) -> DataFrame:
    """Return the texts of files of lines, one task for each file."""
    numbers = spark.range(0, len(files), 1, len(files))
    return numbers.mapInArrow(_reader(files), "text string")


def _reader(
    files: list[str],
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def read_files(numbers: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in numbers:
            for number in batch.column("id").to_pylist():
                yield from _batches(documents(files[number]))

    return read_files


def _batches(texts: Iterator[str | None]) -> Iterator[pa.RecordBatch]:
    batch: list[str | None] = []
    chars = 0
    for text in texts:
        batch.append(text)
        chars += len(text or "") + 1
        if chars > _BATCH_CHARS:
            yield pa.record_batch([pa.array(batch, pa.string())], schema=_SCHEMA)
            batch, chars = [], 0
    if batch:
        yield pa.record_batch([pa.array(batch, pa.string())], schema=_SCHEMA)


def documents(uri: str) -> Iterator[str | None]:
    """Yield the text of each line of a file; None for a line without one."""
    name = uri.partition("?")[0].lower()
    suffix = next((end for end in _COMPRESSED if name.endswith(end)), "")
    is_json = name.removesuffix(suffix).endswith(_JSON)
    with storage.open_stream(uri) as stream:
        try:
            for line in _decompressed(stream, suffix):
                yield _field(line) if is_json else line.decode("utf-8", "replace").strip() or None
        except (EOFError, zlib.error, gzip.BadGzipFile, pa.ArrowException) as error:
            raise OSError(f"{uri} is damaged: {error}") from error


def _decompressed(stream: IO[bytes], suffix: str) -> Iterable[bytes]:
    if suffix == ".gz":
        return gzip.GzipFile(fileobj=stream)
    if suffix == ".zst":
        # Arrow's file cannot be iterated by lines
        return io.BufferedReader(pa.CompressedInputStream(pa.PythonFile(stream, "r"), "zstd"))
    return stream


def _field(line: bytes) -> str | None:
    try:
        record: Any = json.loads(line)
    except ValueError:
        return None
    if not isinstance(record, dict):
        return None
    for name in FIELDS:
        if isinstance(text := record.get(name), str):
            # JSON can hold half a surrogate pair, which Arrow refuses
            return text.encode("utf-8", "replace").decode("utf-8")
    return None
