"""Arrow batches of a Spark schema."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import StructType

if TYPE_CHECKING:
    import pyarrow as pa


BATCH_ROWS, BATCH_BYTES = 1000, 32 << 20


def in_parts(
    batches: Iterable[pa.RecordBatch], *, rows: int = BATCH_ROWS, size: int = BATCH_BYTES
) -> Iterator[pa.RecordBatch]:
    """Cut batches into parts of at most so many rows and bytes, without a copy.

    What a job makes of a batch takes several times its memory. Spark's setting of a batch's rows does not
    bound its bytes, and some platforms keep their own value of it. A part has at least one row.
    """
    for batch in batches:
        if batch.num_rows <= 1 or (batch.num_rows <= rows and batch.nbytes <= size):
            yield batch
        else:
            half = min(rows, (batch.num_rows + 1) // 2)
            halves = (batch.slice(i, half) for i in range(0, batch.num_rows, half))
            yield from in_parts(halves, rows=rows, size=size)


def empty(spark: SparkSession, schema: StructType) -> DataFrame:
    """Return no rows, which Spark knows as it plans: to read them takes no Spark job."""
    from pyspark.sql.pandas.types import to_arrow_schema

    return spark.createDataFrame(to_arrow_schema(schema).empty_table(), schema)


def filled(schema: StructType, columns: Mapping[str, Any], rows: int) -> pa.RecordBatch:
    """Return a batch with these columns, lists or arrays, and nulls in the others of the schema."""
    import pyarrow as pa
    from pyspark.sql.pandas.types import to_arrow_schema

    fields = to_arrow_schema(schema)
    arrays = []
    for field in fields:
        values = columns.get(field.name)
        if values is None:
            arrays.append(pa.nulls(rows, field.type))
        elif isinstance(values, pa.Array):
            arrays.append(values.cast(field.type))
        else:
            arrays.append(pa.array(values, field.type))
    return pa.RecordBatch.from_arrays(arrays, schema=fields)
