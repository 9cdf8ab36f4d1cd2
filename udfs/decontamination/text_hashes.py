"""Hashes of the n-grams of texts, text by text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from udfs.near_duplicates.shingles import Hashes, batches


def text_hashes(texts: Sequence[bytes], n: int) -> Iterator[tuple[int, Hashes]]:
    """Yield the number of each text and the hashes of its n-grams, in order."""
    parts: list[Hashes] = []
    last = -1
    for batch in batches(texts, n):
        for i, (start, end) in enumerate(zip(batch.bounds[:-1], batch.bounds[1:], strict=True)):
            if batch.first + i != last:
                if parts:
                    yield last, np.concatenate(parts)
                parts, last = [], batch.first + i
            parts.append(batch.hashes[start:end])
    if parts:
        yield last, np.concatenate(parts)
