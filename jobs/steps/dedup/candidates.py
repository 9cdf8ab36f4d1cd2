"""Candidates: documents that share a key, as stars, never all pairs."""

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
    """Documents of one digest, each with the smallest of them.

    Parameters
    ----------
    scope
        Column whose values are compared each by itself; null: all are compared.
    """
    keyed = documents.where(F.col("digest").isNotNull()).select(
        "node", F.struct("digest", group(scope)).alias("key")
    )
    return stars(keyed).select(*EDGES.names)


def near_stars(documents: DataFrame, bands: tuple[int, int], scope: str | None = None) -> DataFrame:
    """Documents that share a band of their signatures, each with the smallest of the band.

    Parameters
    ----------
    bands
        How many there are, and the rows of each.
    scope
        As for `exact_edges`.

    Returns
    -------
    DataFrame
        `node`, `key`, `centre`: a row for each band that a document shares.
    """
    return stars(band_keys(documents, bands, scope))


def band_keys(documents: DataFrame, bands: tuple[int, int], scope: str | None = None) -> DataFrame:
    """A row for each document and band, with the band's 64-bit key.

    Of n documents that agree in nothing, about n squared over 2 to the 65 pairs share a key by chance.
    """
    count, rows = bands
    of_group = [] if scope is None else [group(scope)]
    keys = [
        F.xxhash64(F.lit(band), F.substring("minhash", 4 * rows * band + 1, 4 * rows), *of_group)
        for band in range(count)
    ]
    signed = documents.where(F.col("minhash").isNotNull())
    return signed.select("node", F.explode(F.array(*keys)).alias("key"))


def group(scope: str | None) -> Column:
    """The value of a column that only equals are compared in; the same for all where there is none."""
    return F.lit("") if scope is None else F.coalesce(F.col(scope), F.lit(""))


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
    edges = keyed.join(centres, "key", "inner").select("node", "key", "centre")
    return edges.where(F.col("node") != F.col("centre"))
