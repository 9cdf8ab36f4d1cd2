"""Files that a task writes: made in a local temporary file, then put in place in one step."""

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

# what a task tells the driver of each file
WRITTEN = T.StructType(
    [
        T.StructField("path", T.StringType()),  # below the output folder
        T.StructField("rows", T.LongType()),
        T.StructField("bytes", T.LongType()),
        T.StructField("sha256", T.StringType()),
        T.StructField("tokens", T.LongType()),  # of its documents, where they were counted
        T.StructField("mended", T.LongType()),  # documents that were not UTF-8
        T.StructField(
            "raw_bytes", T.LongType()
        ),  # what readers make of it, where they want to know
        T.StructField("raw_sha256", T.StringType()),
    ]
)
_GZIP_LEVEL = 6  # the level 9 takes twice as long for 1 % less
_ZSTD: dict[int, int] = {
    zstd.CompressionParameter.compression_level: 6,
    zstd.CompressionParameter.checksum_flag: 1,
}
_ROW_GROUP = 10_000
_CHARACTERS = 32 << 20  # of a row group
_PIECE = 1 << 20


class Written(NamedTuple):
    """A file that is in place; the fields are those of `WRITTEN`."""

    path: str
    rows: int
    bytes: int
    sha256: str
    tokens: int | None = None
    mended: int = 0
    raw_bytes: int | None = None
    raw_sha256: str | None = None


def put(output: str, path: str, content: bytes, rows: int, **others: Any) -> Written:
    """Put a file in place, so that a reader sees the whole of it or nothing."""
    storage.write_bytes(storage.join(output, path), content)
    digest = hashlib.sha256(content).hexdigest()
    return Written(path, rows, len(content), digest, **others)


def put_local(output: str, path: str, file: IO[bytes], rows: int, **others: Any) -> Written:
    """Put the content of a temporary file in place, however large it is; the file is gone then."""
    with file:
        storage.write_file(storage.join(output, path), file)
        digest = hashlib.sha256()
        file.seek(0)
        while piece := file.read(_PIECE):
            digest.update(piece)
        return Written(path, rows, file.tell(), digest.hexdigest(), **others)


class _Lines(abc.ABC):
    """Lines of text, compressed as they come."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115
        self._packed = self._open(self._file)
        self._rows = 0

    @abc.abstractmethod
    def _open(self, file: IO[bytes]) -> Any:
        """Return what compresses into a file."""

    def add(self, line: bytes) -> None:
        """Add a line, given without its newline."""
        self._packed.write(line + b"\n")
        self._rows += 1

    def put(self, output: str, path: str, **others: Any) -> Written:
        """Put the file in place."""
        self._packed.close()
        return put_local(output, path, self._file, self._rows, **others)


class GzipLines(_Lines):
    """Lines of text as gzip; the same lines are the same bytes, whenever they are written."""

    def _open(self, file: IO[bytes]) -> Any:
        # no name and no time in the header
        return gzip.GzipFile("", "wb", _GZIP_LEVEL, file, mtime=0)


class ZstdLines(_Lines):
    """Lines of text as one frame of Zstandard; the same lines are the same bytes."""

    def _open(self, file: IO[bytes]) -> Any:
        return zstd.ZstdFile(file, "wb", options=_ZSTD)


class ParquetRows:
    """Rows as Parquet, in row groups that depend on the rows alone, however they come in.

    Parameters
    ----------
    dictionary
        Columns with few values.
    row_group
        Rows of a group, at most; one of long texts has fewer.
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
        self._held: list[Sequence[Any]] = []
        self._characters = 0
        self._rows = 0
        self._in_memory = 0

    def add(self, row: Sequence[Any], characters: int = 0) -> None:
        """Add a row, its values in the order of the schema, with the characters of its texts."""
        self._held.append(row)
        self._characters += characters
        if len(self._held) == self._row_group or self._characters >= _CHARACTERS:
            self._flush()

    def put(self, output: str, path: str, **others: Any) -> Written:
        """Put the file in place."""
        if self._held:
            self._flush()
        self._writer.close()
        others.setdefault("raw_bytes", self._in_memory)
        return put_local(output, path, self._file, self._rows, **others)

    def _flush(self) -> None:
        columns = [
            pa.array(values, field.type)
            for values, field in zip(zip(*self._held, strict=True), self._schema, strict=True)
        ]
        table = pa.Table.from_arrays(columns, schema=self._schema)
        self._writer.write_table(table)
        self._rows += len(self._held)
        self._in_memory += table.nbytes
        self._held, self._characters = [], 0
