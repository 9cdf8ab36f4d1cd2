"""Write the files of shards, each shard in one task and row by row."""

from __future__ import annotations

import abc
import json
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

import pyarrow as pa
from pyspark.sql.pandas.types import to_arrow_schema

from jobs.steps.export import earlier
from jobs.steps.export.documents import documents
from jobs.steps.export.earlier import SHARD_COLUMNS, stem
from jobs.steps.export.files import WRITTEN, Written
from jobs.steps.export.selection import Selection
from jobs.tables.runs import Record
from udfs.chat.segments import NotRepresentable


class ShardFiles(abc.ABC):
    """The files of one shard while they are written.

    Attributes
    ----------
    output, stem
        The output folder, and the path of the shard below it, without an extension.
    tokens, mended
        Tokens of the documents so far, as `add` counts them, and number of documents that were not
        valid UTF-8.
    """

    def __init__(self, output: str, stem: str) -> None:
        self.output = output
        self.stem = stem
        self.tokens = 0
        self.mended = 0

    @abc.abstractmethod
    def add(self, row: dict[str, Any]) -> int:
        """Add a document; return its number of tokens.

        Raises
        ------
        NotRepresentable
            The format has no form for it: it is left out and counted.
        """

    @abc.abstractmethod
    def put(self) -> list[Written]:
        """Write what is not written yet; return all files, whose `rows` count each document once."""


Open = Callable[[str, str], ShardFiles]
"""Opens a shard's files by output folder and stem."""


def write(selection: Selection, output: str, open_: Open, record: Record) -> list[Written]:
    """Write all shards, and record the numbers of documents and tokens.

    The shards of an earlier export in the folder are kept where they hold the same documents, and all
    its other files are removed.
    """
    rows, kept = earlier.split(selection.rows, output, earlier.present(output, selection.earlier))
    earlier.remove_others(output, kept)
    reports = rows.mapInArrow(files_of_shards(output, open_), WRITTEN).collect()
    written = sorted([*kept, *(Written(*row) for row in reports)])
    if kept:
        record.details["files_kept"] = len(kept)
    record.rows_out = sum(file.rows for file in written)
    record.tokens_out = sum(file.tokens or 0 for file in written)
    mended = sum(file.mended for file in written)
    if mended:
        record.details["mended"] = mended
    skipped: Counter[str] = Counter()
    for file in written:
        skipped.update(json.loads(file.skipped or "{}"))
    record.reasons |= dict(skipped)
    return written


def files_of_shards(
    output: str, open_: Open
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """Return a function that writes the files of consecutive rows of a shard, and yields `WRITTEN`."""

    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        schema = to_arrow_schema(WRITTEN)
        for shard, rows in groupby(_rows(batches), key=lambda entry: entry[0]):
            files, ids = open_(output, stem(*shard)), earlier.digest_of_ids()
            skipped: Counter[str] = Counter()
            for _, row, mended in rows:
                ids.update(earlier.line_of(row["id"]))
                try:
                    tokens = files.add(row)
                except NotRepresentable as error:
                    skipped[error.reason] += 1
                    continue
                files.tokens += tokens
                files.mended += mended
            reports = [file._asdict() | {"ids": ids.hexdigest()} for file in files.put()]
            if skipped:
                reports[0]["skipped"] = json.dumps(skipped)
            yield pa.RecordBatch.from_pylist(reports, schema=schema)

    return work


def _rows(
    batches: Iterator[pa.RecordBatch],
) -> Iterator[tuple[tuple[Any, ...], dict[str, Any], bool]]:
    for batch in batches:
        for row, mended in documents(batch):
            yield tuple(row[name] for name in SHARD_COLUMNS), row, mended
