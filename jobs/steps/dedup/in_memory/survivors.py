"""Choose a survivor for each cluster: `jobs.steps.dedup.survivors` on arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from jobs.steps.dedup.in_memory.documents import Documents, Flags
from jobs.steps.dedup.ranking import Criterion
from jobs.steps.dedup.survivors import SurvivorRules
from udfs.quality_signals.arrays import Ints


class Clusters(NamedTuple):
    """Nodes, and a number for the cluster of each."""

    node: Ints
    component: Ints


@dataclass(frozen=True)
class Compared:
    """The documents of clusters, compared with the survivors; an element a document.

    Attributes
    ----------
    node, component
        As in `Clusters`, in the order of the components.
    document, survivor, cluster
        Places in `Documents`: of the node, of the survivor, and of the cluster's smallest id.
    has_own
        Whether the cluster has a document of this root.
    same_tree
        Whether the document and the survivor are threads of one tree.
    distance
        Of SimHashes; -1 where one of the two has none.
    similarity
        Of MinHashes; NaN where one of the two has none.
    """

    node: Ints
    component: Ints
    document: Ints
    survivor: Ints
    cluster: Ints
    has_own: Flags
    exact: Flags
    same_tree: Flags
    distance: Ints
    similarity: npt.NDArray[np.float64]
    is_duplicate: Flags


@dataclass(frozen=True)
class Survivors:
    """Finds the survivors of clusters.

    Parameters
    ----------
    members
        Nodes that may be in clusters.
    """

    documents: Documents
    members: Ints
    rules: SurvivorRules

    @cached_property
    def _ranks(self) -> Ints:
        """The place of each node among all members in the order of preference."""
        keys = keys_of(self.documents, self.documents.of_node[self.members], self.rules.ranking)
        return self._places(sorted(range(len(keys)), key=lambda place: (keys[place], place)))

    @cached_property
    def _ids(self) -> Ints:
        """The place of each node among all members in the order of the ids."""
        ids = self.documents.rows["id"].take(pa.array(self.documents.of_node[self.members]))
        return self._places(np.asarray(pc.sort_indices(ids)).astype(np.int64))

    def _places(self, order: Sequence[int] | Ints) -> Ints:
        places = np.full(len(self.documents.nodes), -1, np.int64)
        places[self.members[np.asarray(order, np.int64)]] = np.arange(len(self.members))
        return places

    def of(self, clusters: Clusters) -> Compared:
        """Return each document of the clusters, compared with its survivor."""
        order = np.lexsort(clusters[::1])
        node, component = clusters.node[order], clusters.component[order]
        starts = np.flatnonzero(np.append(True, component[1:] != component[:-1]))[: len(node)]
        sizes = np.diff(np.append(starts, len(node)))
        documents, of_node = self.documents, self.documents.of_node

        def first(places: Ints) -> Ints:
            """Return the document of each cluster that is first by some places."""
            least = np.minimum.reduceat(places[node], starts) if len(starts) else starts
            by_place = np.empty(len(self.members), np.int64)
            by_place[places[self.members]] = self.members
            return np.repeat(of_node[by_place[least]], sizes)

        document, survivor = of_node[node], first(self._ranks)
        is_own = np.asarray(documents.rows["root"].is_null())[document]
        own = np.logical_or.reduceat(is_own, starts) if len(starts) else is_own
        digests = documents.codes("digest")
        exact = (digests[document] >= 0) & (digests[document] == digests[survivor])
        distance = _distances(documents, document, survivor)
        similarity = documents.similarities(document, survivor)
        same_tree = documents.same_tree(document, survivor)
        near = similarity >= self.rules.threshold
        near_simhash = (distance >= 0) & (distance <= self.rules.simhash_distance)
        return Compared(
            node,
            component,
            document,
            survivor,
            first(self._ids),
            np.repeat(own, sizes),
            exact,
            same_tree,
            distance,
            similarity,
            exact | ((near | near_simhash) & ~same_tree) | (document == survivor),
        )


def keys_of(
    documents: Documents, places: Ints, ranking: Sequence[Criterion]
) -> list[tuple[object, ...]]:
    """Return the keys of some documents by which a cluster's are ranked."""
    columns = [criterion.column for criterion in ranking]
    rows = documents.rows.select(columns).take(pa.array(places)).to_pylist()
    return [tuple(criterion.key(row) for criterion in ranking) for row in rows]


def _distances(documents: Documents, one: Ints, other: Ints) -> Ints:
    values, known = documents.simhash
    bits = np.bitwise_count(values[one] ^ values[other]).astype(np.int64)
    return np.where(known[one] & known[other], bits, -1)
