"""What dedup compares: the documents of this root and of older ones, without their text."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.runtime.context import Context
from jobs.tables import taken_down
from schemas.settings.dedup import DedupConfig

SIGNATURES = {"fast": "signature", "v2": "minhash"}
"""The column of annotated/ that each scheme compares."""

SCOPES = {"all": None, "slice": "slice", "snapshot": "snapshot"}
"""The column whose values are deduplicated each by itself."""


def read(context: Context, config: DedupConfig) -> DataFrame:
    """The documents that take part.

    Returns
    -------
    DataFrame
        `id`, `slice`, `snapshot`, `bucket`, `digest`, `simhash`, `perplexity`, `length` and `date` as
        in annotated/; `minhash`, the signature of the scheme; `root`, null for this one; `place`, the
        order of the roots, the oldest 0; and `name`, which differs from the id for a document of this
        root that an older one has as well.
    """
    documents = None
    for place, root in enumerate([*config.against, None]):
        rows = _of_root(context, root, place, config)
        if documents is None:
            documents = rows
            continue
        earlier = documents.select("id", F.lit(True).alias("known")).distinct()
        known = rows.join(earlier, "id", "left")
        if root is not None:
            again = known.where(F.col("known").isNull())
        else:
            name = F.when(F.col("known"), F.concat("id", F.lit("\0again"))).otherwise(F.col("id"))
            again = known.withColumn("name", name)
        documents = documents.unionByName(again.drop("known"))
    assert documents is not None
    return documents


def _of_root(context: Context, root: str | None, place: int, config: DedupConfig) -> DataFrame:
    annotated = context.at(root or context.root).table("annotated").read()
    annotated = taken_down.exclude(annotated, context.root)
    return annotated.where(F.col("bucket").isin(*config.buckets)).select(
        "id",
        "slice",
        "snapshot",
        "bucket",
        "digest",
        F.col(SIGNATURES[config.scheme]).alias("minhash"),
        "simhash",
        "perplexity",
        "length",
        "date",
        F.lit(root).cast("string").alias("root"),
        F.lit(place).alias("place"),
        F.col("id").alias("name"),
    )


def node(salt: int = 0) -> Column:
    """The 64-bit name of a document inside dedup: a hash of its name, as a rule the id.

    Among 10 billion documents about three pairs share one (n squared over 2 to the 65); `salt` gives
    other names where a shared one is found in a cluster (`jobs.steps.dedup.survivors`).
    """
    return F.xxhash64(F.lit(salt), F.col("name")) if salt else F.xxhash64(F.col("name"))


def is_repeated() -> Column:
    """Whether an older root has the document's id as well."""
    return F.col("name") != F.col("id")


def repeated_edges(documents: DataFrame, salt: int = 0) -> DataFrame:
    """Documents of this root whose id an older root has, each with the older one."""
    original = F.xxhash64(F.lit(salt), F.col("id")) if salt else F.xxhash64(F.col("id"))
    return documents.where(is_repeated()).select("node", original.alias("centre"))


def snapshots(documents: DataFrame, prefer: str) -> Sequence[str]:
    """The names of the snapshots in the order of preference; none where there is no preference."""
    if prefer == "none":
        return []
    rows = documents.select("snapshot").distinct().where(F.col("snapshot").isNotNull()).collect()
    return sorted((row["snapshot"] for row in rows), reverse=prefer == "newest")
