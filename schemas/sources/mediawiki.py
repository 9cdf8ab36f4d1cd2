"""What `spark.read.format("mediawiki")` gives: a page of a wiki's XML export, in its newest revision."""

from __future__ import annotations

from pyspark.sql import types as T

MEDIAWIKI_PAGES = T.StructType(
    [
        T.StructField("uri", T.StringType()),  # the dump, as it was given
        # where the page starts. Plain XML: the byte of its <page>. bzip2: the byte, as stored, of
        # the stream that <page> is in, which is where a reader has to begin (as a multistream
        # index says it). Other compressions: bytes of the file without its compression.
        T.StructField("offset", T.LongType()),
        T.StructField("wiki", T.StringType()),  # siteinfo's dbname: enwiki
        T.StructField("language", T.StringType()),  # xml:lang of the dump
        T.StructField("base", T.StringType()),  # URL of the main page
        T.StructField("page_id", T.LongType()),
        T.StructField("namespace", T.IntegerType()),  # 0 for articles
        T.StructField("title", T.StringType()),
        T.StructField("redirect", T.StringType()),  # the title that it leads to; null for none
        T.StructField("revision_id", T.LongType()),
        T.StructField("timestamp", T.StringType()),  # of the revision: ISO 8601, UTC
        T.StructField("model", T.StringType()),  # wikitext, Scribunto, ...; null in old exports
        T.StructField("format", T.StringType()),  # text/x-wiki, ...
        T.StructField("text", T.StringType()),  # null where it was deleted or the dump has none
        # set for what could not be used: one row for a page, a stream, or the rest of a dump
        T.StructField("error", T.StringType()),
        T.StructField("message", T.StringType()),
    ]
)
