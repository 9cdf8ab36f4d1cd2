"""Keep documents of which only the beginning is compared from linking others.

A document longer than `CAP` characters is an edge from each document that is like its beginning, and would
join these into a cluster. It keeps one such edge; edges between two long documents stay.
"""

from __future__ import annotations

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.steps.dedup.candidates import EDGES
from udfs.near_duplicates.shingling import CAP


def without_bridges(edges: DataFrame, documents: DataFrame) -> DataFrame:
    """Return the edges, of each long document only the one to the smallest shorter node.

    Parameters
    ----------
    edges
        `node` and `centre`.
    documents
        `node` and `length`.
    """
    long = documents.where(F.col("length") > CAP).select("node", F.lit(True).alias("is_long"))
    of_centre = long.withColumnsRenamed({"node": "centre", "is_long": "is_long_centre"})
    marked = edges.join(long, "node", "left").join(of_centre, "centre", "left")
    is_long, is_long_centre = (
        F.coalesce(name, F.lit(False)) for name in ("is_long", "is_long_centre")
    )
    others = marked.where(is_long == is_long_centre).select(*EDGES.names)
    long_end = F.when(is_long, F.col("node")).otherwise(F.col("centre")).alias("node")
    short_end = F.when(is_long, F.col("centre")).otherwise(F.col("node"))
    kept = marked.where(is_long != is_long_centre).groupBy(long_end)
    return others.unionByName(kept.agg(F.min(short_end).alias("centre")))
