"""corpus/: a document that curate keeps."""

from __future__ import annotations

from pyspark.sql import types as T

from schemas.pii import PII_KINDS
from schemas.tables.contamination import EVIDENCE
from schemas.tables.copies import COUNTS
from schemas.tables.documents import SOURCE
from schemas.tables.messages import MESSAGES
from schemas.tables.quality_signals import QUALITY_SIGNALS, USER_SIGNALS

CORPUS = T.StructType(
    [
        T.StructField("id", T.StringType()),
        T.StructField("snapshot", T.StringType()),
        T.StructField("text", T.StringType()),
        T.StructField("url", T.StringType()),
        T.StructField("title", T.StringType()),
        T.StructField("source", SOURCE),
        T.StructField("license", T.StringType()),
        T.StructField("date", T.StringType()),
        T.StructField("language", T.StringType()),
        T.StructField("language_score", T.DoubleType()),
        T.StructField("perplexity", T.DoubleType()),
        T.StructField("quality_signals", QUALITY_SIGNALS),
        T.StructField("metadata", T.MapType(T.StringType(), T.StringType())),
        # as in copies/; for a document without copies 0, its own slice and its own date
        T.StructField("copies", T.StructType(COUNTS)),
        # the evaluation items in it; null where `decontaminate` found none or was not run
        T.StructField("contamination", T.ArrayType(T.StructType(EVIDENCE))),
        # parts replaced in the text; null for slices that `curate --pii` does not name, and for kinds that
        # `--pii-kinds` does not
        *(T.StructField(kind, T.IntegerType()) for kind in PII_KINDS),
        T.StructField("token_count", T.IntegerType()),  # without begin and end of document
        T.StructField("user_signals", USER_SIGNALS),  # as in annotated/
        T.StructField("messages", MESSAGES),  # as in documents/, with personal data replaced
        # characters of `text` in annotated/ that other documents have, and of those that were cut; null where
        # `passages` was not run or is ignored
        T.StructField("passage_characters", T.IntegerType()),
        T.StructField("cut_characters", T.IntegerType()),
        T.StructField("slice", T.StringType()),  # partition
        T.StructField("bucket", T.StringType()),  # partition
    ]
)
