r"""CCNet's paragraph dedup: hash the lines of a web document, find and drop the repeated ones.

A paragraph is a line, split at "\n". Its hash is a duplicate when it occurs in two or more
documents of a group of archives. CCNet then drops every copy, the first one too (`keep="none"`);
with `keep="first"` the first document of the group, by (uri, offset), keeps it. Within a document
only the first of equal lines stays. A hash of 0 is CCNet's mark for a dropped line, so a line that
hashes to 0 is dropped. (`cc_net.dedup`: `compute_hashes`, `DuplicatesRemover`.)

Two ways to the kept lines, which agree:

- a group of one archive: `archive_line_ids` over all its documents;
- a wider group: `archive_hash_counts` for each archive, a sum by hash over the archives, then
  `line_ids_given` over documents in batches of any size.

Arrays of documents are lists of one uint64 array a document; all work is done on their
concatenation, 3 million lines in about a second.
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
    """The distinct hashes of one archive, sorted, with what a group must know of each."""

    hashes: Hashes
    documents: npt.NDArray[np.int8]  # documents that have it: 1, or 2 for two or more
    first_offset: Signed  # of the first document that has it


class Keepers(NamedTuple):
    """Duplicates whose first document in the group lies in this archive, and its offset there."""

    hashes: Hashes  # sorted
    offsets: Signed


def hash_paragraphs(text: str) -> Hashes:
    """Return the hash of every line: the first 8 bytes of its SHA-1 as a little-endian number.

    An empty text is one empty line, and an empty line hashes like any other.
    """
    sha1 = hashlib.sha1
    digests = b"".join([sha1(line).digest() for line in dedup_lines(text)])
    hashes: Hashes = np.frombuffer(digests, _HEAD_OF_SHA1)["hash"].astype(np.uint64)
    return hashes


def line_lengths(text: str) -> npt.NDArray[np.int32]:
    """Return the length of every line in code points, without its newline."""
    return np.array([len(line) for line in text.split("\n")], np.int32)


def to_signed(hashes: Hashes) -> Signed:
    """Return the same 64 bits as Spark's long, which is signed."""
    return hashes.view(np.int64)


def to_hashes(signed: Signed) -> Hashes:
    """Return the hashes behind Spark's longs: their order is not the order of the longs."""
    return signed.view(np.uint64)


def duplicate_hashes(hashes: Sequence[Hashes]) -> Hashes:
    """Return, sorted, the hashes that occur in two or more of the documents of a group."""
    counts = archive_hash_counts(hashes, np.arange(len(hashes), dtype=np.int64))
    return counts.hashes[counts.documents > 1]


def keep_lines(hashes: Hashes, duplicates: Hashes, *, first_here: Hashes | None = None) -> LineIds:
    """Return the 0-based numbers of the lines that one document keeps, ascending.

    Parameters
    ----------
    hashes
        Of every line of the document.
    duplicates
        The hashes to drop, sorted.
    first_here
        Those of them whose first document this one is, sorted: it keeps them.
    """
    keepers = None
    if first_here is not None:
        keepers = Keepers(first_here, np.zeros(len(first_here), np.int64))
    return line_ids_given([hashes], np.zeros(1, np.int64), duplicates, keepers)[0]


def archive_line_ids(
    hashes: Sequence[Hashes], offsets: Signed | None = None, keep: Keep = "none"
) -> list[LineIds]:
    """Return the line numbers that each document keeps, the group being these documents.

    Parameters
    ----------
    hashes
        Of every line, a document each.
    offsets
        Where the documents start in their archive; without them, the first document is the one
        that comes first in `hashes`. It matters to `keep="first"` alone.
    keep
        Who keeps a paragraph of two or more documents: none of them, or the first.
    """
    flat, document = _concatenated(hashes)
    order, starts, stops = _runs(flat, document if offsets is None else _ranks(offsets)[document])
    first = order[starts]
    kept = flat[first] != 0
    if keep == "none":
        kept &= document[first] == document[order[stops - 1]]
    return _by_document(first[kept], document, hashes)


