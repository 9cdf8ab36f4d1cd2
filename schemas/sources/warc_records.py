"""What the data source `warc` yields: a row a record, and a row for what could not be read."""

from __future__ import annotations

from pyspark.sql import types as T

WARC_RECORDS = T.StructType(
    [
        T.StructField("uri", T.StringType()),  # the archive, as it was given
        # where the record starts: bytes into the archive as stored (compressed) where the record
        # begins a gzip member or the archive is not compressed; else bytes into what is inside the
        # gzip stream (an archive that was compressed as one file)
        T.StructField("offset", T.LongType()),
        T.StructField("record_type", T.StringType()),  # response, conversion, ...
        # WARC-Record-ID without <urn:uuid: and >; null for ARC, whose records have none
        T.StructField("record_id", T.StringType()),
        T.StructField("url", T.StringType()),  # without the <> that some writers put around it
        T.StructField("date", T.StringType()),  # ISO 8601, UTC, to the second
        # as given (of the payload for a response, of the block for a conversion); where a response
        # has none, "sha1:" and the base32 of its body as stored, which is how crawlers make it
        T.StructField("digest", T.StringType()),
        T.StructField("http_status", T.IntegerType()),
        T.StructField("content_type", T.StringType()),  # HTTP's header, else the record's, whole
        # a response's body without its transfer and content encodings, else the record's block;
        # null where an option says that it is not wanted
        T.StructField("content", T.BinaryType()),
        T.StructField("languages", T.StringType()),  # WARC-Identified-Content-Language
        T.StructField("truncated", T.StringType()),  # WARC-Truncated: why the crawler cut the page
        # set for what could not be used: one row for a record, or for the rest of an archive
        T.StructField("error", T.StringType()),
        T.StructField("message", T.StringType()),
    ]
)
