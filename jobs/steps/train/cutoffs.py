"""Cut-offs of a language: percentiles of its perplexities, and their column of `cutoff.csv`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs import storage
from schemas.errors import UserError
from udfs.ccnet.cutoff_table import PERCENTILES, ccnet_table, with_column
from udfs.models.model_files import PerplexityModels, load_perplexity

FEWEST = 20
"""Texts of which percentiles still say something."""


def percentiles(rows: DataFrame, models: PerplexityModels) -> tuple[list[float], int]:
    """Perplexities at the percentiles from 0 to 100, and of how many texts."""
    scores = rows.select("text").mapInArrow(_scorer(models), "perplexity double")
    ranks = [rank / 100 for rank in PERCENTILES]
    found = scores.agg(
        F.percentile("perplexity", ranks).alias("values"), F.count("perplexity").alias("scored")
    ).collect()[0]
    if found["scored"] < FEWEST:
        raise UserError(
            f"only {found['scored']} texts have a perplexity; at least {FEWEST} are needed for "
            "cut-offs"
        )
    return [round(value, 1) for value in found["values"]], found["scored"]


def _scorer(
    models: PerplexityModels,
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            found = load_perplexity(models).score(batch.column("text").to_pylist())
            yield pa.RecordBatch.from_pydict({"perplexity": pa.array(found, pa.float64())})

    return work


def add(output: Path, language: str, values: Sequence[float], others: Sequence[str]) -> bool:
    """Set the language's column of `cutoff.csv`; another training may do so at the same time.

    Parameters
    ----------
    values
        Perplexities at the percentiles from 0 to 100.
    others
        Languages that have models in the folder. Without a `cutoff.csv` they had CCNet's cut-offs,
        which a new one must not take from them.

    Returns
    -------
    bool
        Whether the table is new and holds CCNet's cut-offs of others too.
    """
    uri = str(output / "cutoff.csv")
    while True:
        found = storage.read_versioned(uri)
        before = found[0].decode("utf-8-sig") if found else ccnet_table(others)
        table = with_column(before, language, values).encode()
        try:
            if found:
                storage.write_bytes(uri, table, if_version=found[1])
            else:
                storage.write_bytes(uri, table, create=True)
        except storage.Conflict:
            continue
        return bool(before and not found)
