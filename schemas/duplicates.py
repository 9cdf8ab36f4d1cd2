"""duplicates/: a document that another one stands for, and the evidence."""

from __future__ import annotations

from pyspark.sql import types as T

DUPLICATES = T.StructType(
    [
        T.StructField("id", T.StringType()),  # the document that is left out
        T.StructField("survivor_id", T.StringType()),  # the one of its cluster that stays
        T.StructField("cluster_id", T.StringType()),  # the smallest id of the cluster
        T.StructField("kind", T.StringType()),  # exact: the survivor's digest; near: its MinHash
        # estimated Jaccard similarity with the survivor; 1.0 for an exact copy
        T.StructField("similarity", T.DoubleType()),
    ]
)
