"""Look up the rows of one archive inside a task: a join that does not shuffle texts.

A task that reads the documents of an archive needs a few columns of another table, such as the lines
to keep. A Spark join would shuffle the texts. Instead the task opens those files of the other table
that can hold its archive's rows, by the bounds in the manifest. Each task is sent the list of files: in
compressed parts, since a crawl has 90,000, of which a task needs one or two.
"""

from __future__ import annotations

import json
import zlib
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import DataFrame
from pyspark.sql.pandas.types import to_arrow_schema

from jobs import storage
from jobs.tables import parquet_footers
from jobs.tables.manifest import DataFile
from jobs.tables.table_handle import TableHandle
from schemas.tables import TABLES

# archives held at a time: a task reads one after another
_HELD = 2

_FILES = 500  # of a part of the list


class Lookup:
    """Rows by archive, of a table that has an index column.

    Parameters
    ----------
    base
        Folder that the files' paths are below.
    files
        With the bounds of the index column.
    schema
        Schema to read the files with; a column that a file lacks is null. By default each file's own.
    """

    def __init__(
        self,
        base: str,
        files: Sequence[DataFile],
        *,
        index: str,
        columns: Sequence[str],
        schema: pa.Schema | None = None,
    ) -> None:
        self._base = base
        self._parts = tuple(_parts(files))
        self._index = index
        self._columns = list(columns)
        self._schema = schema
        self._held: OrderedDict[str, pa.Table] = OrderedDict()

    def rows(self, archive: str) -> pa.Table:
        """Return the rows whose index column is this archive's URI."""
        if archive not in self._held:
            while len(self._held) >= _HELD:
                self._held.popitem(last=False)
            self._held[archive] = self._read(archive)
        return self._held[archive]

    def paths(self, archive: str) -> list[str]:
        """Return the sorted paths of the files that can hold rows of an archive."""
        parts = (part for part in self._parts if part.bounds.may_hold(archive))
        return sorted(
            file.path for part in parts for file in part.files() if file.may_hold(archive)
        )

    def _read(self, archive: str) -> pa.Table:
        parts = []
        for path in self.paths(archive):
            with storage.open_seekable(storage.join(self._base, path)) as stream:
                table = pq.read_table(
                    stream,
                    columns=self._columns,
                    filters=[(self._index, "==", archive)],
                    schema=self._schema,
                    use_threads=False,
                )
            parts.append(table)
        return pa.concat_tables(parts) if parts else pa.table({name: [] for name in self._columns})


@dataclass(frozen=True)
class _Part:
    """A part of a list of files.

    Attributes
    ----------
    bounds
        A file with the bounds of all of them.
    packed
        The files as compressed JSON.
    """

    bounds: DataFile
    packed: bytes

    def files(self) -> Iterator[DataFile]:
        """Yield the files, without their sizes."""
        for path, first, last in json.loads(zlib.decompress(self.packed)):
            yield DataFile(path, 0, 0, first, last)


def _parts(files: Sequence[DataFile]) -> Iterator[_Part]:
    """Yield the files in parts of neighbouring bounds; those without bounds come first."""
    ordered = sorted(files, key=lambda file: (file.first or "", file.path))
    for start in range(0, len(ordered), _FILES):
        some = ordered[start : start + _FILES]
        firsts = [file.first for file in some if file.first is not None]
        lasts = [file.last for file in some if file.last is not None]
        bounded = len(firsts) == len(lasts) == len(some)
        bounds = DataFile("", 0, 0, *((firsts[0], max(lasts)) if bounded else ()))
        # surrogates, which a path may have, are escaped
        content = json.dumps([(file.path, file.first, file.last) for file in some])
        yield _Part(bounds, zlib.compress(content.encode()))


def of_table(table: TableHandle, files: Sequence[DataFile], columns: Sequence[str]) -> Lookup:
    """Return a lookup in some files of a table, by its index column."""
    kind = TABLES[table.name]
    assert kind.index is not None, f"{table.name} has no index column"
    stored = pa.schema(
        [field for field in to_arrow_schema(kind.schema) if field.name not in kind.partitions]
    )
    return Lookup(table.uri(), files, index=kind.index, columns=columns, schema=stored)


def stored(rows: DataFrame, folder: str, *, index: str) -> Lookup:
    """Write rows to a folder, sorted by the index column, and return a lookup in it."""
    rows.repartitionByRange(index).sortWithinPartitions(index).write.parquet(folder)
    base, _, name = folder.rpartition("/")
    files = parquet_footers.data_files(folder, name, index)
    columns = [column for column in rows.columns if column != index]
    return Lookup(base, files, index=index, columns=columns)
