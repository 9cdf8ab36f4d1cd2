r"""CCNet's paragraph dedup: hash the lines of web documents and drop the repeated ones.

The rule is that of `cc_net.dedup` (`compute_hashes`, `DuplicatesRemover`). A paragraph is a line, split
at "\n". Its hash is a duplicate if it occurs in two or more documents of a group of archives. CCNet
drops every copy, the first one too (`keep="none"`); with `keep="first"` the first document of the group
by (uri, offset) keeps it. Within a document only the first of equal lines is kept. CCNet marks a dropped
line by the hash 0, so a line that hashes to 0 is dropped.

Two functions return the kept lines and agree:

- for a group of one archive, `archive_line_ids` of all its documents;
- for a larger group, `line_ids_given` of documents in batches of any size, after
  `archive_hash_counts` of each archive and a sum by hash over the archives.

Hashes of documents are a list with one uint64 array per document. The functions work on their
concatenation: 3 million lines take about a second.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from udfs.ccnet.normalizer import dedup_lines

Hashes = npt.NDArray[np.uint64]
Signed = npt.NDArray[np.int64]
LineIds = npt.NDArray[np.int32]
Keep = Literal["none", "first"]

# the first 8 of the 20 bytes of a SHA-1 digest
_HEAD_OF_SHA1 = np.dtype({"names": ["hash"], "formats": ["<u8"], "offsets": [0], "itemsize": 20})


class HashCounts(NamedTuple):
    """The distinct hashes of one archive, as its group needs them.

    Attributes
    ----------
    hashes
        Sorted.
    documents
        The number of documents that contain each hash: 1, or 2 for two and more.
    first_offset
        The offset of the first document that contains each hash.
    """

    hashes: Hashes
    documents: npt.NDArray[np.int8]
    first_offset: Signed


class Keepers(NamedTuple):
    """The duplicates whose first document in the group is in this archive.

    Attributes
    ----------
    hashes
        Sorted.
    offsets
        The offset of the first document of each hash.
    """

    hashes: Hashes
    offsets: Signed


def hash_paragraphs(text: str) -> Hashes:
    """Return the hash of each normalised line: the first 8 bytes of its SHA-1, little-endian.

    An empty text is one empty line, and an empty line has a hash like any other.
    """
    sha1 = hashlib.sha1
    digests = b"".join([sha1(line).digest() for line in dedup_lines(text)])
    hashes: Hashes = np.frombuffer(digests, _HEAD_OF_SHA1)["hash"].astype(np.uint64)
    return hashes


def line_lengths(text: str) -> npt.NDArray[np.int32]:
    """Return the length of each line in code points, without its newline."""
    return np.array([len(line) for line in text.split("\n")], np.int32)


def to_signed(hashes: Hashes) -> Signed:
    """Return the same 64 bits as signed integers, which Spark's long is."""
    return hashes.view(np.int64)


def to_hashes(signed: Signed) -> Hashes:
    """Return the hashes of signed integers from Spark; sorted longs are not sorted hashes."""
    return signed.view(np.uint64)


def archive_line_ids(
    hashes: Sequence[Hashes], offsets: Signed | None = None, keep: Keep = "none"
) -> list[LineIds]:
    """Return the line numbers that each document of a group keeps, from 0 and ascending.

    Parameters
    ----------
    hashes
        The line hashes of all documents of the group.
    offsets
        The documents' offsets in their archive, for `keep="first"`; without them, documents come
        in the order of `hashes`.
    keep
        Which document keeps a paragraph of two or more: none, or the first.
    """
    flat, document = _concatenated(hashes)
    order, starts, stops = _runs(flat, document if offsets is None else _ranks(offsets)[document])
    first = order[starts]
    kept = flat[first] != 0
    if keep == "none":
        kept &= document[first] == document[order[stops - 1]]
    return _by_document(first[kept], document, hashes)


def archive_hash_counts(hashes: Sequence[Hashes], offsets: Signed) -> HashCounts:
    """Return the distinct hashes of one archive, with their document counts and first documents.

    Parameters
    ----------
    hashes
        The line hashes of all documents of the archive.
    offsets
        The documents' offsets in the archive.
    """
    flat, document = _concatenated(hashes)
    order, starts, stops = _runs(flat, _ranks(offsets)[document])
    first, last = document[order[starts]], document[order[stops - 1]]
    return HashCounts(
        hashes=flat[order[starts]],
        documents=np.where(first == last, 1, 2).astype(np.int8),
        first_offset=np.asarray(offsets, np.int64)[first],
    )


