"""What became of an input record: rows that carry what is kept and what is not through one pass.

A job that reads its input once makes one row a record: kept (then the columns of the table are
filled), put into quarantine, or counted under a reason (then the columns of `REJECTED` are).
"""

from __future__ import annotations

from pyspark.sql import types as T

KEPT = "kept"
QUARANTINED = "quarantine"
COUNTED = "counted"  # left out as asked, such as a page that was not found

REJECTED = T.StructType(
    [
        T.StructField("outcome", T.StringType()),  # KEPT, QUARANTINED or COUNTED
        T.StructField("stage", T.StringType()),  # read, extract, ...
        T.StructField("reason", T.StringType()),  # the error's or the count's short name
        T.StructField("message", T.StringType()),  # one line for a person
        T.StructField("uri", T.StringType()),  # the archive or dump
        T.StructField("at", T.LongType()),  # offset of the record; null for counts
        T.StructField("n", T.LongType()),  # how many records the row stands for
    ]
)


def with_outcome(table: T.StructType) -> T.StructType:
    """Return the fields of a table followed by those of `REJECTED`."""
    return T.StructType([*table.fields, *REJECTED.fields])
