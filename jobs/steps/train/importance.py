"""DSIR's statistics of a good data set and of the crawl: counts of words and bigrams in 10,000 buckets.

RedPajama-V2 counted 500,000 documents of each. The files have its names, under which
`annotate --models` finds them. Repeated texts count once.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from pyspark.sql import functions as F

from jobs import storage
from jobs.runtime.context import Context
from jobs.steps.train import texts
from jobs.steps.train.pool import build_pool
from schemas.errors import UserError
from schemas.settings.train import TrainImportanceConfig
from udfs.quality_signals.arrays import Ints
from udfs.quality_signals.importance import SOURCE
from udfs.quality_signals.importance_counts import count_features

# further rows: the numbers of texts and words
_TEXTS, _WORDS = -1, -2
_SUMS = pa.schema([("bucket", pa.int64()), ("n", pa.int64())])


def run(context: Context, config: TrainImportanceConfig) -> list[str]:
    """Count target and source; return the addresses of the files.

    Raises
    ------
    UserError
        There are no texts, or neither `--source` nor counts of the crawl from an earlier run.
    """
    written = []
    if config.source:
        written += _count(context, config, SOURCE, config.source)
    else:
        missing = _files(config, SOURCE)[0]
        if not storage.exists(missing):
            raise UserError(f"{missing} does not exist yet: give --source, texts of the crawl")
    written += _count(context, config, config.dataset, config.target)
    for name in written:
        context.print(f"train importance: wrote {name}")
    return written


def _files(config: TrainImportanceConfig, name: str) -> tuple[str, str]:
    """Return the addresses of the counts and of the mean number of words (`Resources.load`)."""
    folder = storage.join(config.output, "dsir", config.language)
    counts = f"{name}.{config.language}.{config.buckets}.counts.npy"
    return storage.join(folder, counts), storage.join(
        folder, f"{name}.{config.language}.lambda.npy"
    )


def _count(
    context: Context, config: TrainImportanceConfig, name: str, uris: Sequence[str]
) -> list[str]:
    rows = texts.read(context, uris, config.where)
    pool = build_pool(rows, seed=config.seed, at_most=config.samples)
    if not len(pool.keys):
        raise UserError(f"no text in {' '.join(uris)}: {pool.read:,} documents have none")
    sample = pool.draw(len(pool.keys)).select("text")
    sums = sample.mapInArrow(_partial_sums(config.buckets), "bucket long, n long")
    table = sums.groupBy("bucket").agg(F.sum("n").alias("n")).toArrow()
    total = dict(zip(table["bucket"].to_pylist(), table["n"].to_pylist(), strict=True))
    counts = np.array([total.get(bucket, 0) for bucket in range(config.buckets)], np.int64)
    mean = total[_WORDS] / total[_TEXTS]
    context.print(
        f"train importance: {name}, {total[_TEXTS]:,} of {pool.read:,} documents counted, "
        f"{mean:,.1f} words each"
    )
    paths = _files(config, name)
    for path, array in zip(paths, (counts, np.array(mean)), strict=True):
        storage.write_bytes(path, _npy(array))
    return list(paths)


def _partial_sums(
    buckets: int,
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """Return a function that counts a task's texts: a row for each bucket, its texts and its words."""

    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        counts: Ints = np.zeros(buckets, np.int64)
        documents = words = 0
        for batch in batches:
            batch_counts, batch_words = count_features(batch.column("text").to_pylist(), buckets)
            counts += batch_counts
            words += batch_words
            documents += batch.num_rows
        used = np.flatnonzero(counts)
        columns = [[_TEXTS, _WORDS, *used], [documents, words, *counts[used]]]
        yield pa.record_batch([pa.array(values, pa.int64()) for values in columns], schema=_SUMS)

    return work


def _npy(array: np.ndarray[Any, Any]) -> bytes:
    file = io.BytesIO()
    np.save(file, array, allow_pickle=False)
    return file.getvalue()
