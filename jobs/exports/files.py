"""Files that a task writes: made in a local temporary file, then put in place in one step."""

from __future__ import annotations

import gzip
import hashlib
import tempfile
from collections.abc import Sequence
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import types as T

from jobs import storage

# what a task tells the driver of each file
WRITTEN = T.StructType(
    [
        T.StructField("path", T.StringType()),  # below the output folder
        T.StructField("rows", T.LongType()),
        T.StructField("bytes", T.LongType()),
        T.StructField("sha256", T.StringType()),
    ]
)
_LEVEL = 6  # of gzip: the level 9 takes twice as long for 1 % less
_ROW_GROUP = 10_000


class Written(NamedTuple):
    """A file that is in place; the fields are those of `WRITTEN`."""

    path: str
    rows: int
    bytes: int
    sha256: str


def put(output: str, path: str, content: bytes, rows: int) -> Written:
    """Put a file in place, so that a reader sees the whole of it or nothing."""
    storage.write_bytes(storage.join(output, path), content)
    return Written(path, rows, len(content), hashlib.sha256(content).hexdigest())


class GzipLines:
    """Lines of text as gzip; the same lines are the same bytes, whenever they are written."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115
        # no name and no time in the header
        self._gzip = gzip.GzipFile("", "wb", _LEVEL, self._file, mtime=0)
        self._rows = 0

    def add(self, line: str) -> None:
        """Add a line, given without its newline."""
        self._gzip.write(line.encode() + b"\n")
        self._rows += 1

    def put(self, output: str, path: str) -> Written:
        """Put the file in place."""
        self._gzip.close()
        return put(output, path, _content(self._file), self._rows)


class ParquetRows:
    """Rows as Parquet, in row groups of one size however the rows come in."""

    def __init__(self, schema: pa.Schema) -> None:
        self._schema = schema
        self._file = tempfile.TemporaryFile()  # noqa: SIM115
        self._writer = pq.ParquetWriter(
            pa.PythonFile(self._file, "w"), schema, compression="zstd", use_dictionary=["shard_id"]
        )
        self._held: list[Sequence[Any]] = []
        self._rows = 0

    def add(self, row: Sequence[Any]) -> None:
        """Add a row, its values in the order of the schema."""
        self._held.append(row)
        if len(self._held) == _ROW_GROUP:
            self._flush()

    def put(self, output: str, path: str) -> Written:
        """Put the file in place."""
        if self._held:
            self._flush()
        self._writer.close()
        return put(output, path, _content(self._file), self._rows)

    def _flush(self) -> None:
        columns = [
            pa.array(values, field.type)
            for values, field in zip(zip(*self._held, strict=True), self._schema, strict=True)
        ]
        self._writer.write_table(pa.Table.from_arrays(columns, schema=self._schema))
        self._rows += len(self._held)
        self._held = []


def _content(file: Any) -> bytes:
    """All of a temporary file, which is then gone."""
    file.seek(0)
    content: bytes = file.read()
    file.close()
    return content
