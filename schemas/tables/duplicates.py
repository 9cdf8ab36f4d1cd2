"""duplicates/: a document that another one stands for, and the evidence."""

from __future__ import annotations

from pyspark.sql import types as T

DUPLICATES = T.StructType(
    [
        T.StructField("id", T.StringType()),  # the document that is left out
        T.StructField("survivor_id", T.StringType()),  # the one of its cluster that stays
        T.StructField("cluster_id", T.StringType()),  # the smallest id of the cluster
        # exact: the survivor's digest; near: its MinHash; simhash: of books, neither of these
        T.StructField("kind", T.StringType()),
        # with the survivor: 1.0 for an exact copy, the estimated Jaccard similarity for a near one,
        # for simhash the share of the 64 bits that are equal
        T.StructField("similarity", T.DoubleType()),
        # null: in this root; else the older root that dedup was told to look at, and that holds it
        T.StructField("root", T.StringType()),
        T.StructField("survivor_root", T.StringType()),
    ]
)
