"""Look up the rows of one archive inside a task: a join that does not shuffle texts.

A task that reads the documents of an archive needs a few columns of another table, such as the lines
to keep. A Spark join would shuffle the texts. Instead the task opens those files of the other table
that can hold its archive's rows, by the bounds in the manifest.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

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
        self._files = sorted(files, key=lambda file: file.path)
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

    def _read(self, archive: str) -> pa.Table:
        parts = []
        for file in self._files:
            if file.may_hold(archive):
                with storage.open_seekable(storage.join(self._base, file.path)) as stream:
                    table = pq.read_table(
                        stream,
                        columns=self._columns,
                        filters=[(self._index, "==", archive)],
                        schema=self._schema,
                        use_threads=False,
                    )
                parts.append(table)
        return pa.concat_tables(parts) if parts else pa.table({name: [] for name in self._columns})


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
