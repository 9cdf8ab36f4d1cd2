"""Rows of `spark.read.format("lines")`: a line of a text file, such as JSON lines."""

from __future__ import annotations

from pyspark.sql import types as T

LINES = T.StructType(
    [
        T.StructField("uri", T.StringType()),
        # start of the line: bytes into the decompressed file
        T.StructField("offset", T.LongType()),
        T.StructField("line", T.StringType()),  # without its line end; null where there is an error
        T.StructField("error", T.StringType()),  # short name: not-utf8, record-too-large, ...
        T.StructField("message", T.StringType()),
    ]
)
