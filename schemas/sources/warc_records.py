"""Rows of `spark.read.format("warc")`: a record of a WARC or ARC archive, or an error."""

from __future__ import annotations

from pyspark.sql import types as T

WARC_RECORDS = T.StructType(
    [
        T.StructField("uri", T.StringType()),  # the archive, as it was given
        # start of the record: bytes into the archive as stored, if the record begins a gzip member (or a
        # frame of Zstandard or LZ4) or the archive is not compressed; else (an archive compressed as one
        # file) bytes into the decompressed archive
        T.StructField("offset", T.LongType()),
        T.StructField("record_type", T.StringType()),  # response, conversion, ...
        # WARC-Record-ID without <urn:uuid: and >; null for ARC, whose records have none
        T.StructField("record_id", T.StringType()),
        T.StructField("url", T.StringType()),  # without the <> that some writers put around it
        T.StructField("date", T.StringType()),  # ISO 8601, UTC, to the second
        # as the record names it (of a response's payload, of a conversion's block); for a response
        # without one, "sha1:" and the base32 of its body as stored, as crawlers compute it
        T.StructField("digest", T.StringType()),
        T.StructField("http_status", T.IntegerType()),
        # HTTP's header, else the record's, with its parameters
        T.StructField("content_type", T.StringType()),
        # a response's body without its transfer and content encodings, else the record's block;
        # null for statuses and media types that the source's options leave out
        T.StructField("content", T.BinaryType()),
        T.StructField("languages", T.StringType()),  # WARC-Identified-Content-Language
        T.StructField("truncated", T.StringType()),  # WARC-Truncated: why the crawler cut the page
        # set for an unusable record, or part of an archive: one row for each
        T.StructField("error", T.StringType()),
        T.StructField("message", T.StringType()),
    ]
)
