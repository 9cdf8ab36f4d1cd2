"""Rows of `spark.read.format("mediawiki")`: the newest revision of a page of a wiki's XML export."""

from __future__ import annotations

from pyspark.sql import types as T

MEDIAWIKI_PAGES = T.StructType(
    [
        T.StructField("uri", T.StringType()),  # the dump, as it was given
        # start of the page. Plain XML: the byte of its <page>. bzip2: the byte, as stored, of the
        # stream that holds <page>, from which a reader must decompress (as in a multistream index).
        # Other compressions: bytes into the decompressed file.
        T.StructField("offset", T.LongType()),
        T.StructField("wiki", T.StringType()),  # siteinfo's dbname: enwiki
        T.StructField("language", T.StringType()),  # xml:lang of the dump
        T.StructField("base", T.StringType()),  # URL of the main page
        T.StructField("page_id", T.LongType()),
        T.StructField("namespace", T.IntegerType()),  # 0 for articles
        T.StructField("title", T.StringType()),
        T.StructField("redirect", T.StringType()),  # target title; null for other pages
        T.StructField("revision_id", T.LongType()),
        T.StructField("timestamp", T.StringType()),  # of the revision: ISO 8601, UTC
        T.StructField("model", T.StringType()),  # wikitext, Scribunto, ...; null in old exports
        T.StructField("format", T.StringType()),  # text/x-wiki, ...
        T.StructField("text", T.StringType()),  # null where it was deleted or the dump has no texts
        # set for an unusable page, stream, or rest of a dump: one row for each
        T.StructField("error", T.StringType()),
        T.StructField("message", T.StringType()),
    ]
)
