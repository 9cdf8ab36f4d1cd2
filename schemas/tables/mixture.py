"""mixture/: a training example, at its position in the order of training."""

from __future__ import annotations

from pyspark.sql import types as T

from schemas.tables.documents import SOURCE
from schemas.tables.messages import MESSAGES

MIXTURE = T.StructType(
    [
        T.StructField("id", T.StringType()),
        T.StructField("slice", T.StringType()),
        T.StructField("stratum", T.StringType()),  # what has a share: a slice, or a part of one
        T.StructField("bucket", T.StringType()),
        T.StructField("epoch", T.IntegerType()),  # from 0: how often the document occurs before
        T.StructField("text", T.StringType()),
        T.StructField("url", T.StringType()),
        T.StructField("title", T.StringType()),
        T.StructField("source", SOURCE),
        T.StructField("license", T.StringType()),
        T.StructField("date", T.StringType()),
        T.StructField("language", T.StringType()),
        T.StructField("metadata", T.MapType(T.StringType(), T.StringType())),
        T.StructField("token_count", T.IntegerType()),
        T.StructField("position", T.LongType()),  # from 0, within the shard
        T.StructField("messages", MESSAGES),
        T.StructField("shard", T.IntegerType()),  # partition
    ]
)
