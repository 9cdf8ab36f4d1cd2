"""Candidate pairs as stars: `jobs.steps.dedup.candidates` and `jobs.steps.dedup.simhash` on arrays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from jobs import slices
from jobs.steps.dedup import simhash
from jobs.steps.dedup.in_memory.documents import Documents, Flags, Minima
from udfs.near_duplicates.hamming import SAMPLE
from udfs.near_duplicates.shingles import Hashes, mix
from udfs.near_duplicates.shingling import CAP
from udfs.quality_signals.arrays import Ints


class Edges(NamedTuple):
    """Pairs of nodes, by their numbers in `Documents`."""

    node: Ints
    centre: Ints


class Stars(NamedTuple):
    """Edges to the smallest node with the same key."""

    node: Ints
    key: Hashes | Ints
    centre: Ints

    @property
    def edges(self) -> Edges:
        """The edges without their keys."""
        return Edges(self.node, self.centre)


def stars(nodes: Ints, keys: Hashes | Ints, trees: Ints | None = None) -> Stars:
    """Link each node to the smallest other node with its key; nodes of a key are in ascending order.

    Parameters
    ----------
    trees
        The tree of each node, -1 for none: a node is linked to the smallest one outside of its tree,
        as by `jobs.steps.dedup.trees.other_centres`.
    """
    order = np.argsort(keys, kind="stable")
    nodes, keys = nodes[order], keys[order]
    starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))[: len(keys)]
    sizes = np.diff(np.append(starts, len(keys)))
    centres = np.repeat(starts, sizes)
    linked = nodes != nodes[centres]
    if trees is not None and len(starts):
        trees = trees[order]
        is_own = (trees >= 0) & (trees == trees[centres])
        places = np.where(is_own, len(keys), np.arange(len(keys)))
        outside = np.repeat(np.minimum.reduceat(places, starts), sizes)
        linked &= ~is_own | (outside < len(keys))
        centres = np.where(is_own & linked, outside, centres)
    return Stars(nodes[linked], keys[linked], nodes[centres[linked]])


def joined(parts: list[Edges]) -> Edges:
    """Return the different edges of all parts, without those of a node to itself."""
    none = np.empty(0, np.int64)
    pairs = np.stack([np.concatenate([none, *side]) for side in zip(*parts, strict=True)])
    pairs = np.unique(pairs[:, pairs[0] != pairs[1]], axis=1)
    return Edges(pairs[0], pairs[1])


def without_bridges(documents: Documents, edges: Edges) -> Edges:
    """Return what `jobs.steps.dedup.long_documents.without_bridges` returns."""
    lengths = np.asarray(documents.rows["length"].fill_null(0))[documents.of_node]
    is_long = lengths > CAP
    mixed = is_long[edges.node] != is_long[edges.centre]
    if not mixed.any():
        return edges
    long_first = is_long[edges.node[mixed]]
    ends = edges.node[mixed], edges.centre[mixed]
    long, short = np.where(long_first, ends, ends[::-1])
    order = np.lexsort((short, long))
    first = order[np.unique(long[order], return_index=True)[1]]
    return joined(
        [Edges(edges.node[~mixed], edges.centre[~mixed]), Edges(long[first], short[first])]
    )


def repeated(documents: Documents) -> Edges:
    """Return edges from documents of this root to those of earlier roots with the same id."""
    again = ~documents.is_first
    originals = documents.rows["original"].to_numpy()[again]
    return Edges(documents.numbers[again], np.searchsorted(documents.nodes, originals))


def exact(documents: Documents, scope: str | None) -> Edges:
    """Return edges from each document to the smallest one with the same digest."""
    digests, scopes = documents.codes("digest"), documents.scopes(scope)
    chosen = _in_order(documents, documents.is_first & (digests >= 0))
    keys = digests * (scopes.max(initial=0) + 1) + scopes
    return stars(documents.numbers[chosen], keys[chosen]).edges


def near(documents: Documents, bands: tuple[int, int], scope: str | None) -> Stars:
    """Return edges from each document to the smallest one that shares a band of its signature.

    Parameters
    ----------
    bands
        Number of bands, and rows of each.
    """
    chosen = _in_order(documents, documents.is_first & (documents.signature >= 0))
    nodes, trees = documents.numbers[chosen], documents.trees[chosen]
    minima = documents.minima[documents.signature[chosen]]
    keyed = band_keys(minima, bands, documents.scopes(scope)[chosen])
    parts = [stars(nodes, keys, trees) for keys in keyed]
    return Stars(*map(np.concatenate, zip(*parts, strict=True)))


def band_keys(minima: Minima, bands: tuple[int, int], scopes: Ints | None = None) -> list[Hashes]:
    """Return the key of each signature for each band; signatures of other scopes have other keys."""
    count, rows = bands
    columns, within = minima.T, [] if scopes is None else [scopes]
    all_keys = []
    for band in range(count):
        keys: Hashes = np.full(len(minima), band, np.uint64)
        for column in (*columns[band * rows : (band + 1) * rows], *within):
            keys ^= column.astype(np.uint64)
            mix(keys)
        all_keys.append(keys)
    return all_keys


def _in_order(documents: Documents, wanted: Flags) -> Ints:
    """Return the documents that are wanted in the order of their nodes."""
    order = documents.order
    return order[wanted[order]]


def by_simhash(documents: Documents, within: int, scope: str | None) -> list[Edges]:
    """Return edges that connect all documents with near SimHashes, directly or through others."""
    values, known = documents.simhash
    if not known.any():
        return []  # without the import of all slices
    in_slice = np.isin(documents.rows["slice"].to_numpy(zero_copy_only=False), slices.simhashed())
    chosen = np.flatnonzero(documents.is_first & known & in_slice)
    if not len(chosen):
        return []
    nodes, hashes = documents.numbers[chosen], values[chosen]
    scopes = documents.scopes(scope)[chosen]
    order = np.lexsort((nodes, hashes, scopes))
    nodes, hashes, scopes = nodes[order], hashes[order], scopes[order]
    begins = np.append(True, (hashes[1:] != hashes[:-1]) | (scopes[1:] != scopes[:-1]))
    starts = np.flatnonzero(begins)
    edges = [Edges(nodes, nodes[starts][np.cumsum(begins) - 1])]
    if not within or len(starts) < 2:
        return edges
    ranks = documents.rows["simhash_hash"].to_numpy()[chosen][order][starts]
    nodes, signed, scopes = nodes[starts], hashes[starts].view(np.int64), scopes[starts]
    # the sample that Spark takes: it decides the tables, and so which pairs are the edges
    sample = signed[np.lexsort((signed, ranks))][:SAMPLE]
    for mask in simhash.masks(sample, len(starts), within):
        for number in np.unique(scopes):
            same = scopes == number
            edges.append(Edges(*simhash.near_edges(signed[same], nodes[same], mask, within)))
    return edges
