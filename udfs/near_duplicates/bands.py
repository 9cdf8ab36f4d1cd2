"""Bands of MinHash signatures (LSH): how many a threshold has, and those of a signature.

Documents that share a band are candidates. A signature has b bands of r rows each, a row being one
minimum of 4 bytes: band i is the substring of 4r bytes at 4ri.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from udfs.near_duplicates.minhash_v2 import PERMUTATIONS

# threshold -> (bands, rows a band): `optimal_bands` of the thresholds of V2
BANDS = {0.7: (14, 9), 0.8: (9, 13), 0.9: (5, 25), 1.0: (1, 128)}


def bands(signature: bytes, threshold: float) -> list[bytes]:
    """Return the bands of a signature at a threshold of V2; documents that share one are candidates.

    Raises
    ------
    KeyError
        The threshold is not in `BANDS`; use `optimal_bands`.
    """
    count, rows = BANDS[threshold]
    return [signature[4 * rows * i : 4 * rows * (i + 1)] for i in range(count)]


@lru_cache(maxsize=64)
def optimal_bands(
    threshold: float, num_perm: int = PERMUTATIONS, misses: float = 0.5
) -> tuple[int, int]:
    """Return the bands and rows with the least weighted area of false positives and false negatives.

    The probability that two documents of similarity s share a band is 1 - (1 - s^r)^b. Its area
    below the threshold is that of false positives, the area that it lacks above that of false negatives
    (Leskovec, Rajaraman, Ullman: Mining of Massive Datasets, 3.4; datasketch, `optimal_param`).

    Parameters
    ----------
    misses
        Weight of the false negatives, from 0 to 1; the false positives weigh 1 minus that. V2's bands
        weigh both equally.
    """
    best, least = (0, 0), float("inf")
    for count in range(1, num_perm + 1):
        for rows in range(1, num_perm // count + 1):
            error = (1 - misses) * _area(0.0, threshold, count, rows, shared=True)
            error += misses * _area(threshold, 1.0, count, rows, shared=False)
            if error < least:
                best, least = (count, rows), error
    return best


def _area(low: float, high: float, count: int, rows: int, *, shared: bool) -> float:
    """Return the area below the probability of sharing a band, or of not, by the midpoint rule."""
    width = 0.001
    middle = np.arange(low + width / 2, high, width)
    apart = (1 - middle**rows) ** count
    return float(np.sum(1 - apart if shared else apart) * width)
