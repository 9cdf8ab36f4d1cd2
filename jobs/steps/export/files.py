"""Files that a task writes to a local temporary file, then publishes in one step."""

from __future__ import annotations

import abc
import gzip
import hashlib
import sys
import tempfile
from collections.abc import Sequence
from typing import IO, Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import types as T

from jobs import storage

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MANIFEST = "manifest.json"
INCOMPLETE = "_INCOMPLETE"
"""Files of an export: the manifest of a complete one, and the mark of an incomplete one."""

# what a task reports to the driver about each file
WRITTEN = T.StructType(
    [
        T.StructField("path", T.StringType()),  # below the output folder
        T.StructField("rows", T.LongType()),
        T.StructField("bytes", T.LongType()),
        T.StructField("sha256", T.StringType()),
        T.StructField("tokens", T.LongType()),  # null if not counted
        T.StructField("mended", T.LongType()),  # documents that were not valid UTF-8
        T.StructField("raw_bytes", T.LongType()),  # uncompressed or in memory; null if not needed
        T.StructField("raw_sha256", T.StringType()),
        T.StructField("ids", T.StringType()),  # of a shard's documents (`export.earlier`)
        T.StructField("skipped", T.StringType()),  # JSON: documents left out, by reason
    ]
)
_GZIP_LEVEL = 6  # level 9 takes twice as long and saves 1 %
_ZSTD: dict[int, int] = {
    zstd.CompressionParameter.compression_level: 6,
    zstd.CompressionParameter.checksum_flag: 1,
}
_ROW_GROUP = 10_000
_CHARACTERS = 32 << 20  # maximum of a row group
_CHUNK = 1 << 20


class Written(NamedTuple):
    """A published file; the fields are those of `WRITTEN`."""

    path: str
    rows: int
    bytes: int
    sha256: str
    tokens: int | None = None
    mended: int = 0
    raw_bytes: int | None = None
    raw_sha256: str | None = None
    ids: str | None = None
    skipped: str | None = None


def put(output: str, path: str, content: bytes, rows: int, **fields: Any) -> Written:
    """Write a file in one step, so that a reader sees all of it or nothing."""
    storage.write_bytes(storage.join(output, path), content)
    digest = hashlib.sha256(content).hexdigest()
    return Written(path, rows, len(content), digest, **fields)


def put_local(output: str, path: str, file: IO[bytes], rows: int, **fields: Any) -> Written:
    """Write a file from a temporary file of any size in one step; close the temporary file."""
    with file:
        storage.write_file(storage.join(output, path), file)
        digest = hashlib.sha256()
        file.seek(0)
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
        return Written(path, rows, file.tell(), digest.hexdigest(), **fields)


class _Lines(abc.ABC):
    """Lines of text, compressed while they are added."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115
        self._compressor = self._open(self._file)
        self._rows = 0

    @abc.abstractmethod
    def _open(self, file: IO[bytes]) -> Any:
        """Return a stream that compresses into a file."""

    def add(self, line: bytes) -> None:
        """Add a line without its newline."""
        self._compressor.write(line + b"\n")
        self._rows += 1

    def put(self, output: str, path: str, **fields: Any) -> Written:
        """Write the file in one step."""
        self._compressor.close()
        return put_local(output, path, self._file, self._rows, **fields)


class GzipLines(_Lines):
    """Lines of text as gzip; equal lines give equal bytes, at any time."""

    def _open(self, file: IO[bytes]) -> Any:
        # the header has no file name and no time
        return gzip.GzipFile("", "wb", _GZIP_LEVEL, file, mtime=0)


class ZstdLines(_Lines):
    """Lines of text as one Zstandard frame; equal lines give equal bytes."""

    def _open(self, file: IO[bytes]) -> Any:
        return zstd.ZstdFile(file, "wb", options=_ZSTD)


class ParquetRows:
    """Rows as Parquet; the row groups depend on the rows alone, not on batches.

    Parameters
    ----------
    dictionary
        Columns with few distinct values.
    row_group
        Maximum number of rows of a group; groups of long texts have fewer.
    """

    def __init__(
        self, schema: pa.Schema, dictionary: Sequence[str] = (), row_group: int = _ROW_GROUP
    ) -> None:
        self._schema = schema
        self._file = tempfile.TemporaryFile()  # noqa: SIM115
        self._writer = pq.ParquetWriter(
            pa.PythonFile(self._file, "w"),
            schema,
            compression="zstd",
            use_dictionary=list(dictionary),
        )
        self._row_group = row_group
        self._pending: list[Sequence[Any]] = []
        self._characters = 0
        self._rows = 0
        self._in_memory = 0

    def add(self, row: Sequence[Any], characters: int = 0) -> None:
        """Add a row, its values in the order of the schema, and the number of characters of its texts."""
        self._pending.append(row)
        self._characters += characters
        if len(self._pending) == self._row_group or self._characters >= _CHARACTERS:
            self._flush()

    def put(self, output: str, path: str, **fields: Any) -> Written:
        """Write the file in one step."""
        if self._pending:
            self._flush()
        self._writer.close()
        fields.setdefault("raw_bytes", self._in_memory)
        return put_local(output, path, self._file, self._rows, **fields)

    def _flush(self) -> None:
        columns = [
            pa.array(values, field.type)
            for values, field in zip(zip(*self._pending, strict=True), self._schema, strict=True)
        ]
        table = pa.Table.from_arrays(columns, schema=self._schema)
        self._writer.write_table(table)
        self._rows += len(self._pending)
        self._in_memory += table.nbytes
        self._pending, self._characters = [], 0
