"""Place vectors in the plane so that neighbours stay neighbours.

The method is that of UMAP (McInnes, Healy and Melville, 2018, arXiv:1802.03426): a graph of each
document's nearest neighbours, weighted so that each document has about the same number, drawn by forces
along edges and against random others. Here each round moves all documents at once, in numpy.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from jobs.steps.explore.map.vectors import Matrix

NEIGHBOURS = 15
_ROUNDS = 200
_BLOCK = 1_000
_AGAINST = 4  # others that each active edge's document is moved away from
_A, _B = 1.577, 0.895  # UMAP's curve for a least distance of 0.1
_FARTHEST = 4.0  # of one move

Indices = NDArray[np.int64]


def plane(vectors: Matrix, report: Callable[[float], None] = lambda share: None) -> Matrix:
    """Return a place in the plane for each vector, from 0 to 1 in both directions.

    Parameters
    ----------
    vectors
        Rows of length 1.
    report
        Called with the share of the work that is done.
    """
    n = len(vectors)
    if n < 4:
        return np.linspace(0.25, 0.75, 2 * n, dtype=np.float32).reshape(n, 2)
    neighbours, similarities = nearest(vectors, min(NEIGHBOURS, n - 1))
    report(0.4)
    heads, tails, weights = _graph(neighbours, similarities)
    places = _start(vectors)
    random = np.random.default_rng(0)
    due = weights / weights.max()
    credit = np.zeros(len(due))
    for number in range(_ROUNDS):
        credit += due
        active = np.flatnonzero(credit >= 1)
        credit[active] -= 1
        step = 1 - number / _ROUNDS
        places += step * _moves(places, heads[active], tails[active], random)
        if number % 20 == 0:
            report(0.4 + 0.6 * number / _ROUNDS)
    return _scaled(places)


def nearest(vectors: Matrix, k: int) -> tuple[Indices, Matrix]:
    """Return the k nearest other vectors of each, nearest first, and their cosines."""
    n = len(vectors)
    neighbours = np.empty((n, k), np.int64)
    similarities = np.empty((n, k), np.float32)
    for start in range(0, n, _BLOCK):
        block = vectors[start : start + _BLOCK] @ vectors.T
        own = np.arange(len(block))
        block[own, start + own] = -np.inf
        part = np.argpartition(block, n - k, axis=1)[:, n - k :]
        values = np.take_along_axis(block, part, axis=1)
        order = np.argsort(-values, axis=1, kind="stable")
        neighbours[start : start + _BLOCK] = np.take_along_axis(part, order, axis=1)
        similarities[start : start + _BLOCK] = np.take_along_axis(values, order, axis=1)
    return neighbours, similarities


def _graph(neighbours: Indices, similarities: Matrix) -> tuple[Indices, Indices, Matrix]:
    """Return edges in both directions and their weights."""
    n, k = neighbours.shape
    distances = np.sqrt(np.maximum(0.0, 2 - 2 * similarities.astype(np.float64)))
    beyond = np.maximum(0.0, distances - distances[:, :1])
    low, high = np.zeros((n, 1)), np.full((n, 1), 10.0)
    for _ in range(40):  # the scale at which a document has log2 k neighbours
        scale = (low + high) / 2
        too_many = np.exp(-beyond / np.maximum(scale, 1e-6)).sum(axis=1, keepdims=True) > np.log2(
            k + 1
        )
        low, high = np.where(too_many, low, scale), np.where(too_many, scale, high)
    weights = np.exp(-beyond / np.maximum(high, 1e-6))
    rows = np.repeat(np.arange(n), k)
    one_way = sparse.csr_matrix((weights.ravel(), (rows, neighbours.ravel())), shape=(n, n))
    other_way = one_way.T.tocsr()
    both = (one_way + other_way - one_way.multiply(other_way)).tocoo()
    return both.row.astype(np.int64), both.col.astype(np.int64), both.data.astype(np.float32)


def _start(vectors: Matrix) -> NDArray[np.float64]:
    """Return the first two directions, with a little noise where documents are equal."""
    centred = vectors - vectors.mean(axis=0)
    _, directions = np.linalg.eigh(centred.T @ centred)
    places = (centred @ directions[:, [-1, -2]]).astype(np.float64)
    spread = np.abs(places).max() or 1.0
    noise = np.random.default_rng(1).normal(scale=0.05, size=places.shape)
    start: NDArray[np.float64] = places * (10 / spread) + noise
    return start


def _moves(
    places: NDArray[np.float64], heads: Indices, tails: Indices, random: np.random.Generator
) -> NDArray[np.float64]:
    """Return how far each document moves in a round."""
    n = len(places)
    gap = places[heads] - places[tails]
    square = (gap**2).sum(axis=1)
    pull = -2 * _A * _B * square ** (_B - 1 + 1e-12) / (1 + _A * square**_B)
    pull[square == 0] = 0
    moved = [(heads, np.clip(pull[:, None] * gap, -_FARTHEST, _FARTHEST))]
    away = np.repeat(heads, _AGAINST)
    gap = places[away] - places[random.integers(0, n, len(away))]
    square = (gap**2).sum(axis=1)
    push = 2 * _B / ((0.001 + square) * (1 + _A * square**_B))
    moved.append((away, np.clip(push[:, None] * gap, -_FARTHEST, _FARTHEST)))
    moves = np.zeros_like(places)
    for rows, by in moved:
        for axis in (0, 1):
            moves[:, axis] += np.bincount(rows, by[:, axis], n)
    # all edges of a document move it at once: without a limit it would jump over its neighbours
    active = np.maximum(1, np.bincount(heads, minlength=n))
    limited: NDArray[np.float64] = np.clip(moves / np.sqrt(active)[:, None], -_FARTHEST, _FARTHEST)
    return limited


def _scaled(places: NDArray[np.float64]) -> Matrix:
    """Return places from 0 to 1 in both directions; the few outermost are moved in."""
    low, high = np.percentile(places, 0.2, axis=0), np.percentile(places, 99.8, axis=0)
    middle, width = (low + high) / 2, max(1e-9, float((high - low).max())) * 1.06
    scaled: Matrix = np.clip((places - middle) / width + 0.5, 0, 1).astype(np.float32)
    return scaled
