"""Rows of Parquet files, streamed by row group, and only some columns of them."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from jobs import storage
from jobs.sources.faults import NOT_UTF8, STORAGE, TOO_LARGE, Fault
from jobs.sources.splits import ByteRange

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

MAGIC = b"PAR1"
CORRUPT_PARQUET = "corrupt-parquet"
NO_COLUMN = "no-column"
_BATCH_BYTES = 8 << 20
_MOST_ROWS = 256


class Row(NamedTuple):
    """A row, or why there is none.

    Attributes
    ----------
    offset
        The row's number in its file, from 0: a row of Parquet has no place in bytes.
    """

    offset: int
    values: dict[str, Any] | None = None
    fault: Fault | None = None


def is_parquet(uri: str) -> bool:
    """Tell from its first bytes whether an object is Parquet; raises OSError as reading does."""
    return storage.read_range(uri, 0, len(MAGIC)) == MAGIC


def read_rows(
    byte_range: ByteRange, columns: Sequence[str], needed: Sequence[str], max_bytes: int
) -> Iterator[Row]:
    """Yield the rows of the row groups that begin in a piece.

    A row group begins at its first page. A file that cannot be opened is one row with a fault, in
    the piece it starts in; so is the rest of a row group that is damaged, and the next is read.

    Parameters
    ----------
    columns
        Those that are read, as far as the file has them.
    needed
        Those without which a file is one row with a fault.
    max_bytes
        A row with a larger text becomes one with a fault, and no Python text is made of it.
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
    """Return where each row group begins, never decreasing even where a file says otherwise."""
    starts = []
    for i in range(file.metadata.num_row_groups):
        group = file.metadata.row_group(i)
        chunk = group.column(0) if group.num_columns else None
        at = 0
        if chunk is not None:
            at = chunk.data_page_offset
            # 0 stands for none in the files of some writers
            if chunk.dictionary_page_offset:
                at = min(at, chunk.dictionary_page_offset)
        starts.append(at)
    return list(itertools.accumulate(starts, max))


def _batches(file: pq.ParquetFile, group: int, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """Yield a row group in batches of about `_BATCH_BYTES`, as its rows are on average."""
    about = file.metadata.row_group(group)
    mean = about.total_byte_size // max(1, about.num_rows) + 1
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
    """Return what some writers store as bytes without saying that they are text."""
    return value.decode() if isinstance(value, bytes) else value


def _corrupt(error: Exception) -> Fault:
    return Fault(CORRUPT_PARQUET, " ".join(str(error).split())[:500] or type(error).__name__)


def _storage(error: OSError) -> Fault:
    return Fault(STORAGE, f"{type(error).__name__}: {error}")


class _Watched:
    """A stream that remembers what the store failed with: Arrow reports damage as OSError too."""

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
        """Arrow calls it of any file."""

    def close(self) -> None:
        self.closed = True
