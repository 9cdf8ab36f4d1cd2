"""Outcomes of input records, and the Arrow batches that a slice's pass over its dump yields."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from pyspark.sql import types as T

from jobs.runtime.arrow import filled
from jobs.slices.document_columns import DocumentColumns, Documents
from schemas.errors import one_line
from schemas.tables.documents import DOCUMENTS
from schemas.tables.outcomes import COUNTED, KEPT, QUARANTINED, REJECTED, with_outcome

if TYPE_CHECKING:
    import pyarrow as pa

OUTCOMES: T.StructType = with_outcome(DOCUMENTS)
_BATCH_BYTES = 16 << 20
_BLOCK_CHARACTERS = 1 << 17  # of texts that are processed together, while they are in a cache
_ROW_BYTES = 512  # estimate of a row without its text


class Document(NamedTuple):
    """A document; the other columns of `schemas.tables.documents` are computed from it.

    Without a digest, the text's SHA-1 is used.
    """

    id: str
    text: str
    uri: str
    offset: int | None = None
    url: str | None = None
    title: str | None = None
    date: str | None = None
    digest: str | None = None
    license: str | None = None
    metadata: dict[str, str] | None = None
    source_domain: str | None = None
    cc_segment: str | None = None
    messages: list[dict[str, Any]] | None = None


class Failure(Protocol):
    """An unreadable part of an input: a `Fault`, or a row of a source that carries one."""

    @property
    def error(self) -> str | None:
        """The short name of the error."""

    @property
    def message(self) -> str | None:
        """The description of the error."""


class Quarantined(NamedTuple):
    """A record that could not be used; `error` is a short name, `message` one line."""

    uri: str
    offset: int | None
    stage: str
    error: str
    message: str

    @classmethod
    def unread(cls, uri: str, offset: int | None, failure: Failure) -> Quarantined:
        """Return the outcome of a record, or of the rest of an archive, that could not be read."""
        return cls(uri, offset, "read", failure.error or "", one_line(failure.message or ""))


class Dropped(NamedTuple):
    """Records that a rule or a setting of the slice drops; only their number is kept, by reason."""

    uri: str
    reason: str
    n: int = 1


Outcome = Document | Documents | Quarantined | Dropped


class OutcomeBatches:
    """Collects outcomes and yields them in batches that are bounded by bytes.

    Dropped records become one row for each archive and reason, after all others.

    Parameters
    ----------
    slice_name, snapshot
        Columns of all documents.
    batch_bytes
        Estimated size from which a batch is yielded.
    """

    def __init__(self, slice_name: str, snapshot: str, batch_bytes: int = _BATCH_BYTES) -> None:
        self._slice = slice_name
        self._snapshot = snapshot
        self._batch_bytes = batch_bytes
        self._documents: list[Document] = []  # not yet in columns
        self._waiting = 0  # characters of their texts
        self._columns = DocumentColumns()
        self._rejected: list[tuple[Any, ...]] = []
        self._counts: Counter[tuple[str, str]] = Counter()
        self._bytes = 0

    def add(self, outcome: Outcome) -> None:
        """Add the outcome of one record or more."""
        if isinstance(outcome, Document):
            size = len(outcome.text)
            self._documents.append(outcome)
            self._bytes += _ROW_BYTES + size
            self._waiting += size
            if self._waiting >= _BLOCK_CHARACTERS:
                self._settle()
        elif isinstance(outcome, Documents):
            self._settle()
            self._columns.extend(outcome)
            self._bytes += _ROW_BYTES * len(outcome.lengths) + sum(outcome.lengths)
        elif isinstance(outcome, Quarantined):
            uri, offset, *note = outcome
            self._rejected.append((QUARANTINED, *note, uri, offset, 1))
            self._bytes += _ROW_BYTES
        else:
            self._counts[outcome.uri, outcome.reason] += outcome.n

    def full(self) -> Iterator[pa.RecordBatch]:
        """Yield the collected rows if they are enough for a batch."""
        if self._bytes >= self._batch_bytes:
            yield from self._take()

    def rest(self) -> Iterator[pa.RecordBatch]:
        """Yield the remaining rows and the counts."""
        for (uri, reason), n in sorted(self._counts.items()):
            self._rejected.append((COUNTED, "extract", reason, None, uri, None, n))
        self._counts.clear()
        yield from self._take()

    def _settle(self) -> None:
        """Move documents that were added one by one into columns."""
        if self._documents:
            columns = _columns(Document._fields, self._documents)
            texts = columns.pop("text")
            contents = [text.encode("utf-8", "replace") for text in texts]
            self._columns.extend(Documents(contents, list(map(len, texts)), columns))
            self._documents, self._waiting = [], 0

    def _take(self) -> Iterator[pa.RecordBatch]:
        self._settle()
        if size := len(self._columns):
            yield self._batch({**self._columns.arrays(), "outcome": _all(KEPT, size)}, size)
            self._columns = DocumentColumns()
        if self._rejected:
            yield self._batch(_columns(REJECTED.names, self._rejected), len(self._rejected))
        self._rejected, self._bytes = [], 0

    def _batch(self, columns: dict[str, Any], size: int) -> pa.RecordBatch:
        columns["slice"] = _all(self._slice, size)
        if "text" in columns:
            columns["snapshot"] = _all(self._snapshot, size)
        return filled(OUTCOMES, columns, size)


def _columns(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> dict[str, Any]:
    return dict(zip(names, zip(*rows, strict=True), strict=True))


def _all(value: str, size: int) -> pa.Array:
    """Return a column of one value, which unlike a list takes no time per row."""
    import pyarrow as pa

    return pa.repeat(value, size)
