"""Columns of `schemas.tables.documents`, built from blocks of documents."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from udfs.digest import SHA1_LENGTH, sha1_digests
from udfs.line_feeds import line_feeds

if TYPE_CHECKING:
    import pyarrow as pa

# stored as given; the other columns are computed from the text, the uri and the offset
_PLAIN = ("id", "url", "title", "date", "digest", "license", "source_domain", "cc_segment")
_MESSAGES = "messages"
_OWN = ("uri", "offset", "metadata")


class Documents(NamedTuple):
    """Documents in columns, which take less time each than as many `Document`.

    Attributes
    ----------
    contents
        The texts, in UTF-8.
    lengths
        The lengths of the texts in code points.
    columns
        The other columns of `Document` by name; a missing one is null.
    """

    contents: Sequence[bytes]
    lengths: Sequence[int]
    columns: Mapping[str, Sequence[Any]]


class DocumentColumns:
    """The columns of the documents so far.

    Texts are hashed a block at a time, while the block is in the processor's cache.
    """

    def __init__(self) -> None:
        self._lists: dict[str, list[Any]] = {name: [] for name in (*_PLAIN, *_OWN, _MESSAGES)}
        self._lengths: list[int] = []
        self._sha1s: list[bytes] = []  # of the texts of documents without a digest
        # one growing buffer: a bytes object for each text would be an allocation for each
        self._text = bytearray()
        self._sizes: list[int] = []  # of the texts in bytes

    def __len__(self) -> int:
        return len(self._lengths)

    def extend(self, documents: Documents) -> None:
        """Add a block of documents; without a digest, the text's SHA-1 is used."""
        contents, lengths, columns = documents
        for name, known in self._lists.items():
            known.extend(columns.get(name) or itertools.repeat(None, len(contents)))
        undigested = contents
        if digests := columns.get("digest"):
            undigested = [
                content for content, digest in zip(contents, digests, strict=True) if not digest
            ]
        self._sha1s += [hashlib.sha1(content).digest() for content in undigested]
        self._text += b"".join(contents)
        self._sizes += map(len, contents)
        self._lengths += lengths

    def arrays(self) -> dict[str, Any]:
        """Return the columns by name, as lists or Arrow arrays; nothing may be added after that."""
        import pyarrow as pa

        lists = self._lists
        uris = pa.array(lists["uri"], pa.string())
        offsets = pa.array(lists["offset"], pa.int64())
        conversations = {_MESSAGES: lists[_MESSAGES]} if any(lists[_MESSAGES]) else {}
        return {
            **{name: lists[name] for name in _PLAIN},
            **conversations,
            "text": _strings(self._text, self._sizes),
            "digest": _digests(lists["digest"], self._sha1s),
            "length": self._lengths,
            "nlines": line_feeds(self._text, self._sizes) + np.minimum(self._sizes, 1),
            "source": pa.StructArray.from_arrays([uris, offsets], ["uri", "offset"]),
            "metadata": _maps(lists["metadata"]),
        }


def _digests(recorded: Sequence[str | None], sha1s: Sequence[bytes]) -> pa.Array | list[str]:
    """Return the digests of documents: the given ones, else those of the SHA-1s in turn."""
    computed = sha1_digests(sha1s)
    if len(sha1s) == len(recorded):
        return _strings(computed, [SHA1_LENGTH] * len(sha1s))
    starts = range(0, len(computed), SHA1_LENGTH)
    digests = (computed[start : start + SHA1_LENGTH].decode() for start in starts)
    return [digest or next(digests) for digest in recorded]


def _strings(text: bytes | bytearray, sizes: Sequence[int]) -> pa.Array:
    """Return a column of strings from their UTF-8, which is not copied."""
    import pyarrow as pa

    ends = np.zeros(len(sizes) + 1, np.int32)
    np.cumsum(sizes, out=ends[1:])
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(text)]
    return pa.Array.from_buffers(pa.string(), len(sizes), buffers)


def _maps(values: Sequence[dict[str, str] | None]) -> pa.Array:
    """Return a column of maps, built from keys and values: several times faster than from pairs."""
    import pyarrow as pa

    # usually all documents of a file have the same map
    if (first := values[0]) and values.count(first) == len(values):
        size = len(first)
        ends = [*range(0, size * len(values) + 1, size)]
        keys = pa.array([*first] * len(values), pa.string())
        items = pa.array([*first.values()] * len(values), pa.string())
        return pa.MapArray.from_arrays(pa.array(ends, pa.int32()), keys, items)
    ends = [0, *itertools.accumulate(len(value) if value else 0 for value in values)]
    # a null start makes a null map
    starts: list[int | None] = [
        None if value is None else start for value, start in zip(values, ends, strict=False)
    ]
    maps = [value for value in values if value]
    keys = pa.array(list(itertools.chain.from_iterable(maps)), pa.string())
    items = pa.array(
        list(itertools.chain.from_iterable(value.values() for value in maps)), pa.string()
    )
    return pa.MapArray.from_arrays(pa.array([*starts, ends[-1]], pa.int32()), keys, items)
