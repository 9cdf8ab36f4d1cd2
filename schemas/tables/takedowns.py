"""takedowns/: what must stay out. Every later job consults it."""

from __future__ import annotations

from pyspark.sql import types as T

TAKEDOWNS = T.StructType(
    [
        T.StructField("kind", T.StringType()),  # id, url, domain or digest
        T.StructField(
            "value", T.StringType()
        ),  # as `udfs.addresses.takedown_keys.canonical` makes it
        T.StructField("date", T.StringType()),  # YYYY-MM-DD
        T.StructField("reason", T.StringType()),
    ]
)
