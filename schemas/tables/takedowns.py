"""takedowns/: names of removed documents, which every later job leaves out."""

from __future__ import annotations

from pyspark.sql import types as T

TAKEDOWNS = T.StructType(
    [
        T.StructField("kind", T.StringType()),  # id, url, domain or digest
        T.StructField("value", T.StringType()),  # in the form of `udfs.addresses.takedown_keys`
        T.StructField("date", T.StringType()),  # YYYY-MM-DD
        T.StructField("reason", T.StringType()),
    ]
)
