"""Rows of a batch as Python values, whatever bytes their texts are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

_ROWS = 64  # as Python values at once: a book is some MB


def documents(batch: pa.RecordBatch) -> Iterator[tuple[dict[str, Any], bool]]:
    """Yield each row, and whether a text of it was not UTF-8.

    Half a surrogate pair is what a table may hold that UTF-8 has no place for: nothing else reads it, so its
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
    """The type with bytes in the place of text."""
    if pa.types.is_string(type_):
        return pa.binary()
    if pa.types.is_struct(type_):
        return pa.struct([(field.name, _as_bytes(field.type)) for field in type_])
    if pa.types.is_map(type_):
        return pa.map_(_as_bytes(type_.key_type), _as_bytes(type_.item_type))
    return type_


class _Decoder:
    """Bytes as text, all the way down; `mended` once some were none."""

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
            return {key: self.text(each) for key, each in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(self.text(each) for each in value)
        return value
