"""The pipeline of dedup: candidate pairs, verified edges, clusters, survivors."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import partial, reduce
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from jobs.steps.dedup import clusters, components, survivors, trees, verify
from jobs.steps.dedup.bands import bands_of
from jobs.steps.dedup.candidates import EDGES, band_keys, exact_edges, near_stars
from jobs.steps.dedup.copies import copies
from jobs.steps.dedup.documents import (
    SCOPES,
    is_repeated,
    node,
    node_of_id,
    repeated_edges,
    snapshot_names,
)
from jobs.steps.dedup.in_memory import few
from jobs.steps.dedup.jaccard import by_jaccard
from jobs.steps.dedup.long_documents import without_bridges
from jobs.steps.dedup.parts import PARTS, added, answer_duplicates, prompt_duplicates
from jobs.steps.dedup.scratch import Scratch
from jobs.steps.dedup.simhash import simhash_edges, simhash_hash
from jobs.steps.dedup.survivors import SurvivorRules
from schemas.settings.dedup import DedupConfig
from udfs.chat.parts import PROMPT
from udfs.near_duplicates.shingling import Shingling

_SALTS = 4


@dataclass(frozen=True)
class DedupResult:
    """The result of a search for duplicates.

    Attributes
    ----------
    duplicates, copies
        Rows of the tables of these names, read from the scratch folder.
    oversized
        The largest clusters above the limit, as from `jobs.steps.dedup.clusters.verified`.
    """

    duplicates: DataFrame
    copies: DataFrame
    oversized: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Texts:
    """The texts to compare if `verify` is `jaccard`.

    Attributes
    ----------
    rows
        `id` and `text` of documents of this root.
    shingling
        How they are cut into n-grams.
    """

    rows: DataFrame
    shingling: Shingling


def find_duplicates(
    documents: DataFrame,
    config: DedupConfig,
    scratch: str,
    texts: Texts | None = None,
    *,
    count: float = math.inf,
) -> DedupResult:
    """Find the duplicates among documents.

    Parameters
    ----------
    documents
        As from `jobs.steps.dedup.documents.read`.
    scratch
        Folder for intermediate results, from which the rows of the result are read.
    texts
        Required if `config.verify` is `jaccard`.
    count
        Number of documents at most. Few are deduplicated in the driver's memory, to the same rows, unless
        texts are compared.

    Raises
    ------
    UserError
        No bands fit the settings.
    """
    if few.are_few(count) and config.verify != "jaccard":
        numbered = partial(_numbered, documents)
        return DedupResult(*few.find(numbered, config, bands_of(config), range(_SALTS)))
    prefers_snapshots = config.prefer_snapshot != "none"
    snapshots = snapshot_names(documents) if prefers_snapshots else []
    rules = SurvivorRules.of(config, snapshots)
    for salt in range(_SALTS):
        search = _Search(config, rules, Scratch(scratch).below(str(salt)), salt, texts)
        result = search.run(documents.withColumn("node", node(salt)))
        if result is not None:
            return result
    raise AssertionError(f"documents share a 64-bit hash with each of {_SALTS} salts")


def _numbered(documents: DataFrame, salt: int) -> DataFrame:
    """Return the documents with the hashes that a search in memory needs."""
    hashes = {"node": node(salt), "original": node_of_id(salt), "simhash_hash": simhash_hash()}
    return documents.withColumns(hashes)


@dataclass(frozen=True)
class _Clusters:
    """The documents that have an edge, `node` and `component` of each, and the oversized clusters."""

    members: DataFrame
    components: DataFrame
    oversized: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class _Search:
    """One search, with the node numbers of one salt."""

    config: DedupConfig
    rules: SurvivorRules
    scratch: Scratch
    salt: int
    texts: Texts | None

    def run(self, documents: DataFrame) -> DedupResult | None:
        """Return the result; None if two documents that have an edge share a node."""
        scope = SCOPES[self.config.scope]
        within = replace(self, scratch=self.scratch.below("scope"))._clusters(documents, scope)
        overall = within
        if scope is not None and within is not None:
            overall = replace(self, scratch=self.scratch.below("all"))._clusters(documents, None)
        if within is None or overall is None:
            return None
        compared = survivors.with_survivors(within.components, within.members, self.rules)
        rows = self._with_parts(
            documents, survivors.duplicates(compared, self.config.threshold), scope
        )
        return DedupResult(
            self.scratch.store(rows, "duplicates"),
            copies(overall.members, overall.components),
            within.oversized,
        )

    def _with_parts(self, documents: DataFrame, rows: DataFrame, scope: str | None) -> DataFrame:
        """Return rows of duplicates/ with those by parts of conversations, which cross slices."""
        if PARTS not in documents.columns or scope is not None:
            return rows
        config, rules, bands = self.config, self.rules, bands_of(self.config)
        first, scratch = documents.where(~is_repeated()), self.scratch.below("parts")
        if PROMPT in config.kinds:
            in_memory = config.max_edges_in_memory
            by_prompt = prompt_duplicates(first, bands, rules, in_memory, scratch.below("prompts"))
            rows = added(scratch.store(rows, "others"), scratch.store(by_prompt, "by-prompt"))
        if "near" in config.kinds:
            by_answer = answer_duplicates(first, bands, rules, scratch.below("answers"))
            rows = added(scratch.store(rows, "all-others"), by_answer)
        return rows

    def _clusters(self, documents: DataFrame, scope: str | None) -> _Clusters | None:
        edges, members = self._edges(documents, scope)
        if survivors.node_collisions(members):
            return None
        connected = components.find(
            edges,
            self.scratch.below("clusters"),
            in_memory=self.config.max_edges_in_memory,
        )
        if self.config.verify == "none":
            return _Clusters(members, connected)
        verified, oversized = clusters.verified(
            connected,
            edges,
            partial(survivors.with_survivors, documents=members, rules=self.rules),
            self.scratch.below("verified"),
            limit=self.config.max_cluster,
            in_memory=self.config.max_edges_in_memory,
        )
        return _Clusters(members, verified, oversized)

    def _edges(self, documents: DataFrame, scope: str | None) -> tuple[DataFrame, DataFrame]:
        """Return the edges, and the documents that can be an end of one."""
        config, store = self.config, self.scratch.store
        first = documents.where(~is_repeated())
        edges = [repeated_edges(documents, self.salt)]
        if "exact" in config.kinds:
            edges.append(exact_edges(first, scope))
        if "simhash" in config.kinds:
            by_simhash = simhash_edges(first, config.simhash_distance, scope)
            edges += [] if by_simhash is None else [by_simhash]
        certain = store(reduce(DataFrame.unionByName, edges), "certain")
        candidates = certain.select(*EDGES.names)
        if "near" in config.kinds:
            near = store(self._stars(first, scope), "candidates")
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
        verified = verify.edges(near, compare, config.threshold, self.scratch.below("compared"))
        return certain.unionByName(without_bridges(verified, members)), members

    def _stars(self, documents: DataFrame, scope: str | None) -> DataFrame:
        bands = bands_of(self.config)
        edges = near_stars(documents, bands, scope)
        if trees.TREE not in documents.columns:
            return edges
        keyed = band_keys(documents, bands, scope)
        return trees.other_centres(edges, keyed, trees.of_documents(documents))

    def _compare(self, members: DataFrame) -> verify.Compare:
        compare = self._compare_texts(members)
        if trees.TREE not in members.columns:
            return compare
        return trees.outside(compare, trees.of_documents(members))

    def _compare_texts(self, members: DataFrame) -> verify.Compare:
        estimate = verify.by_estimate(members)
        if self.config.verify != "jaccard" or self.texts is None:
            return estimate
        nodes = members.where(F.col("root").isNull()).select("id", "node")
        texts = self.texts.rows.join(nodes, "id", "inner").select("node", "text")
        return by_jaccard(estimate, texts, self.texts.shingling, self.config.threshold)
