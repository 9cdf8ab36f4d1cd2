"""Probability that the bands of MinHash signatures find two documents, by their similarity.

A signature is P minima, of which those of two documents of Jaccard similarity s are equal with
probability s each, independently. The first b r of them make b bands of r rows; two documents are
candidates if all rows of a band are equal (Leskovec, Rajaraman, Ullman: Mining of Massive Datasets,
3.4), and duplicates if moreover the share of equal minima, which estimates s, reaches a threshold.
"""

from __future__ import annotations

from math import comb

import numpy as np
import numpy.typing as npt

from udfs.near_duplicates.minhash_v2 import PERMUTATIONS

Floats = npt.NDArray[np.float64]


def share_band(s: npt.ArrayLike, bands: int, rows: int) -> Floats:
    """Return the probability that two documents of similarity s share a band: 1 - (1 - s^r)^b.

    Parameters
    ----------
    s
        Jaccard similarity, from 0 to 1; an array of any shape.

    Examples
    --------
    >>> share_band(0.5, bands=2, rows=1).item()
    0.75
    """
    full = np.asarray(s, np.float64) ** rows
    # for a small s the direct form would cancel to 0
    with np.errstate(divide="ignore"):
        shared: Floats = -np.expm1(bands * np.log1p(-full))
    return shared


def least_equal(threshold: float, permutations: int = PERMUTATIONS) -> int:
    """Return the least number of equal minima that reaches a threshold; P + 1 if none does.

    That is the least k with k / P >= threshold, as dedup compares them in floating point.
    """
    shares = np.arange(permutations + 1) / permutations
    return int(np.searchsorted(shares, threshold))


def found(
    s: npt.ArrayLike,
    bands: int,
    rows: int,
    threshold: float,
    permutations: int = PERMUTATIONS,
) -> Floats:
    """Return the probability that two documents of similarity s share a band and pass the threshold.

    Exact, by two distributions of the number of equal minima, band after band: one for no full band so
    far, one for at least one. Of the r rows of a band, j are equal with probability
    B(j) = C(r, j) s^j (1 - s)^(r - j). With j < r the first distribution is convolved with the truncated
    B; with j = r it adds to the second, which is convolved with all of B. The minima outside the bands
    are one more convolution. The result is the second distribution's share at k equal minima or more, k
    being the least with k / P >= threshold. All terms are positive, so nothing cancels.

    Parameters
    ----------
    s
        Jaccard similarity, from 0 to 1; an array of any shape. The time is proportional to its size,
        and to b r P.
    threshold
        Least share of equal minima.
    permutations
        Minima of a signature.

    Raises
    ------
    ValueError
        The bands need more minima than a signature has.

    Examples
    --------
    >>> found(0.5, bands=2, rows=1, threshold=1.0, permutations=2).item()
    0.25
    """
    rest = permutations - bands * rows
    if rest < 0:
        raise ValueError(f"{bands} bands of {rows} rows of {permutations} minima")
    similarity = np.asarray(s, np.float64)
    flat = similarity.reshape(-1)
    without = np.zeros((len(flat), permutations + 1))  # no band is full; by number of equal minima
    without[:, 0] = 1.0
    with_one = np.zeros_like(without)
    of_band = _binomial(flat, rows)
    for _ in range(bands):
        full = np.zeros_like(without)
        full[:, rows:] = without[:, : permutations + 1 - rows] * of_band[:, rows:]
        with_one = _convolved(with_one, of_band) + full
        without = _convolved(without, of_band[:, :rows])
    with_one = _convolved(with_one, _binomial(flat, rest))
    k = least_equal(threshold, permutations)
    probability: Floats = with_one[:, k:].sum(axis=1).reshape(similarity.shape)
    return probability


def _binomial(s: Floats, n: int) -> Floats:
    """Return the probability of each number of equal minima of n: a row for each similarity."""
    ways = np.array([comb(n, j) for j in range(n + 1)], np.float64)
    j = np.arange(n + 1)
    weights: Floats = ways * s[:, None] ** j * (1 - s[:, None]) ** (n - j)
    return weights


def _convolved(counts: Floats, more: Floats) -> Floats:
    """Return the distribution of the sum of two independent counts, row by row, cut to `counts`' size."""
    size = counts.shape[1]
    result = np.zeros_like(counts)
    for j in range(more.shape[1]):
        result[:, j:] += counts[:, : size - j] * more[:, j : j + 1]
    return result


def shares_band(a: bytes, b: bytes, bands: int, rows: int) -> bool:
    """Return whether two signatures share a band."""
    equal = np.frombuffer(a, ">u4") == np.frombuffer(b, ">u4")
    return bool(equal[: bands * rows].reshape(bands, rows).all(axis=1).any())
