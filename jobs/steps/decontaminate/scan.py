"""Scan texts for the n-grams of evaluation items.

The driver stores one index of all items (`udfs.decontamination.ngram_index`); each worker loads it once.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from itertools import chain

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs import storage
from jobs.runtime.arrow import filled
from jobs.steps.decontaminate.evaluation_sets import Evaluation
from schemas.errors import UserError
from schemas.settings.decontaminate import DecontaminateConfig
from schemas.tables.contamination import CONTAMINATION
from udfs.decontamination.ngram_index import Index
from udfs.decontamination.scored_index import ScoredIndex

SAMPLE = 20_000
"""Documents that decide the weights of words, about."""

_TEXTS_AT_ONCE = 256
_SCORED = ".scored.npz"
_NGRAM = "length long, place long"

Work = Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]


AnyIndex = Index | ScoredIndex


def build_index(sets: list[Evaluation], config: DecontaminateConfig) -> AnyIndex:
    """Return the index of all items.

    Raises
    ------
    UserError
        The items are too many for one index, or all of them are too short.
    """
    items = chain.from_iterable(evaluation.read() for evaluation in sets)
    try:
        made = ScoredIndex if config.by_score else Index
        index: AnyIndex = made(items, config.ngram, config.shortest)
    except ValueError as error:
        raise UserError(f"{error} are too many at once: name fewer --evaluations") from error
    if not len(index):
        raise UserError(
            f"no item of the evaluation sets has {min(config.ngram, config.shortest)} words: "
            "give a smaller --shortest or --ngram"
        )
    return index


def store(index: AnyIndex, scratch: str, name: str) -> str:
    """Write the index where workers load it from, and return its address."""
    uri = storage.join(scratch, f"{name}{_SCORED if isinstance(index, ScoredIndex) else '.npz'}")
    storage.write_bytes(uri, index.to_bytes())
    return uri


@functools.lru_cache(maxsize=1)
def _loaded(uri: str) -> AnyIndex:
    made = ScoredIndex if uri.endswith(_SCORED) else Index
    return made.from_bytes(storage.read_bytes(uri))


def lookup(index: str) -> Work:
    """Return the function that makes rows of contamination/ from rows with `id` and `text`.

    Parameters
    ----------
    index
        Address of a stored index; a worker loads it once.
    """

    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for ids, texts in _text_batches(batches):
            rows = [
                {"id": id_, **evidence._asdict()}
                for id_, evidences in zip(ids, _loaded(index).lookup(texts), strict=True)
                for evidence in evidences
            ]
            if rows:
                columns = {name: [row[name] for row in rows] for name in CONTAMINATION.names}
                yield filled(CONTAMINATION, columns, len(rows))

    return work


def common_ngrams(texts: DataFrame, index: str, most: int) -> list[tuple[int, int]]:
    """Return the n-grams that are in more than `most` documents, as (length, position) in the index."""

    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for _, part in _text_batches(batches):
            loaded = _loaded(index)
            assert isinstance(loaded, Index)
            pairs = list(loaded.places(part))
            if pairs:
                lengths, positions = zip(*pairs, strict=True)
                yield pa.record_batch(
                    [pa.array(lengths, pa.int64()), pa.array(positions, pa.int64())],
                    names=["length", "place"],
                )

    counts = texts.mapInArrow(work, _NGRAM).groupBy("length", "place").count()
    return [(row[0], row[1]) for row in counts.where(F.col("count") > most).collect()]


def weigh(index: ScoredIndex, texts: DataFrame, documents: int, uri: str) -> None:
    """Weight the words of an index by the documents of a sample that have the runs around them.

    Parameters
    ----------
    texts
        `id` and `text` of so many documents, of which those with the lowest hashes of ids are read.
    uri
        Address at which the index is stored.
    """
    share = min(1.0, SAMPLE / max(documents, 1))
    if share < 1:
        number = F.pmod(F.xxhash64(F.lit("weights"), "id"), F.lit(1_000_000))
        texts = texts.where(number < max(int(share * 1_000_000), 1))

    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for _, part in _text_batches(batches):
            loaded = _loaded(uri)
            assert isinstance(loaded, ScoredIndex)
            runs, counts = np.unique(loaded.seen(part), return_counts=True)
            yield pa.record_batch(
                [pa.array([-1, *runs], pa.int64()), pa.array([len(part), *counts], pa.int64())],
                names=["run", "n"],
            )

    sums = texts.mapInArrow(work, "run long, n long").groupBy("run").agg(F.sum("n").alias("n"))
    table = sums.toArrow()
    runs, counts = (table[name].to_numpy() for name in ("run", "n"))
    of_runs = np.zeros(len(index), np.int64)
    of_runs[runs[runs >= 0]] = counts[runs >= 0]
    index.weigh(of_runs, int(counts[runs < 0].sum()))


def _text_batches(batches: Iterator[pa.RecordBatch]) -> Iterator[tuple[list[str], list[str]]]:
    for batch in batches:
        for start in range(0, batch.num_rows, _TEXTS_AT_ONCE):
            part = batch.slice(start, _TEXTS_AT_ONCE)
            texts = [text or "" for text in part.column("text").to_pylist()]
            yield part.column("id").to_pylist(), texts
