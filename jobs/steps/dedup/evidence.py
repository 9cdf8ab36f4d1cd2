"""How alike two documents are, by each of the measures that dedup has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from jobs.steps.dedup.documents import SIGNATURES
from jobs.steps.dedup.pipeline import bands_of
from schemas.settings.dedup import DedupConfig
from udfs.near_duplicates import shingles
from udfs.near_duplicates.minhash_v2 import PERMUTATIONS
from udfs.near_duplicates.normal_bytes import normal_bytes
from udfs.near_duplicates.simhash import BITS

Row = Mapping[str, Any]


def lines(one: Row, other: Row, kind: str, config: DedupConfig, ngram: int) -> list[str]:
    """Compare two rows of annotated/ by digest, signature, n-grams and SimHash.

    Parameters
    ----------
    kind
        As in duplicates/.
    config
        Of the dedup that is explained.
    ngram
        Words of a shingle.
    """
    said = []
    if one["digest"] is not None and one["digest"] == other["digest"]:
        said.append(f"digest        the same, {one['digest']}")
    both, either = _ngrams(one["text"] or "", other["text"] or "", ngram)
    true = both / either if either else 0.0
    said += _by_signature(one, other, true, kind, config)
    said.append(
        f"Jaccard       {true:.4f}: {both:,} of {either:,} different n-grams of {ngram} words are in both"
    )
    if one["simhash"] is not None and other["simhash"] is not None:
        apart = ((one["simhash"] ^ other["simhash"]) & ((1 << BITS) - 1)).bit_count()
        most = config.simhash_distance
        said.append(f"SimHash       {apart} of {BITS} bits differ, at most {most} may")
    return said


def _by_signature(one: Row, other: Row, true: float, kind: str, config: DedupConfig) -> list[str]:
    """The estimate and the shared bands, and why a pair is near that is not by these."""
    left, right = (each[SIGNATURES[config.scheme]] for each in (one, other))
    if left is None or right is None:
        return [f"signature     none of the scheme {config.scheme}: a text is too short"]
    equal = int(np.count_nonzero(np.frombuffer(left, ">u4") == np.frombuffer(right, ">u4")))
    estimate = equal / PERMUTATIONS
    count, rows = bands_of(config)
    places = range(0, 4 * rows * count, 4 * rows)
    shared = sum(left[at : at + 4 * rows] == right[at : at + 4 * rows] for at in places)
    said = [
        f"estimate      {estimate:.4f}: {equal} of {PERMUTATIONS} minima are equal",
        f"bands         {shared} of {count} shared, of {rows} minima each",
    ]
    judged = true if config.verify == "jaccard" else estimate
    alike = judged >= config.threshold or config.verify == "none"
    if kind == "near" and not (alike and shared):
        lacking = "no shared band" if alike else f"below the threshold {config.threshold}"
        said.append(f"              {lacking}: the two are joined by others of the cluster")
    return said


def _ngrams(one: str, other: str, ngram: int) -> tuple[int, int]:
    """How many different n-grams both texts have, and how many either has."""
    left, right = (
        np.unique(shingles.shingle_hashes(normal_bytes(text), ngram)) for text in (one, other)
    )
    both = len(np.intersect1d(left, right, assume_unique=True))
    return both, len(left) + len(right) - both
