"""What the trainers' formats share: each shard is written by one task, a row at a time."""

from __future__ import annotations

import abc
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

import pyarrow as pa
from pyspark.sql.pandas.types import to_arrow_schema

from jobs.steps.export.documents import documents
from jobs.steps.export.files import WRITTEN, Written
from jobs.steps.export.selection import PLACE, Selection
from jobs.tables.runs import Record


class ShardFiles(abc.ABC):
    """The files of one shard while they are written.

    Attributes
    ----------
    output, stem
        The folder that is written, and the path below it, without an ending.
    tokens, mended
        Of the documents so far: as `add` counts them, and documents that were not UTF-8.
    """

    def __init__(self, output: str, stem: str) -> None:
        self.output = output
        self.stem = stem
        self.tokens = 0
        self.mended = 0

    @abc.abstractmethod
    def add(self, row: dict[str, Any]) -> int:
        """Add a document; its tokens."""

    @abc.abstractmethod
    def put(self) -> list[Written]:
        """Put in place what is not yet there; all files of the shard, each document in one's rows."""


Open = Callable[[str, str], ShardFiles]
"""Open a shard's files by output folder and stem."""


def stem(folder: str, shard: int, shards: int) -> str:
    """The path of a shard below the output folder, without an ending.

    >>> stem("wikipedia", 2, 12)
    'data/wikipedia/train-00002-of-00012'
    """
    parts = ("data", folder) if folder else ("data",)
    return "/".join((*parts, f"train-{shard:05}-of-{shards:05}"))


def write(selection: Selection, output: str, open_: Open, record: Record) -> list[Written]:
    """Write all shards and count what was written."""
    reports = selection.rows.mapInArrow(files_of_shards(output, open_), WRITTEN).collect()
    written = sorted(Written(*row) for row in reports)
    record.rows_out = sum(each.rows for each in written)
    record.tokens_out = sum(each.tokens or 0 for each in written)
    mended = sum(each.mended for each in written)
    if mended:
        record.details["mended"] = mended
    return written


def files_of_shards(
    output: str, open_: Open
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """Write the files of each run of rows of one shard; rows of `WRITTEN`."""

    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        schema = to_arrow_schema(WRITTEN)
        for place, rows in groupby(_rows(batches), key=lambda each: each[0]):
            files = open_(output, stem(*place))
            for _, row, mended in rows:
                tokens = files.add(row)
                files.tokens += tokens
                files.mended += mended
            reports = [each._asdict() for each in files.put()]
            yield pa.RecordBatch.from_pylist(reports, schema=schema)

    return work


def _rows(
    batches: Iterator[pa.RecordBatch],
) -> Iterator[tuple[tuple[Any, ...], dict[str, Any], bool]]:
    for batch in batches:
        for row, mended in documents(batch):
            yield tuple(row[name] for name in PLACE), row, mended
