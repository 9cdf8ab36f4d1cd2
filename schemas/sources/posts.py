"""Rows of `spark.read.format("stackexchange")`: a post of a site's Posts.xml."""

from __future__ import annotations

from pyspark.sql import types as T

POSTS = T.StructType(
    [
        T.StructField("uri", T.StringType()),
        # start of the post's line: bytes into the decompressed Posts.xml
        T.StructField("offset", T.LongType()),
        T.StructField("site", T.StringType()),  # math.stackexchange.com
        T.StructField("post_id", T.LongType()),
        T.StructField("post_type", T.IntegerType()),  # 1 question, 2 answer, 4 and 5 tag wiki, ...
        T.StructField("parent_id", T.LongType()),  # of an answer: its question
        T.StructField("accepted_answer_id", T.LongType()),  # of a question
        T.StructField("title", T.StringType()),  # of a question: plain text
        T.StructField("body", T.StringType()),  # HTML
        T.StructField("score", T.LongType()),
        T.StructField("date", T.StringType()),  # of creation: ISO 8601, UTC, to the second
        T.StructField("tags", T.ArrayType(T.StringType())),
        T.StructField("license", T.StringType()),  # SPDX; null in dumps without licences
        T.StructField("view_count", T.LongType()),
        # short name: broken-row, not-a-row, record-too-large, corrupt-7z, ...
        T.StructField("error", T.StringType()),
        T.StructField("message", T.StringType()),
    ]
)
