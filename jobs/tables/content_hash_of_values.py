"""The content hash of a few rows as Python values, equal to Spark's (`jobs.tables.content_hash`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pyspark.sql import types as T

from jobs.tables import content_hash
from udfs import xxhash64


def of_values(rows: Iterable[Mapping[str, Any]], schema: T.StructType) -> str:
    """Return the hash of rows: 32 hexadecimal digits.

    Parameters
    ----------
    rows
        Values as Arrow's `to_pylist` returns them: structs as mappings, maps as mappings or pairs.
    """
    columns = sorted(_columns(schema))
    hashes = [xxhash64.signed(_row_hash(row, columns)) for row in rows]
    mixed = (xxhash64.signed(xxhash64.hash_long(hash_)) for hash_ in hashes)
    return content_hash.of_sums(sum(hashes), sum(mixed))


def _columns(
    schema: T.StructType, path: tuple[str, ...] = ()
) -> Iterator[tuple[str, tuple[str, ...], T.DataType]]:
    """Yield the name, path and type of the values of a row, those of structs one by one."""
    for field in schema.fields:
        names = (*path, field.name)
        if isinstance(field.dataType, T.StructType):
            yield from _columns(field.dataType, names)
        else:
            yield ".".join(names), names, field.dataType


def _row_hash(
    row: Mapping[str, Any], columns: Iterable[tuple[str, tuple[str, ...], T.DataType]]
) -> int:
    hash_ = xxhash64.SEED
    for name, path, type_ in columns:
        value: Any = row
        for part in path:
            value = value.get(part) if value is not None else None
        if value is not None:
            hash_ = _folded(value, type_, xxhash64.hash_bytes(name.encode(), hash_))
    return hash_


def _folded(value: Any, type_: T.DataType, hash_: int) -> int:
    """Return the hash of a value after others; a null leaves it as it is."""
    if value is None:
        return hash_
    if isinstance(type_, T.ArrayType):
        for member in value:
            hash_ = _folded(member, type_.elementType, hash_)
        return hash_
    if isinstance(type_, T.StructType):
        for field in type_.fields:
            hash_ = _folded(value.get(field.name), field.dataType, hash_)
        return hash_
    if isinstance(type_, T.MapType):
        for key, member in sorted(dict(value).items(), key=lambda item: item[0]):
            hash_ = _folded(member, type_.valueType, _folded(key, type_.keyType, hash_))
        return hash_
    if isinstance(type_, T.StringType | T.BinaryType):
        return xxhash64.hash_bytes(value.encode() if isinstance(value, str) else value, hash_)
    if isinstance(type_, T.LongType):
        return xxhash64.hash_long(value, hash_)
    if isinstance(type_, T.IntegerType | T.ShortType | T.ByteType | T.BooleanType):
        return xxhash64.hash_int(value, hash_)
    if isinstance(type_, T.DoubleType):
        return xxhash64.hash_double(value, hash_)
    raise TypeError(f"no hash of {type_.simpleString()}")
