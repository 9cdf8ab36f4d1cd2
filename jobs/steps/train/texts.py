"""Read texts to train on from tables of a root, Parquet, JSON lines or plain text, in any store."""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import reduce
from typing import IO, Any, NamedTuple

import pyarrow as pa
from pyspark.errors import AnalysisException, ParseException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from jobs import storage
from jobs.runtime.context import Context
from schemas.errors import UserError
from schemas.tables import TABLES

FIELDS = ("text", "raw_content")
_SCHEMA = pa.schema([("text", pa.string()), ("url", pa.string())])
_BATCH_CHARS = 4_000_000
_JSON = (".json", ".jsonl", ".ndjson")
_COMPRESSED = (".gz", ".zst")


class Line(NamedTuple):
    """The text and the address of a document; None where it has none."""

    text: str | None
    url: str | None


def read(context: Context, uris: Sequence[str], where: str | None = None) -> DataFrame:
    """Return `text` and `url`, a row for each document; null for lines without text or valid JSON.

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
    url = F.col("url") if "url" in frame.columns else F.lit(None)
    return frame.select(F.col(names[0]).alias("text"), url.cast("string").alias("url"))


def _lines(spark: SparkSession, files: list[str]) -> DataFrame:
    """Return the texts of files of lines, one task for each file."""
    numbers = spark.range(0, len(files), 1, len(files))
    return numbers.mapInArrow(_reader(files), "text string, url string")


def _reader(
    files: list[str],
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def read_files(numbers: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in numbers:
            for number in batch.column("id").to_pylist():
                yield from _batches(documents(files[number]))

    return read_files


def _batches(rows: Iterator[Line]) -> Iterator[pa.RecordBatch]:
    batch: list[Line] = []
    chars = 0
    for row in rows:
        batch.append(row)
        chars += len(row.text or "") + 1
        if chars > _BATCH_CHARS:
            yield _batch(batch)
            batch, chars = [], 0
    if batch:
        yield _batch(batch)


def _batch(rows: list[Line]) -> pa.RecordBatch:
    columns = [pa.array(values, pa.string()) for values in zip(*rows, strict=True)]
    return pa.record_batch(columns, schema=_SCHEMA)


def documents(uri: str) -> Iterator[Line]:
    """Yield each line of a file."""
    name = uri.partition("?")[0].lower()
    suffix = next((end for end in _COMPRESSED if name.endswith(end)), "")
    is_json = name.removesuffix(suffix).endswith(_JSON)
    with storage.open_stream(uri) as stream:
        try:
            for line in _decompressed(stream, suffix):
                yield _fields(line) if is_json else Line(_stripped(line), None)
        except (EOFError, zlib.error, gzip.BadGzipFile, pa.ArrowException) as error:
            raise OSError(f"{uri} is damaged: {error}") from error


def _decompressed(stream: IO[bytes], suffix: str) -> Iterable[bytes]:
    if suffix == ".gz":
        return gzip.GzipFile(fileobj=stream)
    if suffix == ".zst":
        # Arrow's file cannot be iterated by lines
        return io.BufferedReader(pa.CompressedInputStream(pa.PythonFile(stream, "r"), "zstd"))
    return stream


def _stripped(line: bytes) -> str | None:
    return line.decode("utf-8", "replace").strip() or None


def _fields(line: bytes) -> Line:
    try:
        record: Any = json.loads(line)
    except ValueError:
        return Line(None, None)
    if not isinstance(record, dict):
        return Line(None, None)
    meta = record.get("meta")
    places = [record, meta] if isinstance(meta, dict) else [record]
    return Line(
        _string(record, *FIELDS), next(filter(None, (_string(p, "url") for p in places)), None)
    )


def _string(record: dict[str, Any], *names: str) -> str | None:
    """Return the first of some fields that is a text."""
    for name in names:
        if isinstance(text := record.get(name), str):
            # JSON can hold half a surrogate pair, which Arrow refuses
            return text.encode("utf-8", "replace").decode("utf-8")
    return None
