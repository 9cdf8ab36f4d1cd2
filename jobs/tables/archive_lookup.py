"""The rows of one archive, read inside a task: a join that leaves the text where it is.

A task that works through the documents of an archive needs a little more for each: which of its lines
are left, say. A Spark join would shuffle the texts to bring the two together. Instead the task opens
those files of the other table that can hold its archive's rows, which the manifest tells.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import DataFrame

from jobs import storage, tables
from jobs.tables.manifest import DataFile
from schemas.tables import TABLES

# archives held at a time: a task meets one after another
_HELD = 2


class Lookup:
    """Rows by archive, of a table that has an index column.

    Parameters
    ----------
    base
        Folder that the files' paths are below.
    files
        With the bounds of the index column.
    """

    def __init__(
        self, base: str, files: Sequence[DataFile], *, index: str, columns: Sequence[str]
    ) -> None:
        self._base = base
        self._files = sorted(files, key=lambda file: file.path)
        self._index = index
        self._columns = list(columns)
        self._held: OrderedDict[str, pa.Table] = OrderedDict()

    def rows(self, archive: str) -> pa.Table:
        """The rows whose index column is this archive's URI; none is an empty table."""
        if archive not in self._held:
            while len(self._held) >= _HELD:
                self._held.popitem(last=False)
            self._held[archive] = self._read(archive)
        return self._held[archive]

    def _read(self, archive: str) -> pa.Table:
        found = []
        for file in self._files:
            if file.may_hold(archive):
                with storage.open_seekable(storage.join(self._base, file.path)) as stream:
                    table = pq.read_table(
                        stream,
                        columns=self._columns,
                        filters=[(self._index, "==", archive)],
                        use_threads=False,
                    )
                found.append(table)
        return pa.concat_tables(found) if found else pa.table({name: [] for name in self._columns})


def of_table(root: str, name: str, files: Sequence[DataFile], columns: Sequence[str]) -> Lookup:
    """Look up rows of a table by its index column."""
    index = TABLES[name].index
    assert index is not None, f"{name} has no index column"
    return Lookup(storage.join(root, name), files, index=index, columns=columns)


def stored(rows: DataFrame, folder: str, *, index: str) -> Lookup:
    """Write rows to a folder, by the index column, and look them up from there."""
    rows.repartitionByRange(index).sortWithinPartitions(index).write.parquet(folder)
    base, _, name = folder.rpartition("/")
    files = [
        tables.data_file(each, name + each.uri[len(folder) :], index)
        for each in storage.list_names(folder)
        if each.uri.endswith(".parquet")
    ]
    columns = [column for column in rows.columns if column != index]
    return Lookup(base, files, index=index, columns=columns)
