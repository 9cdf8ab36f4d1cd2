"""Read the texts of pairs as stars: a centre first, then the documents that are compared with it.

A task reads the texts of a star as a stream and holds those of the centre and of one batch; a large star
is split into parts, each with a copy of the centre.
"""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

PART = 5_000
"""Documents that one task compares with a centre."""


def text_stars(pairs: DataFrame, texts: DataFrame) -> DataFrame:
    """Return `centre`, `part`, `node`, `text` and other columns of the pairs, part after part.

    The first row of a part has the text of the centre, and no node. Pairs without one of the texts are
    left out, or their part has no centre.

    Parameters
    ----------
    pairs
        `node`, `centre` and other columns.
    texts
        `node` and `text`.
    """
    counts = pairs.groupBy("centre").agg(F.ceil(F.count("*") / PART).cast("int").alias("parts"))
    part = F.pmod(F.xxhash64("node"), F.col("parts")).cast("int")
    members = pairs.join(counts, "centre", "inner").select(
        F.col("node").alias("key"), *pairs.columns, part.alias("part")
    )
    part = F.explode(F.sequence(F.lit(0), F.col("parts") - 1))
    centres = counts.select(F.col("centre").alias("key"), "centre", part.alias("part"))
    return stars_of(members.unionByName(centres, allowMissingColumns=True), texts)


def stars_of(wanted: DataFrame, texts: DataFrame) -> DataFrame:
    """Return the rows of `text_stars` from those without their texts.

    Parameters
    ----------
    wanted
        `key`, the node whose text a row needs, `centre`, `part`, `node` and other columns.
    texts
        `node` and `text`.
    """
    rows = texts.withColumnRenamed("node", "key").join(wanted, "key", "inner").drop("key")
    order = [F.col("centre"), F.col("part"), F.col("node").asc_nulls_first()]
    return rows.repartition("centre", "part").sortWithinPartitions(*order)
