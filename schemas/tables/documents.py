"""documents/: a document as extracted, before any rule about its quality."""

from __future__ import annotations

from pyspark.sql import types as T

from schemas.tables.messages import MESSAGES

SOURCE = T.StructType(
    [
        T.StructField("uri", T.StringType()),  # the archive or dump, as ingest was given it
        # where the record starts: bytes into the object as stored (compressed), of the gzip member
        # for an archive compressed record by record
        T.StructField("offset", T.LongType()),
    ]
)

DOCUMENTS = T.StructType(
    [
        T.StructField("id", T.StringType()),  # slice/natural key: unique, readable, stable
        T.StructField("snapshot", T.StringType()),  # CC-MAIN-2023-06, 20230320, ...
        T.StructField("text", T.StringType()),
        T.StructField("url", T.StringType()),
        T.StructField("title", T.StringType()),
        T.StructField("date", T.StringType()),  # ISO 8601, UTC, to the second: sorts as text
        T.StructField("digest", T.StringType()),  # "sha1:" and base32, of the payload
        T.StructField("source", SOURCE),
        T.StructField("license", T.StringType()),  # SPDX where the source names one
        T.StructField("metadata", T.MapType(T.StringType(), T.StringType())),
        T.StructField("length", T.IntegerType()),  # code points of text
        T.StructField("nlines", T.IntegerType()),  # lines of text
        T.StructField("source_domain", T.StringType()),  # urlparse(url).netloc, as CCNet
        T.StructField("cc_segment", T.StringType()),  # path of the archive below its crawl's root
        # the turns of a conversation, from whose contents the text is made; null for other documents
        T.StructField("messages", MESSAGES),
        T.StructField("slice", T.StringType()),  # partition
    ]
)
