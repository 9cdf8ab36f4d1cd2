"""The share of a near-duplicate's text that its survivor has: a document goes only where it is large.

Similar signatures, and chains of similar documents, can join texts that are not alike. So the 3-grams of
each near-duplicate are looked for in its survivor. Only texts of duplicates and survivors are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial, reduce
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from pyspark.sql import Column, DataFrame, Row, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T
from pyspark.sql.pandas.types import to_arrow_schema

from jobs.steps.dedup.in_memory.texts import Texts
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
"""Duplicates that the driver filters."""

_PAIR = ["node", "centre", "letters"]
_Pair = tuple[Any, ...]  # of these columns
_Shares = dict[str, float | None]
_WANTED = "key string, centre string, node string, letters boolean, part int"

MOST = 10 * CAP
"""Characters of a text that are read: more than are signed, or a long text would be its beginning."""

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
    *,
    few_texts: Texts | None = None,
) -> Checked:
    """Return the duplicates of whose text the survivor contains `config.min_contained` or more.

    Exact copies are contained by definition. Duplicates by a part of a conversation are not compared, nor
    documents whose id an earlier root has: an id has one document. What is not known is null, and does
    not keep a document: a text without words, or one that is not stored.

    Parameters
    ----------
    duplicates
        Rows of duplicates/.
    texts, earlier
        `id` and `text` of this root, and of earlier ones by their address.
    few_texts
        Looks texts up without a Spark job, where they are few; used if the duplicates are few too.
    """
    exact = F.when(F.col("kind") == "exact", 1.0)
    if not config.checks_contained:
        return Checked(duplicates.withColumn("contained", exact).select(*DUPLICATES.names), 0)
    nodes = texts.select(_node(F.lit(""), "id"), "text")
    for root, rows in earlier.items():
        nodes = nodes.unionByName(rows.select(_node(F.lit(root), "id"), "text"))
    marked = duplicates.withColumns(
        {
            "node": _node(F.col("root"), "id"),
            "centre": _node(F.col("survivor_root"), "survivor_id"),
            "letters": F.col("kind") == "simhash",
            "is_compared": F.col("kind").isin("near", "simhash"),
        }
    )
    if earlier:
        ids = reduce(DataFrame.union, (rows.select("id") for rows in earlier.values()))
        repeated = ids.distinct().withColumn("is_repeated", F.col("id").isNotNull())
        is_repeated = F.col("root").isNull() & F.col("is_repeated").isNotNull()
        marked = marked.join(repeated, "id", "left").withColumn(
            "is_compared", F.col("is_compared") & ~is_repeated
        )
    few = marked.limit(FEW + 1).collect()  # no job, if the driver has them already
    if len(few) <= FEW:
        shares_of = partial(_shares_in_memory, few_texts) if few_texts else partial(_shares, nodes)
        return _of_few(few, shares_of, config.min_contained, duplicates.sparkSession)
    if earlier:  # the ids of earlier roots are looked for once
        marked = scratch.store(marked, "compared-with-survivors")
    pairs = marked.where("is_compared").select(*_PAIR)
    compared = text_stars(pairs, nodes).mapInArrow(compare, _SHARES)
    shares = scratch.store(compared, "contained")
    joined = marked.join(shares.withColumnRenamed("contained", "share"), "node", "left")
    rows = joined.withColumn("contained", F.coalesce(exact, F.col("share")))
    is_unlike = F.coalesce(F.col("contained") < config.min_contained, F.lit(False))
    unlike = shares.where(F.col("contained") < config.min_contained)
    own = unlike.where(F.col("node").startswith("\0")).count()
    return Checked(rows.where(~is_unlike).select(*DUPLICATES.names), own)


def _of_few(
    rows: list[Row], shares_of: Callable[[list[_Pair]], _Shares], least: float, spark: SparkSession
) -> Checked:
    """Return the duplicates among so few rows that the driver filters them; texts are read once."""
    pairs = [tuple(row[name] for name in _PAIR) for row in rows if row["is_compared"]]
    shares = shares_of(pairs) if pairs else {}
    kept: list[dict[str, Any]] = []
    unlike = 0
    for row in rows:
        contained = 1.0 if row["kind"] == "exact" else shares.get(row["node"])
        if contained is None or contained >= least:
            kept.append({**row.asDict(), "contained": contained})
        elif row["root"] is None:
            unlike += 1
    table = pa.Table.from_pylist(kept, to_arrow_schema(DUPLICATES))
    return Checked(spark.createDataFrame(table, DUPLICATES), unlike)


def _shares_in_memory(texts_of: Texts, pairs: list[_Pair]) -> _Shares:
    """Return what `_shares` does, of texts that are looked up in this process."""
    texts = texts_of({end for node, centre, _ in pairs for end in (node, centre)})
    of_centre = cache(lambda centre: _hashes_of(texts[centre]))
    return {
        node: share(_hashes_of(texts[node])(letters), of_centre(centre)(letters))
        for node, centre, letters in pairs
        if node in texts and centre in texts
    }


def _shares(texts: DataFrame, pairs: list[_Pair]) -> _Shares:
    """Return the share of each node whose text and centre are known."""
    centres = sorted({centre for _, centre, _ in pairs})
    members = [(node, centre, node, letters, 0) for node, centre, letters in pairs]
    wanted = texts.sparkSession.createDataFrame(
        [*members, *((centre, centre, None, None, 0) for centre in centres)], _WANTED
    )
    stars = stars_of(F.broadcast(wanted), texts)
    shares = stars.mapInArrow(compare, _SHARES).toArrow()
    return dict(zip(*(shares[name].to_pylist() for name in _SHARES.names), strict=True))


def _node(root: Column, id_: str) -> Column:
    return F.concat(F.coalesce(root, F.lit("")), F.lit("\0"), F.col(id_)).alias("node")


def compare(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield the share of each document of `text_stars` that its centre contains."""
    current: tuple[str, int] | None = None
    centre_of: Callable[[bool], Hashes] = _hashes_of("")
    for batch in batches:
        nodes: list[str] = []
        shares: list[float | None] = []
        columns = [batch.column(name).to_pylist() for name in ("centre", "part", "node", "letters")]
        for centre, part, node, letters, text in zip(*columns, batch.column("text"), strict=True):
            if node is None:
                current, centre_of = (centre, part), _hashes_of(text.as_py())
            elif current == (centre, part):
                own = _hashes_of(text.as_py())(letters)
                nodes.append(node)
                shares.append(share(own, centre_of(letters)))
        columns = [pa.array(nodes, pa.string()), pa.array(shares, pa.float64())]
        yield pa.RecordBatch.from_arrays(columns, names=_SHARES.names)


def _hashes_of(text: str | None) -> Callable[[bool], Hashes]:
    """Return the function of a text's sorted 3-grams, of base letters or not, each computed once."""
    known: dict[bool, Hashes] = {}

    def hashes(letters: bool) -> Hashes:
        if letters not in known:
            known[letters] = ngrams(text or "", letters=letters)
        return known[letters]

    return hashes


def ngrams(text: str, *, letters: bool = False) -> Hashes:
    """Return the sorted hashes of the different 3-grams of words in the first `MOST` characters of a text.

    Parameters
    ----------
    letters
        Whether diacritics are left out, as the SimHash of books leaves them out.
    """
    text = text[:MOST]
    return np.unique(shingle_hashes(script_words(base_letters(text) if letters else text), NGRAM))


def share(own: Hashes, others: Hashes) -> float | None:
    """Return the share of sorted hashes that are among others; None without any.

    >>> share(ngrams("a b c d"), ngrams("x a b c"))
    0.5
    """
    if not len(own):
        return None
    return len(np.intersect1d(own, others, assume_unique=True)) / len(own)
