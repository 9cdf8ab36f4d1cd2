"""Find the duplicates among a few documents in the driver's memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from jobs.steps.dedup.documents import SCOPES
from jobs.steps.dedup.in_memory import clusters, copies, edges, rows, verify
from jobs.steps.dedup.in_memory.documents import Documents
from jobs.steps.dedup.in_memory.edges import Edges
from jobs.steps.dedup.in_memory.parts import PartSearch, added
from jobs.steps.dedup.in_memory.survivors import Clusters, Survivors
from jobs.steps.dedup.parts import PARTS
from jobs.steps.dedup.survivors import SurvivorRules
from schemas.settings.dedup import DedupConfig
from udfs.chat.parts import PROMPT
from udfs.quality_signals.arrays import Ints


@dataclass(frozen=True)
class Found:
    """The result of a search: rows of duplicates/ and of copies/, and the oversized clusters."""

    duplicates: pa.Table
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
    found = rows.duplicates(documents, survivors.of(clustered), config.threshold)
    if PARTS in documents.rows.column_names and scope is None:
        found = _with_parts(found, PartSearch(documents, rules, bands), config)
    return Found(found, copies.rows(documents, overall[1]), oversized)


def _with_parts(found: pa.Table, search: PartSearch, config: DedupConfig) -> pa.Table:
    """Return rows of duplicates/ with those by parts of conversations."""
    if PROMPT in config.kinds:
        found = added(found, search.by_prompt())
    if "near" in config.kinds:
        found = added(found, search.by_answer())
    return found


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
                verified = verify.verified(documents, near, config.threshold)
                parts = [*parts, edges.without_bridges(documents, verified)]
        return edges.joined(parts), np.unique(edges.joined(candidates))
