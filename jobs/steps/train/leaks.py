"""Find held-out texts that a model has nearly seen: near-duplicates of those it was trained on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import numpy as np

from udfs.near_duplicates import minhash_fast

SIMILARITY = 0.5
"""Share of common 5-grams from which texts are near-duplicates: crawls are full of templates."""

_BAND = 16  # bytes of a signature: 4 of 128 minima, which texts at 0.5 share with 87 % in any of 32
_BATCH = 256


def near_trained(held_out: Sequence[str], trained: Iterable[str]) -> list[bool]:
    """Return whether each held-out text is a near-duplicate of any trained one.

    The time is linear in the texts; only the signatures of held-out texts are kept in memory.

    Parameters
    ----------
    trained
        Texts, read once.
    """
    signatures = minhash_fast.signatures(held_out)
    by_band: defaultdict[tuple[int, bytes], list[int]] = defaultdict(list)
    for row, signature in enumerate(signatures):
        for band in _bands(signature):
            by_band[band].append(row)
    near = [False] * len(held_out)
    texts = iter(trained)
    while batch := list(islice(texts, _BATCH)):
        for signature in minhash_fast.signatures(batch):
            candidates = {
                row for band in _bands(signature) for row in by_band.get(band, ()) if not near[row]
            }
            for row in candidates:
                near[row] = _similarity(signature, signatures[row]) >= SIMILARITY
    return near


def _bands(signature: bytes | None) -> Iterator[tuple[int, bytes]]:
    for start in range(0, len(signature or b""), _BAND):
        yield start, (signature or b"")[start : start + _BAND]


def _similarity(left: bytes | None, right: bytes | None) -> float:
    """Return the estimated share of common n-grams of two signatures."""
    pair = (np.frombuffer(side or b"", ">u4") for side in (left, right))
    return float(np.mean(np.equal(*pair)))
