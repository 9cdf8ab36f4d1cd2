"""Paragraph dedup over several archives: hashes are shuffled, texts are not.

1. Make a row for each distinct hash of an archive: how many of its documents have it (1, or 2 for more)
   and the offset of the first. A hash of a million documents is one row an archive.
2. Group the rows by group and hash: a hash of two or more documents is a duplicate.
3. Look the duplicates up by archive (`jobs.tables.archive_lookup`).
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

from jobs.runtime.arrow import in_parts
from jobs.tables.archive_lookup import Lookup
from schemas.errors import UserError
from udfs.ccnet import paragraphs as rules

HASHES = T.StructType(
    [
        T.StructField("uri", T.StringType()),
        T.StructField("hash", T.LongType()),  # the 64 bits, as a signed long
        T.StructField(
            "documents", T.IntegerType()
        ),  # documents with the hash: 1, or 2 for two or more
        T.StructField("first_offset", T.LongType()),  # offset of the first of them
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
        """Return the distinct hashes of the documents, with counts."""
        return rules.archive_hash_counts(self.hashes, np.array(self.offsets, np.int64))


def by_archive(batches: Iterator[pa.RecordBatch]) -> Iterator[tuple[str, Archive]]:
    """Yield the documents of a task by archive.

    Batches have `id`, `text`, `uri`, `offset` and `slice`.
    """
    archives: dict[str, Archive] = {}
    for batch in in_parts(batches):
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
    """Return the value of `--group`: `archive`, `snapshot`, `all`, or a number of archives.

    Raises
    ------
    UserError
        The value is none of these.
    """
    if group in ("archive", "snapshot", "all"):
        return group
    if group.isdecimal() and int(group) > 0:
        return int(group)
    raise UserError(f"--group: 'archive', 'snapshot', 'all' or a number of archives, not {group!r}")


def groups(archives: DataFrame, group: str | int) -> DataFrame:
    """Return `uri` and `group`, the group's name, of archives with `uri`, `slice` and `snapshot`.

    A number n makes groups of n archives with consecutive addresses within a snapshot, as CCNet's
    shards do.
    """
    if group == "archive":
        name = F.col("uri")
    elif group == "all":
        name = F.lit("all")
    elif group == "snapshot":
        name = F.concat_ws("/", "slice", "snapshot")
    else:
        position = F.row_number().over(Window.partitionBy("slice", "snapshot").orderBy("uri")) - 1
        number = F.floor(position / F.lit(group)).cast("string")
        name = F.concat_ws("/", "slice", "snapshot", number)
    return archives.select("uri", name.alias("group"))


def hash_counts(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Step 1: yield the distinct hashes of each archive."""
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
    """Step 2: return `uri`, `hash` and `keeper` of each archive's duplicate hashes in its group.

    `keeper` is the offset of the group's first document with the hash, by (uri, offset), in the archive
    of that document; it is null in the others.
    """
    together = Window.partitionBy("group", "hash")
    named = counts.join(F.broadcast(group_of), "uri", "inner")
    first = F.min(F.struct("uri", "first_offset")).over(together)
    seen = named.withColumns({"n": F.sum("documents").over(together), "first": first})
    keeper = F.when(F.col("first.uri") == F.col("uri"), F.col("first.first_offset"))
    return seen.where(F.col("n") > 1).select("uri", "hash", keeper.alias("keeper"))


class DuplicatesOf:
    """Duplicate hashes of an archive, as arguments of `udfs.ccnet.paragraphs.line_ids_given`."""

    def __init__(self, hashes: Lookup, keep: rules.Keep) -> None:
        self._lookup = hashes
        self._keep = keep
        self._archive: str | None = None
        self._held: tuple[rules.Hashes, rules.Keepers | None] | None = None

    def __call__(self, archive: str) -> tuple[rules.Hashes, rules.Keepers | None]:
        """Return the sorted hashes, and those that a document of the archive keeps."""
        if self._held is None or archive != self._archive:
            self._archive, self._held = archive, self._read(archive)
        return self._held

    def _read(self, archive: str) -> tuple[rules.Hashes, rules.Keepers | None]:
        rows = self._lookup.rows(archive)
        hashes = rules.to_hashes(rows["hash"].cast(pa.int64()).to_numpy())
        order = np.argsort(hashes)
        if self._keep == "none":
            return hashes[order], None
        keeper = rows["keeper"].cast(pa.int64())
        here = order[keeper.is_valid().to_numpy()[order]]
        offsets = keeper.fill_null(-1).to_numpy()
        return hashes[order], rules.Keepers(hashes[here], offsets[here])
