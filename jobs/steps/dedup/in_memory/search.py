"""Find the duplicates among a few documents in the driver's memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from jobs.steps.dedup.documents import SCOPES
from jobs.steps.dedup.in_memory import clusters, copies, edges, verify
from jobs.steps.dedup.in_memory.documents import Documents
from jobs.steps.dedup.in_memory.edges import Edges
from jobs.steps.dedup.in_memory.survivors import Clusters, Compared, Survivors
from jobs.steps.dedup.survivors import SurvivorRules
from schemas.settings.dedup import DedupConfig
from udfs.quality_signals.arrays import Ints


@dataclass(frozen=True)
class Found:
    """The result of a search: rows of `jobs.steps.dedup.survivors.COMPARED` and of copies/."""

    compared: pa.Table
    copies: pa.Table
    oversized: list[dict[str, Any]]


def find(
    documents: Documents, config: DedupConfig, rules: SurvivorRules, bands: tuple[int, int]
) -> Found | None:
    """Return the duplicates among documents; None if two documents that have an edge share a node.

    Parameters
    ----------
    bands
        Number of bands, and rows of each.
    """
    search = _Search(documents, config, rules, bands)
    scope = SCOPES[config.scope]
    within = search.clusters(scope)
    overall = within if scope is None or within is None else search.clusters(None)
    if within is None or overall is None:
        return None
    survivors, clustered, oversized = within
    return Found(
        _table(documents, survivors.of(clustered)), copies.rows(documents, overall[1]), oversized
    )


@dataclass(frozen=True)
class _Search:
    documents: Documents
    config: DedupConfig
    rules: SurvivorRules
    bands: tuple[int, int]

    def clusters(
        self, scope: str | None
    ) -> tuple[Survivors, Clusters, list[dict[str, Any]]] | None:
        """Return the clusters and the oversized ones; None if two documents share a node."""
        linked, members = self._edges(scope)
        if np.isin(self.documents.numbers, members).sum() > len(members):
            return None
        survivors = Survivors(self.documents, members, self.rules)
        connected = clusters.connected(linked)
        if self.config.verify == "none":
            return survivors, connected, []
        limit = self.config.max_cluster
        return survivors, *clusters.verified(connected, linked, survivors, limit)

    def _edges(self, scope: str | None) -> tuple[Edges, Ints]:
        """Return the edges, and the nodes of all candidate pairs."""
        documents, config = self.documents, self.config
        parts = [edges.repeated(documents)]
        if "exact" in config.kinds:
            parts.append(edges.exact(documents, scope))
        if "simhash" in config.kinds:
            parts += edges.by_simhash(documents, config.simhash_distance, scope)
        candidates = parts
        if "near" in config.kinds:
            near = edges.near(documents, self.bands, scope)
            candidates = [*parts, near.edges]
            if config.verify == "none":
                parts = candidates
            else:
                parts = [*parts, verify.verified(documents, near, config.threshold)]
        return edges.joined(parts), np.unique(edges.joined(candidates))


def _table(documents: Documents, compared: Compared) -> pa.Table:
    """Return rows of `jobs.steps.dedup.survivors.COMPARED`."""
    rows = documents.rows

    def column(name: str, places: Ints) -> pa.ChunkedArray:
        return rows[name].take(pa.array(places))

    return pa.table(
        {
            "node": documents.nodes[compared.node],
            "component": documents.nodes[compared.component],
            "id": column("id", compared.document),
            "root": column("root", compared.document),
            "survivor_node": documents.nodes[documents.numbers[compared.survivor]],
            "survivor_id": column("id", compared.survivor),
            "survivor_root": column("root", compared.survivor),
            "cluster_id": column("id", compared.cluster),
            "has_own": compared.has_own,
            "exact": compared.exact,
            "same_tree": np.zeros(len(compared.node), np.bool_),
            "distance": pa.array(compared.distance, pa.int32(), mask=compared.distance < 0),
            "similarity": pa.array(compared.similarity, from_pandas=True),
            "is_duplicate": compared.is_duplicate,
        }
    )
