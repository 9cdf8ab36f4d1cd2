"""The share of a near-duplicate's text that its survivor has: a document goes only where it is large.

Similar signatures, and chains of similar documents, can join texts that are not alike. So the 3-grams of
each near-duplicate are looked for in its survivor. Only texts of duplicates and survivors are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T

from jobs.steps.dedup.scratch import Scratch
from jobs.steps.dedup.text_stars import stars_of, text_stars
from schemas.settings.dedup import DedupConfig
from schemas.tables.duplicates import DUPLICATES
from udfs.near_duplicates.script_words import script_words
from udfs.near_duplicates.shingles import Hashes, shingle_hashes
from udfs.near_duplicates.shingling import CAP
from udfs.near_duplicates.simhash import base_letters

NGRAM = 3

FEW = 5_000
"""Near-duplicates whose pairs are part of the plan."""

_MOST = 10 * CAP  # characters of a survivor that are searched

_SHARES = T.StructType(
    [T.StructField("node", T.StringType()), T.StructField("contained", T.DoubleType())]
)


class Checked(NamedTuple):
    """Duplicates that their survivors contain.

    Attributes
    ----------
    duplicates
        Rows of duplicates/, with `contained`.
    unlike
        Number of documents of this root that stay, because their survivor contains less.
    """

    duplicates: DataFrame
    unlike: int


def checked(
    duplicates: DataFrame,
    texts: DataFrame,
    earlier: Mapping[str, DataFrame],
    config: DedupConfig,
    scratch: Scratch,
) -> Checked:
    """Return the duplicates of whose text the survivor contains `config.min_contained` or more.

    Exact copies are contained by definition; duplicates by a part of a conversation are not compared. What
    is not known is null, and does not keep a document: a text without words, or one that is not stored.

    Parameters
    ----------
    duplicates
        Rows of duplicates/.
    texts, earlier
        `id` and `text` of this root, and of earlier ones by their address.
    """
    near = duplicates.where(F.col("kind").isin("near", "simhash"))
    exact = F.when(F.col("kind") == "exact", 1.0)
    if not config.checks_contained:
        return Checked(duplicates.withColumn("contained", exact).select(*DUPLICATES.names), 0)
    nodes = texts.select(_node(F.lit(""), "id"), "text")
    for root, rows in earlier.items():
        nodes = nodes.unionByName(rows.select(_node(F.lit(root), "id"), "text"))
    pairs = near.select(
        _node(F.col("root"), "id"),
        _node(F.col("survivor_root"), "survivor_id").alias("centre"),
        (F.col("kind") == "simhash").alias("letters"),
    )
    few = pairs.limit(FEW + 1).toArrow()
    if few.num_rows <= FEW:
        shares = _of_few(few, nodes)
    else:
        compared = text_stars(pairs, nodes).mapInArrow(compare, _SHARES)
        shares = scratch.store(compared, "contained")
    joined = duplicates.withColumn("node", _node(F.col("root"), "id")).join(
        shares.withColumnRenamed("contained", "share"), "node", "left"
    )
    rows = joined.withColumn("contained", F.coalesce(exact, F.col("share")))
    is_unlike = F.coalesce(F.col("contained") < config.min_contained, F.lit(False))
    unlike = shares.where(F.col("contained") < config.min_contained)
    own = unlike.where(F.col("node").startswith("\0")).count()
    return Checked(rows.where(~is_unlike).select(*DUPLICATES.names), own)


def _of_few(pairs: pa.Table, texts: DataFrame) -> DataFrame:
    """Return the rows of `_SHARES` for pairs that fit into the plan itself: in one job."""
    spark = texts.sparkSession
    if not pairs.num_rows:
        return spark.createDataFrame([], _SHARES)
    centres = pairs.column("centre").unique()
    none = {
        "node": pa.nulls(len(centres), pa.string()),
        "letters": pa.nulls(len(centres), pa.bool_()),
    }
    members = {
        "key": pairs.column("node"),
        **{name: pairs.column(name) for name in pairs.column_names},
    }
    wanted = pa.concat_tables(
        [
            pa.table(members),
            pa.table({"key": centres, "centre": centres, **none}).select(list(members)),
        ]
    ).append_column("part", pa.array(np.zeros(pairs.num_rows + len(centres), np.int32)))
    rows = stars_of(F.broadcast(spark.createDataFrame(wanted)), texts)
    return spark.createDataFrame(rows.mapInArrow(compare, _SHARES).toArrow())


def _node(root: Column, id_: str) -> Column:
    return F.concat(F.coalesce(root, F.lit("")), F.lit("\0"), F.col(id_)).alias("node")


def compare(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield the share of each document of `text_stars` that its centre contains."""
    current: tuple[str, int] | None = None
    centre_of: Callable[[bool], Hashes] = _hashes_of("", _MOST)
    for batch in batches:
        nodes: list[str] = []
        shares: list[float | None] = []
        columns = [batch.column(name).to_pylist() for name in ("centre", "part", "node", "letters")]
        for centre, part, node, letters, text in zip(*columns, batch.column("text"), strict=True):
            if node is None:
                current, centre_of = (centre, part), _hashes_of(text.as_py(), _MOST)
            elif current == (centre, part):
                own = _hashes_of(text.as_py(), CAP)(letters)
                nodes.append(node)
                shares.append(share(own, centre_of(letters)))
        columns = [pa.array(nodes, pa.string()), pa.array(shares, pa.float64())]
        yield pa.RecordBatch.from_arrays(columns, names=_SHARES.names)


def _hashes_of(text: str | None, most: int) -> Callable[[bool], Hashes]:
    """Return the function of a text's sorted 3-grams, of base letters or not, each computed once."""
    known: dict[bool, Hashes] = {}

    def hashes(letters: bool) -> Hashes:
        if letters not in known:
            known[letters] = ngrams(text or "", letters=letters, most=most)
        return known[letters]

    return hashes


def ngrams(text: str, *, letters: bool = False, most: int = CAP) -> Hashes:
    """Return the sorted hashes of the different 3-grams of words at the beginning of a text.

    Parameters
    ----------
    letters
        Whether diacritics are left out, as the SimHash of books leaves them out.
    most
        Characters that are read.
    """
    text = text[:most]
    return np.unique(shingle_hashes(script_words(base_letters(text) if letters else text), NGRAM))


def share(own: Hashes, others: Hashes) -> float | None:
    """Return the share of sorted hashes that are among others; None without any.

    >>> share(ngrams("a b c d"), ngrams("x a b c"))
    0.5
    """
    if not len(own):
        return None
    return len(np.intersect1d(own, others, assume_unique=True)) / len(own)