def archive_hash_counts(hashes: Sequence[Hashes], offsets: Signed) -> HashCounts:
    """Return the distinct hashes of one archive, how many documents have each, and the first.

    Parameters
    ----------
    hashes
        Of every line, a document each.
    offsets
        Where each document starts in the archive.
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
    """Return the line numbers that each document keeps, given its group's duplicates.

    Parameters
    ----------
    hashes, offsets
        Of some or all documents of one archive.
    duplicates
        The hashes in two or more documents of the group, sorted; also those not met here.
    keepers
        For `keep="first"`: the duplicates that some document of this archive keeps.
    """
    flat, document = _concatenated(hashes)
    order, starts, _ = _runs(flat, document)
    # a line is new to its document where the hash changes or, within a run, the document does
    new = np.zeros(len(flat), bool)
    new[starts] = True
    new[1:] |= np.diff(document[order]) != 0
    candidates = order[new]
    values = flat[candidates]
    dropped = _look_up(duplicates, values)[0]
    if keepers is not None:
        found, at = _look_up(keepers.hashes, values)
        here = np.asarray(offsets, np.int64)[document[candidates[found]]]
        dropped[found] &= keepers.offsets[at[found]] != here
    return _by_document(candidates[~dropped & (values != 0)], document, hashes)


def apply(text: str, line_ids: npt.ArrayLike) -> str:
    """Return what is left of a text: the lines kept, in their order."""
    lines = text.split("\n")
    return "\n".join([lines[i] for i in np.asarray(line_ids, np.int64).tolist()])


def kept_length(lengths: npt.NDArray[np.int32], line_ids: LineIds) -> int:
    """Return the length of `apply(text, line_ids)` in code points, given `line_lengths(text)`."""
    return int(lengths[line_ids].sum(dtype=np.int64)) + max(len(line_ids) - 1, 0)


def _concatenated(hashes: Sequence[Hashes]) -> tuple[Hashes, npt.NDArray[np.int64]]:
    """Return all hashes in one array, and beside each the index of its document."""
    flat = np.concatenate([*hashes, np.empty(0, np.uint64)], dtype=np.uint64)
    return flat, np.repeat(np.arange(len(hashes)), [len(h) for h in hashes])


def _ranks(offsets: Signed) -> npt.NDArray[np.int64]:
    """Return the place of each document in the order of offsets."""
    ranks = np.empty(len(offsets), np.int64)
    ranks[np.argsort(offsets, kind="stable")] = np.arange(len(offsets))
    return ranks


def _runs(
    flat: Hashes, rank: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Sort lines by (hash, rank of the document, line); return the order and the runs of a hash."""
    in_order = bool((rank[1:] >= rank[:-1]).all())
    order = np.argsort(flat, kind="stable") if in_order else np.lexsort((rank, flat))
    changes = np.flatnonzero(np.diff(flat[order])) + 1
    bounds = np.concatenate(([0], changes, [len(flat)])) if len(flat) else np.zeros(1, np.int64)
    return order, bounds[:-1], bounds[1:]


def _look_up(table: Hashes, values: Hashes) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.int64]]:
    """Return which of `values` a sorted table has, and where."""
    if not len(table):
        return np.zeros(len(values), bool), np.zeros(len(values), np.int64)
    at = np.minimum(np.searchsorted(table, values), len(table) - 1)
    return table[at] == values, at


def _by_document(
    positions: npt.NDArray[np.int64], document: npt.NDArray[np.int64], hashes: Sequence[Hashes]
) -> list[LineIds]:
    """Turn positions among all lines into line numbers, a sorted array a document."""
    positions = np.sort(positions)
    starts = np.cumsum([0, *map(len, hashes)])
    line_ids = (positions - starts[document[positions]]).astype(np.int32)
    bounds = np.searchsorted(positions, starts)
    return [line_ids[a:b] for a, b in itertools.pairwise(bounds.tolist())]
