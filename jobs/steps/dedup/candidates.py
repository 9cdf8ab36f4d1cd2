"""Find candidate pairs: documents that share a key, as stars around one of them, never all pairs."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

EDGES = T.StructType(
    [
        T.StructField("node", T.LongType()),
        T.StructField("centre", T.LongType()),  # the smaller of the two
    ]
)


def exact_edges(documents: DataFrame, scope: str | None = None) -> DataFrame:
    """Return edges from each document to the smallest one with the same digest.

    Parameters
    ----------
    scope
        Column whose values are deduplicated separately; None compares all documents.
    """
    keyed = documents.where(F.col("digest").isNotNull()).select(
        "node", F.struct("digest", scope_value(scope)).alias("key")
    )
    return stars(keyed).select(*EDGES.names)


def near_stars(documents: DataFrame, bands: tuple[int, int], scope: str | None = None) -> DataFrame:
    """Return edges from each document to the smallest one that shares a band of its signature.

    Parameters
    ----------
    bands
        Number of bands, and rows of each.
    scope
        As for `exact_edges`.

    Returns
    -------
    DataFrame
        `node`, `key`, `centre`: a row for each shared band of a document.
    """
    return stars(band_keys(documents, bands, scope))


def band_keys(documents: DataFrame, bands: tuple[int, int], scope: str | None = None) -> DataFrame:
    """Return a row for each document and band, with the band's 64-bit key.

    Among n documents without a common band about n squared over 2 to the 65 pairs share a key by chance.
    """
    count, rows = bands
    scope_values = [] if scope is None else [scope_value(scope)]
    keys = [
        F.xxhash64(
            F.lit(band), F.substring("minhash", 4 * rows * band + 1, 4 * rows), *scope_values
        )
        for band in range(count)
    ]
    signed = documents.where(F.col("minhash").isNotNull())
    return signed.select("node", F.explode(F.array(*keys)).alias("key"))


def scope_value(scope: str | None) -> Column:
    """Return the value within which documents are compared; a constant for None."""
    return F.lit("") if scope is None else F.coalesce(F.col(scope), F.lit(""))


def stars(keyed: DataFrame) -> DataFrame:
    """Link each node to the smallest other node with its key, from rows of `node` and `key`.

    A key that n documents share costs n rows, never n squared.
    """
    centres = (
        keyed.groupBy("key")
        .agg(F.min("node").alias("centre"), F.count("*").alias("n"))
        .where(F.col("n") > 1)
        .select("key", "centre")
    )
    edges = keyed.join(centres, "key", "inner").select("node", "key", "centre")
    return edges.where(F.col("node") != F.col("centre"))
