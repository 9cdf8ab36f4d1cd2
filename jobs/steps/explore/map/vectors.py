"""Few numbers for each document in place of many: truncated SVD, by random projection."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

DIMENSIONS = 48
_MORE, _ROUNDS = 12, 3

Matrix = NDArray[np.float32]


def reduced(rows: sparse.csr_matrix | Matrix, dimensions: int = DIMENSIONS) -> Matrix:
    """Return the rows in the directions in which they vary most, each row of length 1.

    The method is the randomised range finder of Halko, Martinsson and Tropp, "Finding structure with
    randomness" (2011), with power iterations; its random numbers always are the same.
    """
    n, width = rows.shape
    size = min(dimensions + _MORE, n, width)
    start = np.random.default_rng(0).standard_normal((width, size)).astype(np.float32)
    basis = np.linalg.qr(rows @ start)[0]
    for _ in range(_ROUNDS):
        basis = np.linalg.qr(rows @ np.linalg.qr(rows.T @ basis)[0])[0]
    left, values, _ = np.linalg.svd((rows.T @ basis).T, full_matrices=False)
    vectors = np.zeros((n, max(2, size)), np.float32)  # a plane needs two
    vectors[:, : len(values)] = basis @ left * values
    vectors = vectors[:, :dimensions]
    return unit(vectors.astype(np.float32))


def unit(vectors: Matrix) -> Matrix:
    """Return vectors with length 1; those of length 0 unchanged."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Matrix = (vectors / np.where(lengths > 1e-9, lengths, 1)).astype(np.float32)
    return scaled
