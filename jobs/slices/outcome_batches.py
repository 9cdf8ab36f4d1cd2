"""Arrow batches of what became of input records: the output of a slice's one pass over its dump."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from pyspark.sql import types as T

from schemas.documents import DOCUMENTS
from schemas.outcomes import COUNTED, KEPT, QUARANTINED, REJECTED, with_outcome

if TYPE_CHECKING:
    import pyarrow as pa

OUTCOMES: T.StructType = with_outcome(DOCUMENTS)
_BATCH_BYTES = 16 << 20
_ROW_BYTES = 512  # of a row apart from its text, roughly


class Document(NamedTuple):
    """What a slice says of a document; the other columns of `schemas.documents` follow from it."""

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


class OutcomeBatches:
    """Collects outcomes, one a record, and gives them out in batches that are bounded by bytes.

    Counted records become one row for each archive and reason, when all is read.

    Parameters
    ----------
    slice_name, snapshot
        Of all documents.
    """

    def __init__(self, slice_name: str, snapshot: str, batch_bytes: int = _BATCH_BYTES) -> None:
        self._slice = slice_name
        self._snapshot = snapshot
        self._batch_bytes = batch_bytes
        self._documents: list[Document] = []
        self._rejected: list[tuple[Any, ...]] = []
        self._counts: Counter[tuple[str, str]] = Counter()
        self._bytes = 0

    def keep(self, document: Document) -> None:
        """Add a document."""
        self._documents.append(document)
        self._bytes += _ROW_BYTES + len(document.text)

    def quarantine(
        self, uri: str, offset: int | None, stage: str, error: str, message: str
    ) -> None:
        """Add a record that could not be used."""
        self._rejected.append((QUARANTINED, stage, error, message, uri, offset, 1))
        self._bytes += _ROW_BYTES

    def count(self, uri: str, reason: str) -> None:
        """Count a record that is left out as asked."""
        self._counts[uri, reason] += 1

    def full(self) -> Iterator[pa.RecordBatch]:
        """Yield what there is if it is enough for a batch."""
        if self._bytes >= self._batch_bytes:
            yield from self._take()

    def rest(self) -> Iterator[pa.RecordBatch]:
        """Yield all that is left, and the counts."""
        for (uri, reason), n in sorted(self._counts.items()):
            self._rejected.append((COUNTED, "extract", reason, None, uri, None, n))
        self._counts.clear()
        yield from self._take()

    def _take(self) -> Iterator[pa.RecordBatch]:
        if self._documents:
            columns = _columns(Document._fields, self._documents)
            texts = columns["text"]
            columns["length"] = [len(text) for text in texts]
            columns["nlines"] = [text.count("\n") + 1 if text else 0 for text in texts]
            columns["outcome"] = [KEPT] * len(texts)
            yield self._batch(columns, len(texts))
        if self._rejected:
            yield self._batch(_columns(REJECTED.names, self._rejected), len(self._rejected))
        self._documents, self._rejected, self._bytes = [], [], 0

    def _batch(self, columns: dict[str, Any], size: int) -> pa.RecordBatch:
        import pyarrow as pa
        from pyspark.sql.pandas.types import to_arrow_schema

        columns["slice"] = [self._slice] * size
        if "text" in columns:
            columns["snapshot"] = [self._snapshot] * size
            uris = pa.array(columns.pop("uri"), pa.string())
            offsets = pa.array(columns.pop("offset"), pa.int64())
            columns["source"] = pa.StructArray.from_arrays([uris, offsets], ["uri", "offset"])
            columns["metadata"] = [each and list(each.items()) for each in columns["metadata"]]
        schema = to_arrow_schema(OUTCOMES)
        arrays = []
        for field in schema:
            values = columns.get(field.name)
            if values is None:
                arrays.append(pa.nulls(size, field.type))
            elif isinstance(values, pa.Array):
                arrays.append(values)
            else:
                arrays.append(pa.array(values, field.type))
        return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _columns(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> dict[str, Any]:
    return dict(zip(names, zip(*rows, strict=True), strict=True))
