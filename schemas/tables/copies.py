"""copies/: a document's exact and near copies in all slices and snapshots, whatever `dedup --scope`."""

from __future__ import annotations

from pyspark.sql import types as T

HISTORY = [
    # other versions of the document's page that `dedup --per-url` took out; null without it, or any
    T.StructField("versions", T.IntegerType()),
    T.StructField(
        "first_version", T.StringType()
    ),  # dates of all versions; null where none has one
    T.StructField("last_version", T.StringType()),
]

COUNTS = [
    T.StructField("exact", T.IntegerType()),  # other documents of its cluster with its digest
    T.StructField("near", T.IntegerType()),  # other documents of its cluster, with another digest
    T.StructField("slices", T.ArrayType(T.StringType())),  # of the whole cluster, sorted
    T.StructField("first_date", T.StringType()),  # of the whole cluster; null where none has one
    T.StructField("last_date", T.StringType()),
    *HISTORY,
]

COPIES = T.StructType(
    [
        T.StructField("id", T.StringType()),
        T.StructField("cluster_id", T.StringType()),  # the smallest id of the cluster
        *COUNTS,
        # of a version that goes, the one that stays; null for other documents. Its counts are 0
        T.StructField("version_of", T.StringType()),
    ]
)
