"""The documents of a batch with the text that paragraph dedup left of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from jobs.slices.traits import Traits
from jobs.tables.archive_lookup import Lookup
from udfs.ccnet import paragraphs as rules

COLUMNS = ("id", "line_ids")


@dataclass(frozen=True)
class Left:
    """Documents that have text left.

    Attributes
    ----------
    rows
        Their rows of documents/.
    texts
        What is left of each text.
    line_ids
        Numbers of the lines that are left; null for a document that paragraph dedup is not for.
    original_length, original_nlines
        Code points and lines before.
    """

    rows: pa.RecordBatch
    texts: list[str]
    line_ids: list[list[int] | None]
    original_length: list[int]
    original_nlines: list[int]

    def take(self, places: Sequence[int]) -> Left:
        """Some of the documents."""
        if len(places) == len(self.texts):
            return self
        return Left(
            self.rows.take(pa.array(places, pa.int64())),
            [self.texts[i] for i in places],
            [self.line_ids[i] for i in places],
            [self.original_length[i] for i in places],
            [self.original_nlines[i] for i in places],
        )


class LinesLeft:
    """Applies paragraphs/ to rows of documents/.

    Parameters
    ----------
    traits
        Traits of the documents' slices; only web pages have rows in paragraphs/.
    """

    def __init__(self, paragraphs: Lookup, traits: Mapping[str, Traits]) -> None:
        self._paragraphs = paragraphs
        self._traits = traits
        self._archive: str | None = None
        self._lines: dict[str, pa.ListScalar] = {}

    def of(self, batch: pa.RecordBatch) -> Left:
        """The documents that have text left; a web document without a row in paragraphs/ has none."""
        texts = batch.column("text").to_pylist()
        ids = batch.column("id").to_pylist()
        archives = batch.column("source").field("uri").to_pylist()
        kept: list[int] = []
        line_ids: list[list[int] | None] = []
        for i, slice_ in enumerate(batch.column("slice").to_pylist()):
            if not self._traits[slice_].web:
                kept.append(i)
                line_ids.append(None)
                continue
            lines = self._of_archive(archives[i]).get(ids[i])
            if lines is not None:
                kept.append(i)
                line_ids.append(lines.as_py())
        left = [
            texts[i] if lines is None else rules.apply(texts[i], lines)
            for i, lines in zip(kept, line_ids, strict=True)
        ]
        rows = batch.take(pa.array(kept, pa.int64()))
        return Left(
            rows,
            left,
            line_ids,
            rows.column("length").to_pylist(),
            rows.column("nlines").to_pylist(),
        )

    def _of_archive(self, archive: str) -> dict[str, pa.ListScalar]:
        """The lines left of each document of an archive; a task meets one archive after another."""
        if archive != self._archive:
            rows = self._paragraphs.rows(archive)
            self._lines = dict(zip(rows["id"].to_pylist(), rows["line_ids"], strict=True))
            self._archive = archive
        return self._lines
