"""The raw record of a row of Parquet, whose offset is the row's number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from jobs import storage
from jobs.slices.raw.lines import check_id, pairs
from jobs.slices.raw.record import BEGINNING, Place, RawRecord, RecordNotFound, in_memory
from schemas.errors import one_line

_ROWS = 64  # read at a time
NOTE = (
    "the offset is the row's number; --raw writes the row as JSON, for it has no bytes of its own"
)


def read(place: Place, id_of: Callable[[dict[str, Any]], str], text: str) -> RawRecord:
    """Return the row at a place; read no more of its file than the row group.

    Parameters
    ----------
    id_of
        Returns the id of the document that a row makes.
    text
        The column of the row's text.

    Raises
    ------
    RecordNotFound
        The file has no such row, or the row makes another document.
    """
    row = row_at(place)
    check_id(id_of(row), place, "row")
    data = orjson.dumps(row, default=str)
    beginning = str(row.get(text) or "")[:BEGINNING]
    headers = {"row": list(pairs(row))}
    return RawRecord("row of Parquet", len(data), headers, beginning, in_memory(data), [NOTE])


def row_at(place: Place) -> dict[str, Any]:
    """Return the row at a place.

    Raises
    ------
    RecordNotFound
        The file has no such row.
    """
    try:
        with storage.open_seekable(place.uri) as stream:
            row = _row(pq.ParquetFile(stream), place.offset)
    except pa.ArrowException as error:
        raise RecordNotFound(one_line(error)) from error
    if row is None:
        raise RecordNotFound(f"the file has no row {place.offset}")
    return row


def _row(file: pq.ParquetFile, number: int) -> dict[str, Any] | None:
    for group in range(file.metadata.num_row_groups):
        size = file.metadata.row_group(group).num_rows
        if number < size:
            for batch in file.iter_batches(_ROWS, [group], use_threads=False):
                if number < batch.num_rows:
                    [row] = batch.slice(number, 1).to_pylist()
                    return {name: _text(value) for name, value in row.items()}
                number -= batch.num_rows
        number -= size
    return None


def _text(value: Any) -> Any:
    """Return a text that its writer stored as bytes without marking it as text."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
