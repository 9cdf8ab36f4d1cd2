"""Clusters of documents, named by their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jobs.steps.explore.map.vectors import Matrix, unit
from jobs.steps.explore.map.words import Words

_ROUNDS = 30
_NAMED = 3  # words of a name
_MOST = 30


@dataclass(frozen=True)
class Cluster:
    """A cluster: its name, and the number of its documents."""

    name: str
    size: int


def number_of_clusters(n: int) -> int:
    """Return how many clusters n documents have."""
    return int(min(_MOST, max(1, n // 3, 1), 4 + round(n**0.5 / 2.5)))


def clusters(
    vectors: Matrix, words: Words, languages: Sequence[str | None]
) -> tuple[NDArray[np.int64], list[Cluster]]:
    """Return the cluster of each document, and the clusters, largest first.

    Parameters
    ----------
    vectors
        Rows of length 1; k-means by their cosines.
    words
        The same documents by words.
    languages
        Their languages: a cluster is named by what sets it apart from others of its languages, and so not
        by articles and prepositions.
    """
    labels = _kmeans(vectors, number_of_clusters(len(vectors)))
    sizes = np.bincount(labels)
    order = [int(label) for label in np.argsort(-sizes, kind="stable") if sizes[label]]
    renumbered = np.empty(len(sizes), np.int64)
    renumbered[order] = np.arange(len(order))
    labels = renumbered[labels]
    names = _names(labels, len(order), words, languages)
    return labels, [
        Cluster(name, int(size)) for name, size in zip(names, np.bincount(labels), strict=True)
    ]


def _kmeans(vectors: Matrix, k: int) -> NDArray[np.int64]:
    centres = unit(_first_centres(vectors, k))
    labels = np.zeros(len(vectors), np.int64)
    for _ in range(_ROUNDS):
        nearest = (vectors @ centres.T).argmax(axis=1)
        if (nearest == labels).all():
            break
        labels = nearest
        for cluster in range(k):
            members = vectors[labels == cluster]
            if len(members):
                centres[cluster] = members.mean(axis=0)
        centres = unit(centres)
    return labels


def _first_centres(vectors: Matrix, k: int) -> Matrix:
    """Return documents that are far from each other (k-means++, with the same random numbers always)."""
    random = np.random.default_rng(0)
    chosen = [int(random.integers(len(vectors)))]
    distance = np.full(len(vectors), np.inf)
    for _ in range(k - 1):
        distance = np.minimum(distance, np.maximum(0, 1 - vectors @ vectors[chosen[-1]]))
        total = float(distance.sum())
        shares = distance / total if total > 0 else np.full(len(vectors), 1 / len(vectors))
        chosen.append(int(np.searchsorted(np.cumsum(shares), random.random() * 0.999999)))
    first: Matrix = vectors[np.minimum(chosen, len(vectors) - 1)]
    return first


def _names(
    labels: NDArray[np.int64], k: int, words: Words, languages: Sequence[str | None]
) -> list[str]:
    """Return for each cluster the words that it has more than all documents of its languages do."""
    codes = {language: number for number, language in enumerate(dict.fromkeys(languages))}
    of = np.array([codes[language] for language in languages])
    by_language = np.stack([_mean(words, np.flatnonzero(of == code)) for code in codes.values()])
    everywhere = _mean(words, np.arange(len(of)))
    names: list[str] = []
    for cluster in range(k):
        rows = np.flatnonzero(labels == cluster)
        inside = _mean(words, rows)
        shares = np.bincount(of[rows], minlength=len(codes)) / len(rows)
        # the only cluster of its language is compared with everything
        for usual in (shares @ by_language, everywhere):
            score = inside * np.maximum(0, np.log((inside + 1e-9) / (usual + 1e-9))) ** 2
            best = [int(i) for i in np.argsort(-score, kind="stable")[:_NAMED] if score[i] > 1e-4]
            if best:
                break
        names.append(", ".join(words.vocabulary[i] for i in best) or f"cluster {cluster + 1}")
    return names


def _mean(words: Words, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    mean: NDArray[np.float64] = np.asarray(words.tfidf[rows].mean(axis=0)).ravel()
    return mean
