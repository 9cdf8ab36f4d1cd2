"""quarantine/: an input record that could not be used, and the error."""

from __future__ import annotations

from pyspark.sql import types as T

QUARANTINE = T.StructType(
    [
        T.StructField("slice", T.StringType()),
        T.StructField("uri", T.StringType()),
        T.StructField("offset", T.LongType()),
        T.StructField("stage", T.StringType()),  # read, extract, ingest, annotate, ...
        T.StructField("error", T.StringType()),  # a short name to group by: truncated-gzip, ...
        T.StructField("message", T.StringType()),  # one line for a person
    ]
)
