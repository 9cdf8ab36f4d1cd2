"""The documents to deduplicate as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

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
        `simhash_hash`, Spark's hash of the SimHash.
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
        """Whether no earlier root has the document's id."""
        return np.asarray(pc.equal(self.rows["unique_id"], self.rows["id"]))

    @cached_property
    def _signatures(self) -> tuple[Minima, Ints]:
        column = self.rows["minhash"]
        parts = [
            np.frombuffer(b"".join(chunk.drop_null().to_pylist()), ">u4") for chunk in column.chunks
        ]
        minima = np.concatenate([np.empty(0, ">u4"), *parts]).reshape(-1, PERMUTATIONS)
        places = np.full(len(column), -1, np.int64)
        places[np.asarray(column.is_valid())] = np.arange(len(minima))
        return minima.astype(np.uint32), places

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
        for start in range(0, len(known), _PAIRS):
            some = known[start : start + _PAIRS]
            shares[some] = (self.minima[left[some]] == self.minima[right[some]]).mean(axis=1)
        return shares


_PAIRS = 1 << 14  # pairs of signatures that are compared at once: 16 MB
