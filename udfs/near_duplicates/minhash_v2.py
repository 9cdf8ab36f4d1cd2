"""MinHash of RedPajama-V2, over 13-grams of words.

A signature is 128 minima, one a permutation, as 512 bytes: 128 big-endian unsigned 32-bit numbers.
One stored signature serves every threshold (`udfs.near_duplicates.bands`).

The numbers are those of datasketch with `scheme="legacy"`, `hashfunc=sha1_hash32` and seed 42: an
n-gram's words, joined by one space, are hashed to h, the first four bytes of their SHA-1 as a
little-endian number; permutation (a, b) maps it to ((a h + b) mod 2^64) mod (2^61 - 1), of which
the lower 32 bits count.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from udfs.quality_signals.vocabulary import normalize

PERMUTATIONS = 128
SEED = 42
NGRAM = 13

_MERSENNE_PRIME = 2**61 - 1
_BLOCK = 100_000  # n-grams whose hashes are held at once
_STEP = 256  # n-grams whose products are: they stay in the processor's cache


@lru_cache(maxsize=1)
def permutations() -> npt.NDArray[np.uint64]:
    """Return the factors (row 0) and the summands (row 1) of the permutations."""
    random = np.random.RandomState(SEED)
    pairs = [
        (
            random.randint(1, _MERSENNE_PRIME, dtype=np.uint64),
            random.randint(0, _MERSENNE_PRIME, dtype=np.uint64),
        )
        for _ in range(PERMUTATIONS)
    ]
    return np.ascontiguousarray(np.array(pairs, np.uint64).T)


def signatures(texts: Sequence[str | None]) -> list[bytes | None]:
    """Return the signature of each text; None for a null or for fewer than 13 normalised words."""
    return signatures_of_normalized([normalize(text or "") for text in texts])


def signatures_of_normalized(texts: Sequence[str]) -> list[bytes | None]:
    """Return the signatures of normalised texts: words between single spaces."""
    return [_signature(text.encode("utf-8", "surrogatepass")) for text in texts]


def _signature(text: bytes) -> bytes | None:
    spaces = np.flatnonzero(np.frombuffer(text, np.uint8) == ord(" "))
    if len(spaces) < NGRAM - 1:
        return None
    starts = np.append(0, spaces[: len(spaces) - NGRAM + 1] + 1)
    ends = np.append(spaces[NGRAM - 1 :], len(text))
    smallest = np.full(PERMUTATIONS, 2**32 - 1, np.uint32)
    for first in range(0, len(starts), _BLOCK):
        block = slice(first, first + _BLOCK)
        hashes = _hashes(text, starts[block].tolist(), ends[block].tolist())
        np.minimum(smallest, _minima(hashes), out=smallest)
    return smallest.astype(">u4").tobytes()


def _hashes(text: bytes, starts: list[int], ends: list[int]) -> npt.NDArray[np.uint64]:
    sha1 = hashlib.sha1
    digests = [sha1(text[start:end]).digest() for start, end in zip(starts, ends, strict=True)]
    words = np.frombuffer(b"".join(digests), "<u4").reshape(len(digests), -1)
    return words[:, 0].astype(np.uint64)


def _minima(hashes: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint32]:
    """Return the least value of each permutation."""
    factors, summands = permutations()[:, :, None]
    smallest = np.full(PERMUTATIONS, 2**32 - 1, np.uint32)
    for first in range(0, len(hashes), _STEP):
        values = hashes[first : first + _STEP] * factors
        values += summands
        np.minimum(smallest, _least_remainders(values), out=smallest)
    return smallest


def _least_remainders(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint32]:
    """Return the least of the lower 32 bits of `value % (2^61 - 1)` in each row.

    As 2^61 is 1 modulo the prime, the remainder is the sum of the lower 61 and the upper 3 bits, or
    that less the prime, which adds 1 to the lower 32 bits. A sum that reaches the prime exceeds it by
    at most 7, so its lower 32 bits plus 1 are at most 7. If none is, no sum reached the prime, and
    the division, which is several times slower, is not needed.
    """
    low = values.astype(np.uint32)
    low += (values >> np.uint64(61)).astype(np.uint32)
    low += np.uint32(1)
    least: npt.NDArray[np.uint32] = low.min(axis=1)
    least -= np.uint32(1)
    doubtful = least >= 2**32 - 1  # 0 before the 1 was taken off
    doubtful |= least < 7
    if doubtful.any():
        remainders = values[doubtful] % np.uint64(_MERSENNE_PRIME)
        least[doubtful] = remainders.astype(np.uint32).min(axis=1)
    return least


def similarity(a: bytes, b: bytes) -> float:
    """Return the estimated Jaccard similarity of two signatures: the share of equal minima."""
    return float(np.mean(np.frombuffer(a, ">u4") == np.frombuffer(b, ">u4")))


def similarities(a: Any, b: Any) -> npt.NDArray[np.float64]:
    """Return the similarity of many pairs; NaN if either is null.

    Parameters
    ----------
    a, b
        Signatures of as many documents: Arrow arrays of binary, or sequences of bytes.
    """
    left, right = _values(a), _values(b)
    known = [x is not None and y is not None for x, y in zip(left, right, strict=True)]
    result = np.full(len(known), np.nan)
    if any(known):
        equal = _matrix(left, known) == _matrix(right, known)
        result[known] = equal.mean(axis=1)
    return result


def _values(signatures: Any) -> list[bytes | None]:
    return list(signatures.to_pylist() if hasattr(signatures, "to_pylist") else signatures)


def _matrix(signatures: list[bytes | None], known: list[bool]) -> npt.NDArray[np.uint32]:
    buffer = b"".join(x for x, keep in zip(signatures, known, strict=True) if keep and x)
    return np.frombuffer(buffer, np.uint32).reshape(sum(known), -1)
