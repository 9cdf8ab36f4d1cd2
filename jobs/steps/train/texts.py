"""Texts to train on: from tables of a root, Parquet, JSON lines or plain text, wherever they are."""

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

from jobs import storage, tables
from jobs.tables import manifest
from schemas.errors import UserError
from schemas.tables import TABLES

FIELDS = ("text", "raw_content")
_SCHEMA = pa.schema([("text", pa.string())])
_BATCH_CHARS = 4_000_000
_JSON = (".json", ".jsonl", ".ndjson")
_PACKED = (".gz", ".zst")


def read(spark: SparkSession, uris: Sequence[str], where: str | None = None) -> DataFrame:
    """One column `text`: a row a document, null where a line is not JSON or has no text.

    A URI may be a table below a root (`ROOT/corpus`: its current version), Parquet files, files of
    JSON lines with a field `text` or `raw_content`, or text files of a document a line; these two
    also packed, as `.gz` or `.zst`.

    Parameters
    ----------
    where
        A filter in SQL on the columns of tables and Parquet.

    Raises
    ------
    UserError
        There is no such thing, it has no text, or the filter does not fit.
    """
    frames, files = [], []
    for uri in uris:
        root, _, name = uri.rstrip("/").rpartition("/")
        if name in TABLES and manifest.current(root, name) is not None:
            frames.append(_column(tables.read(spark, root, name), uri, where))
            continue
        found = [info.uri for info in storage.expand([uri])]
        if any(each.endswith(".parquet") for each in found):
            # as it was spelled: a folder has partitions, and Spark its own names of stores
            frames.append(_column(spark.read.parquet(uri), uri, where))
        files += [each for each in found if not each.endswith(".parquet")]
    if files:
        if where:
            raise UserError(f"--where is for tables and Parquet: {files[0]} has no columns")
        frames.append(_lines(spark, files))
    return reduce(DataFrame.union, frames)


def _column(frame: DataFrame, uri: str, where: str | None) -> DataFrame:
    names = [name for name in FIELDS if name in frame.columns]
    if not names:
        raise UserError(f"{uri} has no column {' or '.join(FIELDS)}")
    if where:
        try:
            frame = frame.where(where)
            frame.schema  # noqa: B018  (Spark Connect looks at the filter only when asked something)
        except (AnalysisException, ParseException) as error:
            reason = str(error).strip().splitlines()[0]
            raise UserError(f"--where does not fit {uri}: {reason}") from error
    return frame.select(F.col(names[0]).alias("text"))


def _lines(spark: SparkSession, files: list[str]) -> DataFrame:
    """A task a file."""
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
    """The documents of a file of lines; None for a line that has none."""
    name = uri.partition("?")[0].lower()
    packed = next((end for end in _PACKED if name.endswith(end)), "")
    is_json = name.removesuffix(packed).endswith(_JSON)
    with storage.open_stream(uri) as stream:
        try:
            for line in _unpacked(stream, packed):
                yield _field(line) if is_json else line.decode("utf-8", "replace").strip() or None
        except (EOFError, zlib.error, gzip.BadGzipFile, pa.ArrowException) as error:
            raise OSError(f"{uri} is damaged: {error}") from error


def _unpacked(stream: IO[bytes], packed: str) -> Iterable[bytes]:
    if packed == ".gz":
        return gzip.GzipFile(fileobj=stream)
    if packed == ".zst":
        # the file of Arrow has no lines, but can be read
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
            # half a surrogate pair, which JSON can spell, is no text to Arrow
            return text.encode("utf-8", "replace").decode("utf-8")
    return None
