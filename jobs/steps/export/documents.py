"""Convert the rows of a batch to Python values, also where a text is not valid UTF-8."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

_ROWS = 64  # converted at once: a book takes some MB


def documents(batch: pa.RecordBatch) -> Iterator[tuple[dict[str, Any], bool]]:
    """Yield each row, and whether one of its texts was not UTF-8.

    A table may hold half a surrogate pair, which is not valid UTF-8 and which no other tool reads: its
    bytes become U+FFFD.
    """
    for start in range(0, batch.num_rows, _ROWS):
        part = batch.slice(start, _ROWS)
        try:
            yield from ((row, False) for row in part.to_pylist())
        except UnicodeDecodeError:
            yield from _mended(part)


def _mended(batch: pa.RecordBatch) -> Iterator[tuple[dict[str, Any], bool]]:
    columns = [column.cast(_as_bytes(column.type)).to_pylist() for column in batch.columns]
    for values in zip(*columns, strict=True):
        decoder = _Decoder()
        row = {
            name: decoder.text(value)
            for name, value in zip(batch.schema.names, values, strict=True)
        }
        yield row, decoder.mended


def _as_bytes(type_: pa.DataType) -> pa.DataType:
    """Return the type with binary in place of string."""
    if pa.types.is_string(type_):
        return pa.binary()
    if pa.types.is_struct(type_):
        return pa.struct([(field.name, _as_bytes(field.type)) for field in type_])
    if pa.types.is_list(type_):
        return pa.list_(_as_bytes(type_.value_type))
    if pa.types.is_map(type_):
        return pa.map_(_as_bytes(type_.key_type), _as_bytes(type_.item_type))
    return type_


class _Decoder:
    """Decode the bytes in nested values; `mended` is True once some were not UTF-8."""

    def __init__(self) -> None:
        self.mended = False

    def text(self, value: Any) -> Any:
        if isinstance(value, bytes):
            try:
                return value.decode()
            except UnicodeDecodeError:
                self.mended = True
                return value.decode(errors="replace")
        if isinstance(value, dict):
            return {key: self.text(member) for key, member in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(self.text(member) for member in value)
        return value