def line_ids_given(
    hashes: Sequence[Hashes],
    offsets: Signed,
    duplicates: Hashes,
    keepers: Keepers | None = None,
) -> list[LineIds]:
    """Return the line numbers that each document keeps, given the duplicates of its group.

    Parameters
    ----------
    hashes, offsets
        The line hashes and offsets of some or all documents of one archive.
    duplicates
        The hashes of two or more documents of the group, sorted. They need not occur in `hashes`.
    keepers
        For `keep="first"`: the duplicates that documents of this archive keep.
    """
    flat, document = _concatenated(hashes)
    order, starts, _ = _runs(flat, document)
    # the first of a document's equal lines is where the hash changes or, within a run, the document
    new = np.zeros(len(flat), bool)
    new[starts] = True
    new[1:] |= np.diff(document[order]) != 0
    candidates = order[new]
    values = flat[candidates]
    dropped = _look_up(duplicates, values)[0]
    if keepers is not None:
        has_keeper, index = _look_up(keepers.hashes, values)
        own_offsets = np.asarray(offsets, np.int64)[document[candidates[has_keeper]]]
        dropped[has_keeper] &= keepers.offsets[index[has_keeper]] != own_offsets
    return _by_document(candidates[~dropped & (values != 0)], document, hashes)


def apply(text: str, line_ids: npt.ArrayLike) -> str:
    """Return the given lines of a text, joined by newlines."""
    lines = text.split("\n")
    return "\n".join([lines[i] for i in np.asarray(line_ids, np.int64).tolist()])


def kept_length(lengths: npt.NDArray[np.int32], line_ids: LineIds) -> int:
    """Return the length of `apply(text, line_ids)` in code points, given `line_lengths(text)`."""
    return int(lengths[line_ids].sum(dtype=np.int64)) + max(len(line_ids) - 1, 0)


def _concatenated(hashes: Sequence[Hashes]) -> tuple[Hashes, npt.NDArray[np.int64]]:
    """Return all hashes in one array, and an array with the document index of each."""
    flat = np.concatenate([*hashes, np.empty(0, np.uint64)], dtype=np.uint64)
    return flat, np.repeat(np.arange(len(hashes)), [len(h) for h in hashes])


def _ranks(offsets: Signed) -> npt.NDArray[np.int64]:
    """Return the rank of each document by offset."""
    ranks = np.empty(len(offsets), np.int64)
    ranks[np.argsort(offsets, kind="stable")] = np.arange(len(offsets))
    return ranks


def _runs(
    flat: Hashes, rank: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the order of lines by (hash, rank of the document, line), and its runs of equal hashes.

    The runs are two arrays: their starts and their ends.
    """
    in_order = bool((rank[1:] >= rank[:-1]).all())
    order = np.argsort(flat, kind="stable") if in_order else np.lexsort((rank, flat))
    changes = np.flatnonzero(np.diff(flat[order])) + 1
    bounds = np.concatenate(([0], changes, [len(flat)])) if len(flat) else np.zeros(1, np.int64)
    return order, bounds[:-1], bounds[1:]


def _look_up(table: Hashes, values: Hashes) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.int64]]:
    """Return a mask of the values that a sorted table contains, and their indices in the table."""
    if not len(table):
        return np.zeros(len(values), bool), np.zeros(len(values), np.int64)
    index = np.minimum(np.searchsorted(table, values), len(table) - 1)
    return table[index] == values, index


def _by_document(
    positions: npt.NDArray[np.int64], document: npt.NDArray[np.int64], hashes: Sequence[Hashes]
) -> list[LineIds]:
    """Return positions among all lines as line numbers: one sorted array per document."""
    positions = np.sort(positions)
    starts = np.cumsum([0, *map(len, hashes)])
    line_ids = (positions - starts[document[positions]]).astype(np.int32)
    bounds = np.searchsorted(positions, starts)
    return [line_ids[a:b] for a, b in itertools.pairwise(bounds.tolist())]
