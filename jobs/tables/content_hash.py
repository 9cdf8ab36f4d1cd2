"""One number for the rows of a table, whatever their order, partitions and files are.

The hash of a row folds its values that are not null, each with the name of its column, by Spark's
`xxhash64`. The hash of a table is two sums over its rows, of this hash and of its mix, modulo 2**64. So
equal rows give equal hashes however they are stored, a row that occurs twice counts twice, the hashes of
two folders add up, and a new column that is null changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from pyspark.sql import Column, DataFrame, Observation
from pyspark.sql import functions as F
from pyspark.sql import types as T

_ROW = "content_hash"
_BITS = 64


def observed(
    rows: DataFrame, schema: T.StructType, where: Column | None = None
) -> tuple[DataFrame, Callable[[], str]]:
    """Return the rows, and a function that returns their hash once they have been written.

    The hash is taken from the rows as they are written: no job of its own, no second reading.

    Parameters
    ----------
    schema
        The columns that count.
    where
        The rows that count; None for all.
    """
    hash_ = row_hash(schema) if where is None else F.when(where, row_hash(schema))
    sums = Observation()
    hashed = rows.withColumn(_ROW, hash_).observe(sums, *_sums())
    return hashed.drop(_ROW), lambda: of_sums(sums.get["rows"], sums.get["mixed"])


def of_rows(rows: DataFrame) -> str:
    """Return the hash of rows, by a job that reads them: 32 hexadecimal digits."""
    hashed = rows.select(row_hash(rows.schema).alias(_ROW))
    sums = hashed.agg(*_sums()).collect()[0]
    return of_sums(sums["rows"], sums["mixed"])


def added(hashes: Iterable[str]) -> str:
    """Return the hash of the rows of several folders together."""
    numbers = [int(hash_, 16) for hash_ in hashes]
    return of_sums(sum(n >> _BITS for n in numbers), sum(n % 2**_BITS for n in numbers))


def of_sums(rows: int | None, mixed: int | None) -> str:
    """Return two sums modulo 2**64 as text; the sum of no rows is null, and zero here."""
    return "".join(f"{int(part or 0) % 2**_BITS:016x}" for part in (rows, mixed))


def _sums() -> tuple[Column, Column]:
    # as decimals, since a sum of longs that overflows is an error
    exact = "decimal(20,0)"
    # the hash of null is a number, and rows that do not count have none
    mixed = F.when(F.col(_ROW).isNotNull(), F.xxhash64(_ROW))
    return (
        F.sum(F.col(_ROW).cast(exact)).alias("rows"),
        F.sum(mixed.cast(exact)).alias("mixed"),
    )


def row_hash(schema: T.StructType) -> Column:
    """Return the hash of a row, as one SQL text: a hundred columns built one by one cost half a second."""
    # a null leaves the hash as it is, so that neither its name nor itself counts
    folded = ", ".join(
        f"if({value} is null, null, '{name}'), {value}" for name, value in sorted(_values(schema))
    )
    return F.expr(f"xxhash64({folded})")


def _values(schema: T.StructType, path: str = "", parent: str = "") -> Iterator[tuple[str, str]]:
    """Yield the values of a row, those of structs one by one: their names, and themselves in SQL."""
    for field in schema.fields:
        name, value = f"{path}{field.name}", f"{parent}`{field.name}`"
        if isinstance(field.dataType, T.StructType):
            yield from _values(field.dataType, f"{name}.", f"{value}.")
        else:
            yield name, _without_maps(value, field.dataType)


def _without_maps(value: str, type_: T.DataType, depth: int = 0) -> str:
    """Return a value in SQL with its maps as sorted entries: Spark hashes no map, which has no order."""
    if "map<" not in type_.simpleString():
        return value
    member = f"member{depth}"
    if isinstance(type_, T.ArrayType):
        inner = _without_maps(member, type_.elementType, depth + 1)
        return f"transform({value}, {member} -> {inner})"
    if isinstance(type_, T.MapType):
        return f"array_sort(map_entries({value}))"
    assert isinstance(type_, T.StructType)
    fields = [_without_maps(f"{value}.`{f.name}`", f.dataType, depth) for f in type_.fields]
    return f"struct({', '.join(fields)})"
