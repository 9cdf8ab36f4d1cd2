"""contamination/: a document that shares an n-gram with an item of an evaluation set, and the evidence."""

from __future__ import annotations

from pyspark.sql import types as T

EVIDENCE = [
    T.StructField("evaluation", T.StringType()),  # the evaluation set: its file's name
    T.StructField("item", T.StringType()),  # the item's id, or the number of its line
    T.StructField("ngram", T.StringType()),  # the first words in a row that both share
]

_SCORES = [
    # shares of question, answer and passage that the document has; null: no such part, or --match ngram
    T.StructField("score", T.DoubleType()),
    T.StructField("answer", T.DoubleType()),
    T.StructField("passage", T.DoubleType()),
]

CONTAMINATION = T.StructType([T.StructField("id", T.StringType()), *EVIDENCE, *_SCORES])
