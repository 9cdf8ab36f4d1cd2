"""duplicates/: a document that is a duplicate of a survivor, and the evidence."""

from __future__ import annotations

from pyspark.sql import types as T

DUPLICATES = T.StructType(
    [
        T.StructField("id", T.StringType()),  # the document that is dropped
        T.StructField("survivor_id", T.StringType()),  # the document of its cluster that is kept
        T.StructField("cluster_id", T.StringType()),  # the smallest id of the cluster
        # exact: equal digests; near: similar MinHashes; simhash: similar SimHashes, of books only;
        # answer, prompt: similar MinHashes of these parts of a conversation; same-url: another version of
        # the survivor's page, or of one that is a duplicate of it
        T.StructField("kind", T.StringType()),
        # to the survivor: 1.0 for an exact copy, the estimated Jaccard similarity for a near one,
        # for simhash the share of the 64 bits that are equal; null for same-url
        T.StructField("similarity", T.DoubleType()),
        # null: this root; else the earlier root of `dedup --against` that holds the document
        T.StructField("root", T.StringType()),
        T.StructField("survivor_root", T.StringType()),
        # share of the document's 3-grams of words that the survivor has; 1.0 for an exact copy; null:
        # not computed, as for parts of a conversation and same-url, or a text is missing
        T.StructField("contained", T.DoubleType()),
    ]
)
