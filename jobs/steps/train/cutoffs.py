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

MIN_TEXTS = 20
"""Number of texts below which percentiles mean little."""


def percentiles(rows: DataFrame, models: PerplexityModels) -> tuple[list[float], int]:
    """Return the perplexities at the percentiles from 0 to 100, and the number of texts scored.

    Raises
    ------
    UserError
        Fewer than `MIN_TEXTS` texts have a perplexity.
    """
    scores = rows.select("text").mapInArrow(_scorer(models), "perplexity double")
    ranks = [rank / 100 for rank in PERCENTILES]
    row = scores.agg(
        F.percentile("perplexity", ranks).alias("values"), F.count("perplexity").alias("scored")
    ).collect()[0]
    if row["scored"] < MIN_TEXTS:
        raise UserError(
            f"only {row['scored']} texts have a perplexity; at least {MIN_TEXTS} are needed for "
            "cut-offs"
        )
    return [round(value, 1) for value in row["values"]], row["scored"]


def _scorer(
    models: PerplexityModels,
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            perplexities = load_perplexity(models).score(batch.column("text").to_pylist())
            yield pa.RecordBatch.from_pydict({"perplexity": pa.array(perplexities, pa.float64())})

    return work


def add(output: Path, language: str, values: Sequence[float], others: Sequence[str]) -> bool:
    """Set the language's column of `cutoff.csv`, which another training may write at the same time.

    Parameters
    ----------
    values
        Perplexities at the percentiles from 0 to 100.
    others
        Other languages with models in the folder. Without a `cutoff.csv` their cut-offs were CCNet's,
        so a new table includes them.

    Returns
    -------
    bool
        True if the table is new and includes CCNet's cut-offs of other languages.
    """
    uri = str(output / "cutoff.csv")
    while True:
        stored = storage.read_versioned(uri)
        before = stored[0].decode("utf-8-sig") if stored else ccnet_table(others)
        table = with_column(before, language, values).encode()
        try:
            if stored:
                storage.write_bytes(uri, table, if_version=stored[1])
            else:
                storage.write_bytes(uri, table, create=True)
        except storage.Conflict:
            continue
        return bool(before and not stored)
