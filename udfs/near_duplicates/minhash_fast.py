"""MinHash of the n-grams of words, several times as fast as V2's (`udfs.near_duplicates.minhash_v2`).

A signature is 128 minima, one a permutation, as 512 bytes: 128 big-endian unsigned 32-bit numbers,
so that `udfs.near_duplicates.bands` and `udfs.near_duplicates.minhash_v2.similarities` work for both.

The numbers are those of datasketch 2 with `scheme="affine32"`, seed 42 and as `hashfunc` the upper 32
bits of `udfs.near_duplicates.shingles`: MurmurHash3's 32-bit finaliser maps them to h, and permutation
(a, b), with a odd, maps that to (a h + b) mod 2^32.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from udfs.near_duplicates import shingles
from udfs.near_duplicates.minhash_v2 import PERMUTATIONS, SEED
from udfs.near_duplicates.script_words import script_words_each
from udfs.quality_signals.arrays import Ints

NGRAM = 5

_STEP = 8192  # shingles, of several texts, whose products are held at once
_ROWS = 32  # and permutations: a megabyte

Hashes32 = npt.NDArray[np.uint32]


@lru_cache(maxsize=1)
def permutations() -> Hashes32:
    """Return the factors (row 0) and the summands (row 1) of the permutations."""
    random = np.random.RandomState(SEED)
    halves = random.randint(0, 2**31, PERMUTATIONS, dtype=np.uint32)
    summands = random.randint(0, 2**32, PERMUTATIONS, dtype=np.uint32)
    pairs: Hashes32 = np.stack([halves * np.uint32(2) + np.uint32(1), summands])
    return pairs


def signatures(texts: Sequence[str | None], n: int = NGRAM) -> list[bytes | None]:
    """Return the signature of each text's n-grams; None for a null or a text without words.

    A text of fewer than n words is one n-gram.
    """
    return signatures_of_normalized(script_words_each([text or "" for text in texts]), n)


def signatures_of_normalized(texts: Sequence[str | bytes], n: int = NGRAM) -> list[bytes | None]:
    """Return the signatures of normalised texts, or of their UTF-8."""
    minima = np.full((len(texts), PERMUTATIONS), 2**32 - 1, np.uint32)
    for batch in shingles.batches(texts, n):
        rows = minima[batch.first : batch.first + len(batch.bounds) - 1]
        _lower(rows, _mixed(batch.hashes), batch.bounds)
    stored = minima.astype(">u4")
    return [row.tobytes() if text else None for row, text in zip(stored, texts, strict=True)]


def _mixed(hashes: shingles.Hashes) -> Hashes32:
    """Return the upper halves of the hashes, mixed by MurmurHash3's 32-bit finaliser."""
    values: Hashes32 = (hashes >> np.uint64(32)).astype(np.uint32)
    values ^= values >> np.uint32(16)
    values *= np.uint32(0x85EBCA6B)
    values ^= values >> np.uint32(13)
    values *= np.uint32(0xC2B2AE35)
    values ^= values >> np.uint32(16)
    return values


def _lower(minima: Hashes32, hashes: Hashes32, bounds: Ints) -> None:
    """Lower each text's minima to the least value that a hash of its shingles is mapped to."""
    factors, summands = permutations()[:, :, np.newaxis]
    products = np.empty((_ROWS, min(_STEP, len(hashes))), np.uint32)
    texts = np.flatnonzero(np.diff(bounds))  # that have shingles
    starts = bounds[texts]
    for first in range(0, len(hashes), _STEP):
        block = hashes[first : first + _STEP]
        begin = int(np.searchsorted(starts, first, side="right")) - 1
        end = int(np.searchsorted(starts, first + len(block)))
        cuts = np.maximum(starts[begin:end] - first, 0)
        values = products[:, : len(block)]
        least = np.empty((PERMUTATIONS, end - begin), np.uint32)
        for perm in range(0, PERMUTATIONS, _ROWS):
            some = slice(perm, perm + _ROWS)
            np.multiply(block, factors[some], out=values)
            values += summands[some]
            np.minimum.reduceat(values, cuts, axis=1, out=least[some])
        rows = texts[begin:end]
        minima[rows] = np.minimum(minima[rows], least.T)
