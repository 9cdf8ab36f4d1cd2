"""Outcomes of input records: one row for each, kept or rejected, so that one pass over the input does.

A record is kept (its row fills the table's columns), quarantined, or dropped and counted under a reason
(its row fills the columns of `REJECTED`).
"""

from __future__ import annotations

from pyspark.sql import types as T

KEPT = "kept"
QUARANTINED = "quarantine"
COUNTED = "counted"  # dropped by a setting, such as a page that was not found

REJECTED = T.StructType(
    [
        T.StructField("outcome", T.StringType()),  # KEPT, QUARANTINED or COUNTED
        T.StructField("stage", T.StringType()),  # read, extract, ...
        T.StructField("reason", T.StringType()),  # short name of the error or reason
        T.StructField("message", T.StringType()),  # one line for a person
        T.StructField("uri", T.StringType()),  # the archive or dump
        T.StructField("at", T.LongType()),  # offset of the record; null for counts
        T.StructField("n", T.LongType()),  # number of records that the row counts
    ]
)


def with_outcome(table: T.StructType) -> T.StructType:
    """Return the fields of a table followed by those of `REJECTED`."""
    return T.StructType([*table.fields, *REJECTED.fields])
