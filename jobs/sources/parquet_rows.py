"""Rows of Parquet files, streamed by row group, of selected columns.

A damaged row group costs only itself: of ten with the third damaged, this module yields the rows of
nine and one fault, where `pyarrow.parquet.ParquetFile.iter_batches` raises after two.
"""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from jobs import storage
from jobs.sources.faults import NOT_UTF8, STORAGE, TOO_LARGE, Fault
from jobs.sources.splits import ByteRange
from schemas.errors import one_line

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

MAGIC = b"PAR1"
CORRUPT_PARQUET = "corrupt-parquet"
NO_COLUMN = "no-column"
_BATCH_BYTES = 8 << 20
_MOST_ROWS = 256


class Row(NamedTuple):
    """A row, or the fault in its place.

    Attributes
    ----------
    offset
        The row's number in its file, from 0; a Parquet row has no byte offset.
    """

    offset: int
    values: dict[str, Any] | None = None
    fault: Fault | None = None


def is_parquet(uri: str) -> bool:
    """Return whether an object's first bytes are Parquet's; raise OSError if it is unreadable."""
    return storage.read_range(uri, 0, len(MAGIC)) == MAGIC


def read_rows(
    byte_range: ByteRange, columns: Sequence[str], needed: Sequence[str], max_bytes: int
) -> Iterator[Row]:
    """Yield the rows of the row groups that begin in a byte range.

    A row group begins at its first page. A file that cannot be opened is one row with a fault, in
    the byte range of the file's start. The rest of a damaged row group is one row with a fault, and
    reading continues with the next group.

    Parameters
    ----------
    columns
        Columns to read; those missing in the file are skipped.
    needed
        Columns without which the file is one row with a fault.
    max_bytes
        Maximum size of a text; a row with a larger one becomes a fault and its text is not decoded.
    """
    try:
        with storage.open_seekable(byte_range.uri) as stream:
            yield from _rows(_Watched(stream), byte_range, columns, needed, max_bytes)
    except OSError as error:
        yield Row(0, fault=_storage(error))


def _rows(
    stream: _Watched,
    byte_range: ByteRange,
    columns: Sequence[str],
    needed: Sequence[str],
    max_bytes: int,
) -> Iterator[Row]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(stream, buffer_size=1 << 20, pre_buffer=False)
        starts = _starts(file)
    except (pa.ArrowException, OSError, ValueError) as error:
        if byte_range.start == 0:
            yield Row(0, fault=stream.fault or _corrupt(error))
        return
    names = set(file.schema_arrow.names)
    missing = [name for name in needed if name not in names]
    if missing:
        if byte_range.start == 0:
            message = f"the file has no column {', '.join(missing)}"
            yield Row(0, fault=Fault(NO_COLUMN, message))
        return
    first_rows = [
        0,
        *itertools.accumulate(file.metadata.row_group(i).num_rows for i in range(len(starts))),
    ]
    # a file without row groups has no rows
    for group in range(
        bisect.bisect_left(starts, byte_range.start), bisect.bisect_left(starts, byte_range.end)
    ):
        number = first_rows[group]
        try:
            for batch in _batches(file, group, [name for name in columns if name in names]):
                yield from _rows_of(batch, number, max_bytes)
                number += batch.num_rows
        except (pa.ArrowException, OSError, ValueError) as error:
            yield Row(number, fault=stream.fault or _corrupt(error))
            if stream.fault:
                return


def _starts(file: pq.ParquetFile) -> list[int]:
    """Return the offset of each row group, in ascending order even if the file is faulty."""
    starts = []
    for i in range(file.metadata.num_row_groups):
        group = file.metadata.row_group(i)
        chunk = group.column(0) if group.num_columns else None
        start = 0
        if chunk is not None:
            start = chunk.data_page_offset
            # some writers store 0 for no dictionary page
            if chunk.dictionary_page_offset:
                start = min(start, chunk.dictionary_page_offset)
        starts.append(start)
    return list(itertools.accumulate(starts, max))


def _batches(file: pq.ParquetFile, group: int, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """Yield a row group in batches of about `_BATCH_BYTES`, estimated from its mean row size."""
    metadata = file.metadata.row_group(group)
    mean = metadata.total_byte_size // max(1, metadata.num_rows) + 1
    size = max(1, min(_MOST_ROWS, _BATCH_BYTES // mean))
    yield from file.iter_batches(size, [group], list(columns), use_threads=False)


def _rows_of(batch: pa.RecordBatch, number: int, max_bytes: int) -> Iterator[Row]:
    import pyarrow as pa
    import pyarrow.compute as pc

    large: set[int] = set()
    for column in batch.columns:
        kind = column.type
        if pa.types.is_string(kind) or pa.types.is_large_string(kind) or _is_bytes(kind):
            over = pc.greater(pc.binary_length(column), max_bytes)
            large.update(pc.indices_nonzero(over.fill_null(False)).to_pylist())
    for i in range(batch.num_rows):
        if i in large:
            fault = Fault(TOO_LARGE, f"the row has a text of more than {max_bytes} bytes")
            yield Row(number + i, fault=fault)
            continue
        try:
            values = [_text(column[i].as_py()) for column in batch.columns]
            yield Row(number + i, dict(zip(batch.schema.names, values, strict=True)))
        except UnicodeDecodeError as error:
            yield Row(number + i, fault=Fault(NOT_UTF8, f"the row is not UTF-8: {error}"))


def _is_bytes(kind: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind))


def _text(value: Any) -> Any:
    """Return a value with bytes decoded: some writers store text without marking it as such."""
    return value.decode() if isinstance(value, bytes) else value


def _corrupt(error: Exception) -> Fault:
    return Fault(CORRUPT_PARQUET, one_line(error)[:500] or type(error).__name__)


def _storage(error: OSError) -> Fault:
    return Fault(STORAGE, f"{type(error).__name__}: {error}")


class _Watched:
    """A stream that keeps the store's error: Arrow raises OSError for damaged files too."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.fault: Fault | None = None
        self.closed = False

    def read(self, size: int = -1) -> bytes:
        try:
            return self._stream.read(size)
        except OSError as error:
            self.fault = _storage(error)
            raise

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return False

    def flush(self) -> None:
        """Do nothing; Arrow calls it on every file."""

    def close(self) -> None:
        self.closed = True
