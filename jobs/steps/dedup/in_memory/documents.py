"""The documents to deduplicate as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from jobs.steps.dedup.trees import TREE
from udfs.near_duplicates.minhash_v2 import PERMUTATIONS
from udfs.quality_signals.arrays import Ints

Minima = npt.NDArray[np.uint32]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Documents:
    """Documents, and their nodes as numbers from 0 in the order of the nodes.

    Attributes
    ----------
    rows
        As from `jobs.steps.dedup.documents.read`, with `node`; `original`, the node of the id; and
        `simhash_hash`, Spark's hash of the SimHash. Without `tree` and `parts` where no document is a
        conversation.
    """

    rows: pa.Table

    @cached_property
    def _numbered(self) -> tuple[Ints, Ints]:
        nodes, numbers = np.unique(self.rows["node"].to_numpy(), return_inverse=True)
        return nodes, numbers.astype(np.int64)

    @property
    def nodes(self) -> Ints:
        """The different nodes, ascending."""
        return self._numbered[0]

    @property
    def numbers(self) -> Ints:
        """The number of each document's node."""
        return self._numbered[1]

    @cached_property
    def order(self) -> Ints:
        """The documents in the order of their nodes."""
        return np.argsort(self.numbers, kind="stable").astype(np.int64)

    @cached_property
    def of_node(self) -> Ints:
        """A document of each node: the only one of a node that has an edge."""
        return np.unique(self.numbers, return_index=True)[1].astype(np.int64)

    @cached_property
    def is_first(self) -> Flags:
        """Return whether no earlier root has the document's id."""
        return np.asarray(pc.equal(self.rows["unique_id"], self.rows["id"]))

    @cached_property
    def _signatures(self) -> tuple[Minima, Ints]:
        column = self.rows["minhash"]
        minima = minima_of(column.drop_null())
        places = np.full(len(column), -1, np.int64)
        places[np.asarray(column.is_valid())] = np.arange(len(minima))
        return minima, places

    @property
    def minima(self) -> Minima:
        """The signatures of the documents that have one, a row each."""
        return self._signatures[0]

    @property
    def signature(self) -> Ints:
        """The row of each document in `minima`; -1 for none."""
        return self._signatures[1]

    def codes(self, column: str) -> Ints:
        """Return a number for each value of a column, equal for equal ones; -1 for null."""
        encoded = self.rows[column].combine_chunks().dictionary_encode()
        return np.asarray(encoded.indices.fill_null(-1)).astype(np.int64)

    @cached_property
    def trees(self) -> Ints:
        """A number for the tree of each document; -1 for none."""
        if TREE not in self.rows.column_names:
            return np.full(len(self.numbers), -1, np.int64)
        return self.codes(TREE)

    def same_tree(self, one: Ints, other: Ints) -> Flags:
        """Return whether the documents of each pair are threads of one tree."""
        same: Flags = (self.trees[one] >= 0) & (self.trees[one] == self.trees[other])
        return same

    def scopes(self, scope: str | None) -> Ints:
        """Return a number for each scope: 0 for all documents if there is no scope."""
        if scope is None:
            return np.zeros(len(self.numbers), np.int64)
        # null and an empty name are one scope
        names = pc.fill_null(self.rows[scope], "").combine_chunks().dictionary_encode()
        return np.asarray(names.indices).astype(np.int64)

    @cached_property
    def simhash(self) -> tuple[npt.NDArray[np.uint64], Flags]:
        """The SimHashes, 0 for none, and whether a document has one."""
        column = self.rows["simhash"]
        values = np.asarray(column.fill_null(0)).astype(np.int64).view(np.uint64)
        return values, np.asarray(column.is_valid())

    def similarities(self, one: Ints, other: Ints) -> npt.NDArray[np.float64]:
        """Return the estimated similarity of pairs of documents; NaN if one has no signature."""
        left, right = self.signature[one], self.signature[other]
        shares = np.full(len(one), np.nan)
        known = np.flatnonzero((left >= 0) & (right >= 0))
        shares[known] = equal_shares(self.minima, left[known], self.minima, right[known])
        return shares


def minima_of(signatures: pa.ChunkedArray) -> Minima:
    """Return the minima of signatures, none of which is null, a row each."""
    parts = [np.frombuffer(b"".join(chunk.to_pylist()), ">u4") for chunk in signatures.chunks]
    minima: Minima = np.concatenate([np.empty(0, np.uint32), *parts], dtype=np.uint32)
    return minima.reshape(-1, PERMUTATIONS)


def equal_shares(
    minima: Minima, rows: Ints, others: Minima, other_rows: Ints
) -> npt.NDArray[np.float64]:
    """Return the share of equal minima of pairs of rows of two arrays: the estimated similarity."""
    shares = np.empty(len(rows))
    for start in range(0, len(rows), _PAIRS):
        some = slice(start, start + _PAIRS)
        shares[some] = (minima[rows[some]] == others[other_rows[some]]).mean(axis=1)
    return shares


_PAIRS = 1 << 14  # pairs of signatures that are compared at once: 16 MB
