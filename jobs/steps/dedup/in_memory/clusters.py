"""Verify large clusters: `jobs.steps.dedup.clusters` on arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from jobs.steps.dedup import components
from jobs.steps.dedup.clusters import REPORTED, ROUNDS
from jobs.steps.dedup.in_memory.documents import Flags
from jobs.steps.dedup.in_memory.edges import Edges
from jobs.steps.dedup.in_memory.survivors import Clusters, Compared, Survivors


def connected(edges: Edges) -> Clusters:
    """Return the connected components of the edges."""
    return Clusters(*components.labels(*edges))


def verified(
    clusters: Clusters, edges: Edges, survivors: Survivors, limit: int
) -> tuple[Clusters, list[dict[str, Any]]]:
    """Return the clusters, the large ones without members that are not similar to the survivor.

    Parameters
    ----------
    limit
        Maximum number of documents of a cluster that is not verified.

    Returns
    -------
    tuple
        The clusters; and the largest above the limit, as from `jobs.steps.dedup.clusters.verified`.
    """
    _, of_node, sizes = np.unique(clusters.component, return_inverse=True, return_counts=True)
    is_large = sizes[of_node] > limit
    parts = [_where(clusters, ~is_large)]
    large = _where(clusters, is_large)
    reported: list[dict[str, Any]] = []
    for _ in range(ROUNDS):
        if not len(large.node):
            break
        compared = survivors.of(large)
        reported = reported or _largest(compared, survivors)
        kept = compared.is_duplicate
        survivor_nodes = survivors.documents.numbers[compared.survivor]
        parts.append(Clusters(compared.node[kept], survivor_nodes[kept]))
        remaining = np.isin(edges, compared.node[~kept]).all(axis=0)
        large = connected(Edges(edges.node[remaining], edges.centre[remaining]))
    return Clusters(*map(np.concatenate, zip(*parts, strict=True))), reported


def _where(clusters: Clusters, wanted: Flags) -> Clusters:
    return Clusters(clusters.node[wanted], clusters.component[wanted])


def _largest(compared: Compared, survivors: Survivors) -> list[dict[str, Any]]:
    ids = survivors.documents.rows["id"]
    clusters, of_document, sizes = np.unique(
        compared.cluster, return_inverse=True, return_counts=True
    )
    kept = np.bincount(of_document, weights=compared.is_duplicate).astype(np.int64)
    found = zip((ids[int(place)].as_py() for place in clusters), sizes, kept, strict=True)
    largest = sorted(found, key=lambda cluster: (-cluster[1], cluster[0]))[:REPORTED]
    return [{"cluster_id": id_, "documents": int(n), "kept": int(k)} for id_, n, k in largest]
