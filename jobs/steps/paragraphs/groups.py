"""Paragraph dedup over several archives: hashes are shuffled, texts never.

1. For each archive, its distinct hashes: a row each, with how many of its documents have it (1, or 2
   for more) and where the first of them starts. A hash of a million documents is a row an archive.
2. Rows of one group and hash come together: it is a duplicate where two documents or more have it.
3. The duplicates go back to the archives that hold them (`jobs.tables.archive_lookup`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql import types as T
from pyspark.sql.window import Window

from jobs.tables.archive_lookup import Lookup
from schemas.errors import UserError
from udfs.ccnet import paragraphs as rules

HASHES = T.StructType(
    [
        T.StructField("uri", T.StringType()),
        T.StructField("hash", T.LongType()),  # the 64 bits, as a signed long
        T.StructField("documents", T.IntegerType()),  # that have it: 1, or 2 for two or more
        T.StructField("first_offset", T.LongType()),  # of the first of them
    ]
)


@dataclass
class Archive:
    """The documents of one archive, without their texts: some 8 bytes a line."""

    ids: list[str] = field(default_factory=list)
    offsets: list[int] = field(default_factory=list)
    hashes: list[rules.Hashes] = field(default_factory=list)
    lengths: list[Any] = field(default_factory=list)  # of each line, in code points
    slices: list[str] = field(default_factory=list)

    def counts(self) -> rules.HashCounts:
        """The distinct hashes of the documents."""
        return rules.archive_hash_counts(self.hashes, np.array(self.offsets, np.int64))


def by_archive(batches: Iterator[pa.RecordBatch]) -> Iterator[tuple[str, Archive]]:
    """Gather the documents of a task by archive.

    Batches have `id`, `text`, `uri`, `offset` and `slice`.
    """
    archives: dict[str, Archive] = {}
    for batch in batches:
        columns = batch.to_pydict()
        for i, uri in enumerate(columns["uri"]):
            archive = archives.setdefault(uri, Archive())
            archive.ids.append(columns["id"][i])
            archive.offsets.append(columns["offset"][i])
            archive.slices.append(columns["slice"][i])
            archive.hashes.append(rules.hash_paragraphs(columns["text"][i]))
            archive.lengths.append(rules.line_lengths(columns["text"][i]))
    yield from archives.items()


def parse(group: str) -> str | int:
    """`archive`, `snapshot`, `all`, or a number of archives.

    Raises
    ------
    UserError
        Anything else.
    """
    if group in ("archive", "snapshot", "all"):
        return group
    if group.isdecimal() and int(group) > 0:
        return int(group)
    raise UserError(f"--group: 'archive', 'snapshot', 'all' or a number of archives, not {group!r}")


def groups(archives: DataFrame, group: str | int) -> DataFrame:
    """Each archive (`uri`, `slice`, `snapshot`) with the name of its group: `uri` and `group`.

    A number n makes groups of n archives that follow each other by address, within a snapshot, as
    CCNet's shards do.
    """
    if group == "archive":
        name = F.col("uri")
    elif group == "all":
        name = F.lit("all")
    elif group == "snapshot":
        name = F.concat_ws("/", "slice", "snapshot")
    else:
        place = F.row_number().over(Window.partitionBy("slice", "snapshot").orderBy("uri")) - 1
        number = F.floor(place / F.lit(group)).cast("string")
        name = F.concat_ws("/", "slice", "snapshot", number)
    return archives.select("uri", name.alias("group"))


def hash_counts(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Step 1: the distinct hashes of each archive."""
    for uri, archive in by_archive(batches):
        counts = archive.counts()
        for start in range(0, len(counts.hashes), 100_000):
            part = slice(start, start + 100_000)
            hashes = rules.to_signed(counts.hashes[part])
            yield pa.RecordBatch.from_arrays(
                [
                    pa.repeat(uri, len(hashes)),
                    pa.array(hashes),
                    pa.array(counts.documents[part].astype(np.int32)),
                    pa.array(counts.first_offset[part]),
                ],
                names=HASHES.names,
            )


def duplicates(counts: DataFrame, group_of: DataFrame) -> DataFrame:
    """Step 2: `uri`, `hash` and `keeper` for each archive's hashes that are duplicates in its group.

    `keeper` is the offset of the group's first document that has it, by (uri, offset), in the
    archive where that document is, and null in the others.
    """
    together = Window.partitionBy("group", "hash")
    named = counts.join(F.broadcast(group_of), "uri", "inner")
    first = F.min(F.struct("uri", "first_offset")).over(together)
    seen = named.withColumns({"n": F.sum("documents").over(together), "first": first})
    keeper = F.when(F.col("first.uri") == F.col("uri"), F.col("first.first_offset"))
    return seen.where(F.col("n") > 1).select("uri", "hash", keeper.alias("keeper"))


class DuplicatesOf:
    """The duplicate hashes of an archive, as `udfs.ccnet.paragraphs.line_ids_given` takes them."""

    def __init__(self, found: Lookup, keep: rules.Keep) -> None:
        self._found = found
        self._keep = keep
        self._archive: str | None = None
        self._held: tuple[rules.Hashes, rules.Keepers | None] | None = None

    def __call__(self, archive: str) -> tuple[rules.Hashes, rules.Keepers | None]:
        """Sorted hashes, and those of them that a document of the archive keeps."""
        if self._held is None or archive != self._archive:
            self._archive, self._held = archive, self._read(archive)
        return self._held

    def _read(self, archive: str) -> tuple[rules.Hashes, rules.Keepers | None]:
        rows = self._found.rows(archive)
        hashes = rules.to_hashes(rows["hash"].cast(pa.int64()).to_numpy())
        order = np.argsort(hashes)
        if self._keep == "none":
            return hashes[order], None
        keeper = rows["keeper"].cast(pa.int64())
        here = order[keeper.is_valid().to_numpy()[order]]
        offsets = keeper.fill_null(-1).to_numpy()
        return hashes[order], rules.Keepers(hashes[here], offsets[here])
