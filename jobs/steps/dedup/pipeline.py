"""From documents to duplicates and copies: candidates, checked edges, clusters, survivors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.steps.dedup import clusters, components, survivors, verify
from jobs.steps.dedup.candidates import EDGES, exact_edges, near_stars
from jobs.steps.dedup.copies import copies
from jobs.steps.dedup.documents import SCOPES, is_repeated, node, repeated_edges, snapshots
from jobs.steps.dedup.jaccard import by_jaccard
from jobs.steps.dedup.scratch import Scratch
from jobs.steps.dedup.simhash import simhash_edges
from jobs.steps.dedup.survivors import Rules
from schemas.errors import UserError
from schemas.settings.dedup import DedupConfig
from udfs.near_duplicates.bands import BANDS, optimal_bands

_SALTS = 4
# so that nearly all pairs that pass the check share a band: 14 bands of 9 rows at 0.8, not 9 of 13
_MISSES = 0.9


@dataclass(frozen=True)
class Found:
    """What dedup found.

    Attributes
    ----------
    duplicates, copies
        Rows of the tables of these names, read from the scratch folder.
    oversized
        The largest clusters above the limit, as from `jobs.steps.dedup.clusters.trusted`.
    """

    duplicates: DataFrame
    copies: DataFrame
    oversized: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Texts:
    """The texts to compare by, where `verify` is `jaccard`.

    Attributes
    ----------
    rows
        `id` and `text` of documents of this root.
    ngram
        Words of a shingle.
    """

    rows: DataFrame
    ngram: int


def find(
    documents: DataFrame, config: DedupConfig, scratch: str, texts: Texts | None = None
) -> Found:
    """The duplicates among documents, by the settings of dedup.

    Parameters
    ----------
    documents
        As from `jobs.steps.dedup.documents.read`.
    scratch
        Folder for what the steps leave to each other; the rows are read from it.
    texts
        Needed where `config.verify` is `jaccard`.

    Raises
    ------
    UserError
        The settings have no bands.
    """
    rules = Rules(
        config.slice_priority,
        config.threshold,
        config.simhash_distance,
        snapshots(documents, config.prefer_snapshot),
    )
    for salt in range(_SALTS):
        search = _Search(config, rules, Scratch(scratch).below(str(salt)), salt, texts)
        found = search.run(documents.withColumn("node", node(salt)))
        if found is not None:
            return found
    raise AssertionError(f"documents share a 64-bit name under each of {_SALTS} hashes")


@dataclass(frozen=True)
class _Search:
    """One search: the settings, and the names that documents have in it."""

    config: DedupConfig
    rules: Rules
    scratch: Scratch
    salt: int
    texts: Texts | None

    def run(self, documents: DataFrame) -> Found | None:
        """The rows; None where two documents that have an edge share a name."""
        scope = SCOPES[self.config.scope]
        scoped = replace(self, scratch=self.scratch.below("scope"))
        inside = scoped._clusters(documents, scope)
        if inside is None:
            return None
        members, grouped, oversized = inside
        judged = survivors.compared(grouped, members, self.rules)
        gone = survivors.duplicates(judged, self.config.threshold)
        if scope is not None:
            everywhere = replace(self, scratch=self.scratch.below("all"))._clusters(documents, None)
            if everywhere is None:
                return None
            members, grouped, _ = everywhere
        return Found(gone, copies(members, grouped), oversized)

    def _clusters(
        self, documents: DataFrame, scope: str | None
    ) -> tuple[DataFrame, DataFrame, list[dict[str, Any]]] | None:
        """The documents that have an edge, the cluster of each, and what is told of large ones."""
        edges, members = self._edges(documents, scope)
        if survivors.shared_names(members):
            return None
        grouped = components.find(
            edges,
            self.scratch.below("clusters"),
            in_memory=self.config.max_edges_in_memory,
        )
        if self.config.verify == "none":
            return members, grouped, []
        grouped, oversized = clusters.trusted(
            grouped,
            edges,
            partial(survivors.compared, documents=members, rules=self.rules),
            self.scratch.below("trusted"),
            limit=self.config.max_cluster,
            in_memory=self.config.max_edges_in_memory,
        )
        return members, grouped, oversized

    def _edges(self, documents: DataFrame, scope: str | None) -> tuple[DataFrame, DataFrame]:
        """The edges, and the documents that they may be between."""
        config, store = self.config, self.scratch.store
        first = documents.where(~is_repeated())
        edges = [repeated_edges(documents, self.salt)]
        if "exact" in config.kinds:
            edges.append(exact_edges(first, scope))
        if "simhash" in config.kinds:
            by_simhash = simhash_edges(first, config.simhash_distance, scope)
            edges += [] if by_simhash is None else [by_simhash]
        certain = store(_union(edges), "certain")
        candidates = certain.select(*EDGES.names)
        if "near" in config.kinds:
            near = store(near_stars(first, bands_of(config), scope), "candidates")
            candidates = candidates.unionByName(near.select(*EDGES.names))
        ends = candidates.select("node").unionByName(
            candidates.select(F.col("centre").alias("node"))
        )
        members = store(documents.join(ends.distinct(), "node", "left_semi"), "members")
        if "near" not in config.kinds:
            return certain, members
        if config.verify == "none":
            return certain.unionByName(near.select(*EDGES.names)), members
        compare = self._compare(members)
        return certain.unionByName(
            verify.edges(near, compare, config.threshold, self.scratch.below("checked"))
        ), members

    def _compare(self, members: DataFrame) -> Callable[[DataFrame], DataFrame]:
        estimate = verify.by_estimate(members)
        if self.config.verify != "jaccard" or self.texts is None:
            return estimate
        names = members.where(F.col("root").isNull()).select("id", "node")
        texts = self.texts.rows.join(names, "id", "inner").select("node", "text")
        return by_jaccard(estimate, texts, self.texts.ngram, self.config.threshold)


def _union(edges: list[DataFrame]) -> DataFrame:
    rows = edges[0]
    for more in edges[1:]:
        rows = rows.unionByName(more)
    return rows


def bands_of(config: DedupConfig) -> tuple[int, int]:
    """Bands and rows a band of the threshold.

    Raises
    ------
    UserError
        There are none.
    """
    if config.scheme == "v2":
        if config.threshold not in BANDS:
            choices = ", ".join(map(str, sorted(BANDS)))
            raise UserError(f"--threshold: RedPajama-V2 has bands for {choices}")
        return BANDS[config.threshold]
    if config.threshold > 1:
        raise UserError(f"--threshold: no similarity is above 1, as {config.threshold}")
    # a false candidate that is checked costs a comparison; what no band finds is lost
    return optimal_bands(config.threshold, misses=0.5 if config.verify == "none" else _MISSES)
