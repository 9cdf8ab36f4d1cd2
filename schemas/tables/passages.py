"""passages/: a span of a document that stands in another one too, or earlier in the same."""

from __future__ import annotations

from pyspark.sql import types as T

PASSAGES = T.StructType(
    [
        T.StructField("id", T.StringType()),  # the document that repeats the span
        # in characters of `text` in annotated/, from 0
        T.StructField("start", T.IntegerType()),
        T.StructField("length", T.IntegerType()),
        T.StructField("keeper_id", T.StringType()),  # the document that keeps the span
        T.StructField("keeper_root", T.StringType()),  # null: this root; else one of `--against`
        T.StructField("keeper_start", T.IntegerType()),  # where it stands there, in characters
        # documents that have the part of it that most have, this one and those of earlier roots too
        T.StructField("documents", T.IntegerType()),
    ]
)
