"""Spanning forest of a stream of edges in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

Places = npt.NDArray[np.int64]
Pairs = tuple[Places, Places]


class Forest:
    """The pairs that connect nodes which no earlier pair connected: at most n - 1 of n nodes."""

    def __init__(self, count: int) -> None:
        self._component = np.arange(count)
        self._left: list[Places] = []
        self._right: list[Places] = []
        self._waiting = 0
        self._kept: list[Pairs] = []

    def add(self, left: Places, right: Places) -> None:
        new = self._component[left] != self._component[right]
        self._left.append(left[new])
        self._right.append(right[new])
        self._waiting += int(np.count_nonzero(new))
        if self._waiting > max(1 << 20, len(self._component)):
            self._reduce()

    def kept(self) -> Pairs:
        """Return pairs that connect the same nodes as all that were added."""
        self._reduce()
        return _joined(self._kept)

    def _reduce(self) -> None:
        from scipy.sparse import coo_matrix
        from scipy.sparse.csgraph import connected_components, minimum_spanning_tree

        left, right = _joined(list(zip(self._left, self._right, strict=True)))
        self._left, self._right, self._waiting = [], [], 0
        ends = np.sort(np.stack((self._component[left], self._component[right])), axis=0)
        new = np.flatnonzero(ends[0] != ends[1])
        if not len(new):
            return
        count = len(self._component)
        # one pair for two components: the sparse matrix would add the weights of several
        links, first = np.unique(ends[0][new] * count + ends[1][new], return_index=True)
        weights = np.arange(1, len(links) + 1, dtype=np.float64)
        graph = coo_matrix((weights, np.divmod(links, count)), shape=(count, count))
        tree = minimum_spanning_tree(graph).data.astype(np.int64) - 1
        chosen = new[first[tree]]
        self._kept.append((left[chosen], right[chosen]))
        _, labels = connected_components(graph, directed=False)
        self._component = labels[self._component].astype(np.int64)


def forest(count: int, pairs: Iterator[Pairs]) -> Pairs:
    """Return at most count - 1 of the pairs, which connect the same nodes as all of them."""
    kept = Forest(count)
    for left, right in pairs:
        kept.add(left, right)
    return kept.kept()


def _joined(pairs: Sequence[Pairs]) -> Pairs:
    none = np.empty(0, np.int64)
    return (
        np.concatenate([none, *(left for left, _ in pairs)]),
        np.concatenate([none, *(right for _, right in pairs)]),
    )
