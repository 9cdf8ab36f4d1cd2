"""Arrow batches of what became of input records: the output of a slice's one pass over its dump."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from pyspark.sql import types as T

from jobs.arrow import filled
from schemas.documents import DOCUMENTS
from schemas.outcomes import COUNTED, KEPT, QUARANTINED, REJECTED, with_outcome
from udfs.digest import sha1_digests

if TYPE_CHECKING:
    import pyarrow as pa

OUTCOMES: T.StructType = with_outcome(DOCUMENTS)
_BATCH_BYTES = 16 << 20
_ROW_BYTES = 512  # of a row apart from its text, roughly


class Document(NamedTuple):
    """What a slice says of a document; the other columns of `schemas.documents` follow from it.

    Without a digest, that of the text is taken.
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


class Quarantined(NamedTuple):
    """A record that could not be used; `error` is a short name, `message` one line for a person."""

    uri: str
    offset: int | None
    stage: str
    error: str
    message: str


class Counted(NamedTuple):
    """Records that are left out as asked."""

    uri: str
    reason: str
    n: int = 1


Outcome = Document | Quarantined | Counted


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

    def add(self, outcome: Outcome) -> None:
        """Add what became of a record."""
        if isinstance(outcome, Document):
            self._documents.append(outcome)
            self._bytes += _ROW_BYTES + len(outcome.text)
        elif isinstance(outcome, Quarantined):
            uri, offset, *note = outcome
            self._rejected.append((QUARANTINED, *note, uri, offset, 1))
            self._bytes += _ROW_BYTES
        else:
            self._counts[outcome.uri, outcome.reason] += outcome.n

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
            columns["length"] = list(map(len, texts))
            contents = [text.encode("utf-8", "replace") for text in texts]
            columns["text"], columns["nlines"] = _strings(contents)
            missing = [i for i, digest in enumerate(columns["digest"]) if not digest]
            if missing:
                digests = list(columns["digest"])
                made = sha1_digests(contents[i] for i in missing)
                for i, digest in zip(missing, made, strict=True):
                    digests[i] = digest
                columns["digest"] = digests
            columns["outcome"] = [KEPT] * len(texts)
            yield self._batch(columns, len(texts))
        if self._rejected:
            yield self._batch(_columns(REJECTED.names, self._rejected), len(self._rejected))
        self._documents, self._rejected, self._bytes = [], [], 0

    def _batch(self, columns: dict[str, Any], size: int) -> pa.RecordBatch:
        import pyarrow as pa

        columns["slice"] = [self._slice] * size
        if "text" in columns:
            columns["snapshot"] = [self._snapshot] * size
            uris = pa.array(columns.pop("uri"), pa.string())
            offsets = pa.array(columns.pop("offset"), pa.int64())
            columns["source"] = pa.StructArray.from_arrays([uris, offsets], ["uri", "offset"])
            columns["metadata"] = _maps(columns["metadata"])
        return filled(OUTCOMES, columns, size)


def _columns(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> dict[str, Any]:
    return dict(zip(names, zip(*rows, strict=True), strict=True))


def _strings(contents: Sequence[bytes]) -> tuple[pa.Array, pa.Array]:
    """Return a column of strings from their UTF-8, which is put together at once, and their lines."""
    import numpy as np
    import pyarrow as pa

    ends = np.zeros(len(contents) + 1, np.int32)
    np.cumsum([len(content) for content in contents], out=ends[1:])
    joined = b"".join(contents)
    newlines = np.flatnonzero(np.frombuffer(joined, np.uint8) == ord("\n"))
    lines = np.diff(np.searchsorted(newlines, ends)) + (np.diff(ends) > 0)
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(joined)]
    return pa.Array.from_buffers(pa.string(), len(contents), buffers), pa.array(lines, pa.int32())


def _maps(values: Sequence[dict[str, str] | None]) -> pa.Array:
    """Return a column of maps: built from its keys and values, several times faster than of pairs."""
    import pyarrow as pa

    ends = [0, *itertools.accumulate(len(value) if value else 0 for value in values)]
    # a null is a start that is null
    starts: list[int | None] = [
        None if value is None else start for value, start in zip(values, ends, strict=False)
    ]
    there = [value for value in values if value]
    keys = pa.array(list(itertools.chain.from_iterable(there)), pa.string())
    items = pa.array(
        list(itertools.chain.from_iterable(value.values() for value in there)), pa.string()
    )
    return pa.MapArray.from_arrays(pa.array([*starts, ends[-1]], pa.int32()), keys, items)
