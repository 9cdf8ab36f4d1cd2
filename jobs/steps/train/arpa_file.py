"""Write a model as one ARPA file: tasks sort and format the lines, the driver joins them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs import storage
from jobs.steps.train.ngram_model import NgramModel
from udfs.language_models.ngram_batches import arpa_lines


def write(model: NgramModel, path: Path, scratch: str) -> None:
    """Write a model, the n-grams of each order sorted, as `udfs.language_models.arpa.write_arpa` does."""
    with path.open("wb") as file:
        file.write(b"\\data\\\n")
        for order, size in enumerate(model.sizes, start=1):
            file.write(f"ngram {order}={size}\n".encode())
        for order, rows in enumerate(model.levels, start=1):
            file.write(f"\n\\{order}-grams:\n".encode())
            last = order == len(model.levels)
            _append(file, _sorted_lines(rows, last), storage.join(scratch, f"lines-{order}"))
        file.write(b"\n\\end\\\n")


def _sorted_lines(rows: DataFrame, last: bool) -> DataFrame:
    backoff = [] if last else [F.coalesce("backoff", F.lit(0.0)).alias("backoff")]
    return (
        rows.where("kept")
        .select("ngram", "log_prob", *backoff)
        .orderBy("ngram")
        .mapInArrow(_lines, "value string")
    )


def _lines(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for rows in batches:
        yield pa.RecordBatch.from_pydict({"value": pa.array(arpa_lines(rows), pa.string())})


def _append(file: BinaryIO, lines: DataFrame, folder: str) -> None:
    """Append lines in the order of their partitions: the names of the part files sort like them."""
    lines.write.text(folder)
    for part in storage.list_names(folder):
        if part.uri.rpartition("/")[2].startswith("part-"):
            with storage.open_stream(part.uri) as stream:
                shutil.copyfileobj(stream, file, 1 << 20)
