"""The raw record of a row: GitHub's files in Parquet, whose offset is the row's number."""

from __future__ import annotations

from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from jobs import storage
from jobs.steps.trace.lines import name_of_file, pairs
from jobs.steps.trace.record import BEGINNING, NotThere, Place, RawRecord, one

_ROWS = 64  # read at a time


def record(place: Place) -> RawRecord:
    """The row of a place; of its file, only its row group is read.

    Raises
    ------
    NotThere
        It is another one, or none.
    """
    try:
        with storage.open_seekable(place.uri) as stream:
            row = _row(pq.ParquetFile(stream), place.offset)
    except pa.ArrowException as error:
        raise NotThere(" ".join(str(error).split())) from error
    if row is None:
        raise NotThere(f"the file has no row {place.offset}")
    name = name_of_file(row, place)
    if name != place.id:
        raise NotThere(f"the row there is {name}")
    data = orjson.dumps(row, default=str)
    return RawRecord(
        "row of Parquet",
        len(data),
        {"row": list(pairs(row))},
        str(row.get("content") or "")[:BEGINNING],
        one(data),
        [
            "the offset is the row's number; --raw writes the row as JSON, for it has no bytes of its own"
        ],
    )


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
    """What some writers store as bytes without saying that they are text."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
