"""paragraphs/: the lines of a web document that paragraph dedup keeps, without their text."""

from __future__ import annotations

from pyspark.sql import types as T

PARAGRAPHS = T.StructType(
    [
        T.StructField("id", T.StringType()),
        T.StructField("uri", T.StringType()),  # the archive, as in source.uri of documents/
        T.StructField("offset", T.LongType()),  # as in source.offset of documents/
        # 0-based numbers of the lines kept, ascending; lines are split at "\n"
        T.StructField("line_ids", T.ArrayType(T.IntegerType())),
        T.StructField("original_nlines", T.IntegerType()),  # lines before
        T.StructField("original_length", T.IntegerType()),  # code points before
        T.StructField("nlines", T.IntegerType()),  # lines kept
        T.StructField("length", T.IntegerType()),  # code points of the lines kept
        T.StructField("slice", T.StringType()),  # partition
    ]
)
