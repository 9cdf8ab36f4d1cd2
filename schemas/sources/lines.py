"""What `spark.read.format("lines")` gives: a line of a text file, as JSON lines are."""

from __future__ import annotations

from pyspark.sql import types as T

LINES = T.StructType(
    [
        T.StructField("uri", T.StringType()),
        # where the line starts: bytes of the file without its compression
        T.StructField("offset", T.LongType()),
        T.StructField("line", T.StringType()),  # without its end; null where there is an error
        T.StructField("error", T.StringType()),  # a short name: not-utf8, record-too-large, ...
        T.StructField("message", T.StringType()),
    ]
)
