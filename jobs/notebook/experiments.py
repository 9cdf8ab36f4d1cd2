"""What the notebooks try on a root without writing to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
import pandas as pd
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs import storage
from jobs.runtime.context import Context
from jobs.steps.curate import dry_run
from jobs.steps.curate.rules import Plan, judged
from jobs.steps.dedup import documents
from jobs.steps.dedup.bands import bands_of
from jobs.steps.dedup.candidates import near_stars
from jobs.steps.dedup.documents import node
from jobs.steps.dedup.verify import by_estimate
from jobs.steps.mix import sampling
from schemas.settings.curate import CurateConfig
from schemas.settings.dedup import DedupConfig
from udfs.extract import html
from udfs.near_duplicates import lsh_recall
from udfs.near_duplicates.bands import BANDS

EXTRACTORS: tuple[html.Extractor, ...] = ("body", "resiliparse", "main")
_DOTS = 5_000


def sampled(rows: DataFrame, n: int) -> tuple[DataFrame, int]:
    """Return about n documents, by a hash of the id the same ones in each run, and how many there are."""
    documents_ = rows.count()
    return dry_run.sampled(rows, n, documents_), documents_


def extracted(records: DataFrame, n: int) -> list[dict[str, str]]:
    """Return the first pages by address, each with its raw HTML and its text by each extractor.

    Parameters
    ----------
    records
        Responses as `spark.read.format("warc")` returns them; those with status 200 that are HTML count.
    """
    is_page = (F.col("http_status") == 200) & F.col("content_type").startswith("text/html")
    columns = ("url", "content", "content_type")
    pages = []
    for url, content, content_type in (
        records.where(is_page).select(*columns).orderBy("url", "offset").limit(n).collect()
    ):
        page = {"url": url, "raw": bytes(content).decode("utf-8", "replace")}
        for extractor in EXTRACTORS:
            page[extractor] = html.extract(bytes(content), content_type, extractor=extractor).text
        pages.append(page)
    return pages


def raw_and_texts(
    context: Context, records: DataFrame, ids: Sequence[str], characters: int = 6_000
) -> dict[str, dict[str, str]]:
    """Return the stages of documents by title: the raw record, the text, and what annotate read.

    Parameters
    ----------
    records
        The responses that the documents were made of.
    characters
        Maximum of a raw record.
    """
    columns = ("id", "language", "perplexity", "bucket", "text", "source")
    named = F.col("id").isin(list(ids))
    rows = {
        row["id"]: row
        for row in context.table("annotated").read().where(named).select(*columns).collect()
    }
    texts: dict[str, str] = dict(
        context.table("documents").read().where(named).select("id", "text").collect()
    )
    is_source = reduce(
        Column.__or__,
        (
            (F.col("uri") == row["source"]["uri"]) & (F.col("offset") == row["source"]["offset"])
            for row in rows.values()
        ),
        F.lit(False),
    )
    raw = {
        (uri, offset): bytes(content).decode("utf-8", "replace")[:characters]
        for uri, offset, content in records.where(is_source)
        .select("uri", "offset", "content")
        .collect()
    }
    return {
        f"{id_}, {row['language']}, perplexity {row['perplexity']}, {row['bucket']}": {
            "raw record": raw[row["source"]["uri"], row["source"]["offset"]],
            "extracted": texts[id_],
            "after paragraph dedup": row["text"],
        }
        for id_, row in ((id_, rows[id_]) for id_ in ids if id_ in rows)
    }


def judged_by(rows: DataFrame, config: CurateConfig, column: str) -> DataFrame:
    """Return rows of annotated/ with the first rule that drops a document; null if it is kept."""
    return judged(rows, Plan.of(config)).withColumnRenamed("reason", column)


def similarities(context: Context, lowest: float) -> pd.DataFrame:
    """Return at each similarity the number of documents whose highest one it is.

    Parameters
    ----------
    lowest
        The threshold whose bands find the pairs: documents that share a band are compared.
    """
    low = DedupConfig(root=context.root, threshold=lowest)
    # for signatures of another scheme than the default, which annotate need not have stored
    scratch = storage.join(context.root, "duplicates", "_notebook")
    try:
        signed = documents.read(context, low, scratch).withColumn("node", node())
        pairs = near_stars(signed, bands_of(low)).select("node", "centre").distinct()
        similarity = F.max("similarity").alias("similarity")
        highest = by_estimate(signed)(pairs).groupBy("node").agg(similarity)
        return highest.groupBy("similarity").count().toPandas()
    finally:
        storage.remove_tree(scratch)


@dataclass(frozen=True)
class Curve:
    """The probability that a pair of documents is found, by its true similarity."""

    label: str
    similarity: np.ndarray
    probability: np.ndarray


def recall_curves(*thresholds: float) -> list[Curve]:
    """Return the curve of each threshold with its bands, and that of RedPajama-V2 at 0.8."""
    s = np.linspace(0.4, 1, 121)
    curves = []
    for threshold in thresholds:
        bands, rows = bands_of(DedupConfig(root="", threshold=threshold))
        label = f"{threshold}: {bands} bands of {rows}"
        curves.append(Curve(label, s, lsh_recall.found(s, bands, rows, threshold)))
    bands, rows = BANDS[0.8]
    v2 = f"V2 at 0.8: {bands} of {rows}, not verified"
    return [*curves, Curve(v2, s, lsh_recall.share_band(s, bands, rows))]


def nested_budgets(corpus: DataFrame, budgets: Mapping[str, float], seed: int = 0) -> pd.DataFrame:
    """Return documents with the smallest budget that samples each, and their places in their slices.

    Parameters
    ----------
    corpus
        Rows of corpus/; the end of a budget is computed from all, and at most 5,000 are returned.
    budgets
        Parts of the tokens of the corpus by name, the smallest first.

    Returns
    -------
    pandas.DataFrame
        id, slice, place (from 0 to 1), a column of truth for each budget, and `budget`.
    """
    rows = corpus.select("id", "slice", "token_count")
    by_slice = rows.groupBy("slice").agg(F.sum("token_count"), F.count("*")).collect()
    available = {name: int(tokens) for name, tokens, _ in by_slice}
    dots = dry_run.sampled(rows, _DOTS, sum(n for _, _, n in by_slice))
    parts = []
    for name, part in budgets.items():
        wanted = sampling.proportional(int(part * sum(available.values())), available)
        cuts = sampling.cutoffs(rows, wanted, available, seed, "slice")
        taken = sampling.sampled(dots, cuts, seed, "slice")
        parts.append(taken.select("id", F.lit(name).alias("budget")))
    ids = reduce(DataFrame.union, parts).toPandas()
    places = dots.withColumn("order", sampling.hash_order(seed, 0)).toPandas()
    places["place"] = places.pop("order") / 2**64 + 0.5
    for name in budgets:
        places[name] = places["id"].isin(ids.loc[ids["budget"] == name, "id"])
    places["budget"] = [
        next((name for name in budgets if row[name]), "not sampled") for _, row in places.iterrows()
    ]
    return places
