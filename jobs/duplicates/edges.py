"""Pairs of documents that are duplicates: stars of equal keys, each edge checked."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from udfs.minhash import similarities

EDGES = T.StructType(
    [
        T.StructField("node", T.LongType()),
        T.StructField("centre", T.LongType()),  # the smaller of the two
    ]
)


def node(salt: int = 0) -> Column:
    """The 64-bit name of a document inside dedup: a hash of its id.

    Among 10 billion documents about three pairs share one (n squared over 2 to the 65); `salt` gives
    other names where a shared one is found in a cluster (`jobs.duplicates.survivors`).
    """
    return F.xxhash64(F.lit(salt), F.col("id")) if salt else F.xxhash64(F.col("id"))


def exact_edges(documents: DataFrame) -> DataFrame:
    """Documents of one digest, each with the smallest of them."""
    keyed = documents.where(F.col("digest").isNotNull()).select(
        "node", F.col("digest").alias("key")
    )
    return stars(keyed)


def near_edges(documents: DataFrame, bands: tuple[int, int], threshold: float | None) -> DataFrame:
    """Documents that share a band of their signatures, each with the smallest of the band.

    Parameters
    ----------
    bands
        How many there are, and the rows of each.
    threshold
        Leave out edges whose estimated similarity is below it; null: none.
    """
    edges = stars(band_keys(documents, bands)).distinct()
    return edges if threshold is None else _verified(edges, documents, threshold)


def band_keys(documents: DataFrame, bands: tuple[int, int]) -> DataFrame:
    """A row for each document and band, with the band's 64-bit key.

    Of n documents that agree in nothing, about n squared over 2 to the 65 pairs share a key by chance.
    """
    count, rows = bands
    keys = [
        F.xxhash64(F.lit(band), F.substring("minhash", 4 * rows * band + 1, 4 * rows))
        for band in range(count)
    ]
    signed = documents.where(F.col("minhash").isNotNull())
    return signed.select("node", F.explode(F.array(*keys)).alias("key"))


def stars(keyed: DataFrame) -> DataFrame:
    """From (node, key): each node with the smallest node of its key, where that is another.

    A key that n documents share costs n rows, never n squared.
    """
    centres = (
        keyed.groupBy("key")
        .agg(F.min("node").alias("centre"), F.count("*").alias("n"))
        .where(F.col("n") > 1)
        .select("key", "centre")
    )
    edges = keyed.join(centres, "key", "inner").select("node", "centre")
    return edges.where(F.col("node") != F.col("centre"))


def _verified(edges: DataFrame, documents: DataFrame, threshold: float) -> DataFrame:
    signatures = documents.select("node", "minhash")
    other = signatures.select(F.col("node").alias("centre"), F.col("minhash").alias("of_centre"))
    pairs = edges.join(signatures, "node", "inner").join(other, "centre", "inner")
    return (
        with_similarity(pairs, "minhash", "of_centre")
        .where(F.col("similarity") >= F.lit(threshold))
        .select(*EDGES.names)
    )


def with_similarity(pairs: DataFrame, first: str, second: str) -> DataFrame:
    """Put the estimated similarity of two signatures in their place.

    Null where one of them is null.
    """
    others = [column for column in pairs.columns if column not in (first, second)]
    schema = T.StructType(
        [*pairs.select(*others).schema.fields, T.StructField("similarity", T.DoubleType())]
    )

    def compare(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            estimated = similarities(batch.column(first), batch.column(second))
            columns = [batch.column(name) for name in others]
            yield pa.RecordBatch.from_arrays(
                [*columns, pa.array(estimated, pa.float64(), from_pandas=True)],
                names=[*others, "similarity"],
            )

    return pairs.mapInArrow(compare, schema)
