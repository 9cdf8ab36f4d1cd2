"""Rows of `spark.read.format("arxiv")`: an e-print, with its TeX files."""

from __future__ import annotations

from pyspark.sql import types as T

TEX_FILE = T.StructType(
    [
        T.StructField("name", T.StringType()),  # the path in the e-print
        T.StructField("content", T.BinaryType()),
    ]
)

EPRINTS = T.StructType(
    [
        T.StructField("uri", T.StringType()),
        # bytes into the tar, decompressed if it is compressed; 0 for a single e-print
        T.StructField("offset", T.LongType()),
        T.StructField("arxiv_id", T.StringType()),  # as arXiv writes it: 1911.02782, hep-th/9901001
        T.StructField("yymm", T.StringType()),  # the month of the first version
        T.StructField("timestamp", T.StringType()),  # modification time in the tar: ISO 8601, UTC
        # tex, withdrawn, pdf, postscript, html, dvi, other; null where there is an error
        T.StructField("kind", T.StringType()),
        # TeX files, then small style files and 00README
        T.StructField("tex", T.ArrayType(TEX_FILE)),
        T.StructField("others", T.IntegerType()),  # files that are not TeX
        # entries that are not read: links, devices, names outside the e-print
        T.StructField("refused", T.IntegerType()),
        T.StructField("error", T.StringType()),  # short name: corrupt-gzip, record-too-large, ...
        T.StructField("message", T.StringType()),
    ]
)
