"""copies/: what dedup learned of a document's copies, over everything, whatever its scope."""

from __future__ import annotations

from pyspark.sql import types as T

COUNTS = [
    T.StructField("exact", T.IntegerType()),  # other documents of its cluster with its digest
    T.StructField("near", T.IntegerType()),  # and without
    T.StructField("slices", T.ArrayType(T.StringType())),  # of the whole cluster, sorted
    T.StructField("first_date", T.StringType()),  # of the whole cluster; null where none has one
    T.StructField("last_date", T.StringType()),
]

COPIES = T.StructType(
    [
        T.StructField("id", T.StringType()),
        T.StructField("cluster_id", T.StringType()),  # the smallest id of the cluster
        *COUNTS,
    ]
)
