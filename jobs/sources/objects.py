"""Base classes of the data sources over object storage: options, tasks and Arrow batches."""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from pyspark.sql.datasource import DataSource, DataSourceReader
from pyspark.sql.types import StructType

from jobs import storage
from jobs.sources.splits import ByteRange, Split, longest_first, whole
from jobs.storage import ObjectInfo
from schemas.errors import UserError

if TYPE_CHECKING:
    import pyarrow as pa

MAX_RECORD_BYTES = 32 << 20
_BATCH_BYTES = 16 << 20
# memory of a row in addition to its content
_ROW_BYTES = 512


class ObjectReader(DataSourceReader):
    """Reads objects as rows: plans the tasks and collects rows into Arrow batches of bounded size.

    A subclass sets its format and the schema of its rows, and yields the rows of a byte range.

    Options
    -------
    path
        Argument of `load()`: an object, a folder or prefix, or a glob.
    uris
        Instead of a path: a JSON list of [URI, bytes], which saves listing the objects again.
    batch_bytes
        Bytes of content per Arrow batch (default 16 MB).
    max_record_bytes
        Maximum size of a record; a larger one becomes a row with an error and is never held in
        memory (default 32 MB).
    split_bytes
        Bytes read by one task, for formats whose objects can be split: by default 128 MB of plain
        files, 32 MB of MediaWiki dumps as stored.

    Raises
    ------
    UserError
        An option has an invalid value, or neither `path` nor `uris` is given.
    """

    format: ClassVar[str]
    rows_schema: ClassVar[StructType]
    default_split_bytes: ClassVar[int | None] = None  # None if objects of the format stay whole

    def __init__(self, options: dict[str, str]) -> None:
        self._path = options.get("path")
        self._uris = options.get("uris")
        if not self._path and not self._uris:
            raise UserError(
                f"the data source {self.format} needs a path: .load(path), or the option uris"
            )
        self._batch_bytes = self.number(options, "batch_bytes", _BATCH_BYTES)
        self.max_record_bytes = self.number(options, "max_record_bytes", MAX_RECORD_BYTES)
        if self.default_split_bytes is not None:
            self.split_bytes = self.number(options, "split_bytes", self.default_split_bytes)

    def splits(self, objects: Sequence[ObjectInfo]) -> list[Split]:
        """Return the splits that the tasks read: by default one object each."""
        return whole(objects)

    @abstractmethod
    def rows(self, byte_range: ByteRange) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a byte range in the schema's order; never raise for bad content."""

    def content_bytes(self, row: tuple[Any, ...]) -> int:
        """Return the approximate size of a row; overridden where rows have nested values."""
        return sum(len(value) for value in row if isinstance(value, str | bytes))

    def partitions(self) -> list[Split]:
        """Return one partition per split, the longest first."""
        if self._uris:
            objects = [ObjectInfo(uri, size, "") for uri, size in json.loads(self._uris)]
        else:
            objects = storage.expand([str(self._path)])
        return longest_first(self.splits(objects))

    def read(self, partition: Split) -> Iterator[pa.RecordBatch]:  # type: ignore[override]
        """Yield a split's rows as Arrow batches."""
        rows: list[tuple[Any, ...]] = []
        size = 0
        for byte_range in partition.ranges:
            for row in self.rows(byte_range):
                rows.append(row)
                size += _ROW_BYTES + self.content_bytes(row)
                if size >= self._batch_bytes:
                    yield self._batch(rows)
                    rows, size = [], 0
        if rows:
            yield self._batch(rows)

    def _batch(self, rows: Sequence[tuple[Any, ...]]) -> pa.RecordBatch:
        import pyarrow as pa
        from pyspark.sql.pandas.types import to_arrow_schema

        schema = to_arrow_schema(self.rows_schema)
        columns = zip(*rows, strict=True)
        arrays = [
            pa.array(values, type=field.type) for values, field in zip(columns, schema, strict=True)
        ]
        return pa.RecordBatch.from_arrays(arrays, schema=schema)

    @classmethod
    def words(
        cls, options: dict[str, str], name: str, default: str, *, digits: bool = False
    ) -> list[str]:
        """Return the words of an option that is a comma-separated list."""
        values = options.get(name, default).split(",")
        words = [word.strip().lower() for word in values if word.strip()]
        if digits and not all(word.isdecimal() for word in words):
            raise UserError(
                f"the option {name} of the data source {cls.format} is a list of numbers "
                "such as 200,203"
            )
        return words

    @classmethod
    def number(cls, options: dict[str, str], name: str, default: int) -> int:
        """Return the value of an option that is a positive integer."""
        value = options.get(name, str(default))
        if not value.isdecimal() or int(value) < 1:
            raise UserError(
                f"the option {name} of the data source {cls.format} is a positive number, "
                f"not {value}"
            )
        return int(value)


class ObjectDataSource(DataSource):
    """The data source of an `ObjectReader`; a subclass sets `reader_type`."""

    reader_type: ClassVar[type[ObjectReader]]

    @classmethod
    def name(cls) -> str:
        """Return the format's name for `spark.read.format()`."""
        return cls.reader_type.format

    def schema(self) -> StructType:
        """Return the schema of the rows."""
        return self.reader_type.rows_schema

    def reader(self, schema: StructType) -> ObjectReader:
        """Return the reader for the options."""
        return self.reader_type(dict(self.options))
