"""Text of documents after paragraph dedup, looked up by archive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from jobs.slices.traits import Traits
from jobs.tables.archive_lookup import Lookup
from udfs.ccnet import paragraphs as rules

COLUMNS = ("id", "line_ids")


@dataclass(frozen=True)
class KeptText:
    """Documents that keep text after paragraph dedup.

    Attributes
    ----------
    rows
        Their rows of documents/.
    texts
        The text that each document keeps.
    line_ids
        Numbers of the lines that are kept; null for a document of a slice without paragraph dedup.
    original_length, original_nlines
        Code points and lines before paragraph dedup.
    """

    rows: pa.RecordBatch
    texts: list[str]
    line_ids: list[list[int] | None]
    original_length: list[int]
    original_nlines: list[int]

    def take(self, indices: Sequence[int]) -> KeptText:
        """Return the documents at these indices."""
        if len(indices) == len(self.texts):
            return self
        return KeptText(
            self.rows.take(pa.array(indices, pa.int64())),
            [self.texts[i] for i in indices],
            [self.line_ids[i] for i in indices],
            [self.original_length[i] for i in indices],
            [self.original_nlines[i] for i in indices],
        )


class KeptLines:
    """Applies paragraphs/ to rows of documents/.

    Parameters
    ----------
    traits
        Traits of the documents' slices; only web pages have rows in paragraphs/.
    """

    def __init__(self, paragraphs: Lookup, traits: Mapping[str, Traits]) -> None:
        self._traits = traits
        self._paragraphs = paragraphs
        self._archive: str | None = None
        self._lines: dict[str, pa.ListScalar] = {}

    def of(self, batch: pa.RecordBatch) -> KeptText:
        """Return the documents that keep text; a web document without a row in paragraphs/ keeps none."""
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
        kept_texts = [
            texts[i] if lines is None else rules.apply(texts[i], lines)
            for i, lines in zip(kept, line_ids, strict=True)
        ]
        rows = batch.take(pa.array(kept, pa.int64()))
        return KeptText(
            rows,
            kept_texts,
            line_ids,
            rows.column("length").to_pylist(),
            rows.column("nlines").to_pylist(),
        )

    def _of_archive(self, archive: str) -> dict[str, pa.ListScalar]:
        """Return the kept lines by document; a task reads one archive after another."""
        if archive != self._archive:
            rows = self._paragraphs.rows(archive)
            self._lines = dict(zip(rows["id"].to_pylist(), rows["line_ids"], strict=True))
            self._archive = archive
        return self._lines
