"""Compare two documents by each measure of similarity that dedup uses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from jobs.steps.dedup import contained
from jobs.steps.dedup.bands import bands_of
from jobs.steps.dedup.documents import SIGNATURES
from schemas.settings.dedup import DedupConfig
from udfs.near_duplicates import minhash_v2
from udfs.near_duplicates.minhash_v2 import PERMUTATIONS
from udfs.near_duplicates.shingling import Shingling
from udfs.near_duplicates.simhash import BITS

Row = Mapping[str, Any]


def lines(one: Row, other: Row, kind: str, config: DedupConfig, shingling: Shingling) -> list[str]:
    """Compare two rows of annotated/ by digest, signature, n-grams and SimHash.

    Parameters
    ----------
    kind
        As in duplicates/.
    config
        Settings of the run that made duplicates/.
    shingling
        How the texts of the signatures were cut.
    """
    evidence = []
    if one["digest"] is not None and one["digest"] == other["digest"]:
        evidence.append(f"digest        equal: {one['digest']}")
    shared, total = _ngrams(one["text"] or "", other["text"] or "", shingling)
    jaccard = shared / total if total else 0.0
    evidence += _by_signature(one, other, jaccard, kind, config)
    evidence.append(
        f"Jaccard       {jaccard:.4f}: {shared:,} of {total:,} different n-grams of {shingling.ngram} "
        "words are in both texts"
    )
    share = contained.share(
        *(contained.ngrams(row["text"] or "", letters=kind == "simhash") for row in (one, other))
    )
    if share is not None:
        evidence.append(
            f"contained     {share:.4f} of the 3-grams of words are in the survivor; "
            f"the minimum is {config.min_contained}"
        )
    if one["simhash"] is not None and other["simhash"] is not None:
        distance = ((one["simhash"] ^ other["simhash"]) & ((1 << BITS) - 1)).bit_count()
        limit = config.simhash_distance
        evidence.append(f"SimHash       {distance} of {BITS} bits differ; the maximum is {limit}")
    return evidence


def _by_signature(
    one: Row, other: Row, jaccard: float, kind: str, config: DedupConfig
) -> list[str]:
    """Return the estimate and the shared bands, and why a `near` pair may fail by them."""
    left, right = (_signature(row, config.scheme) for row in (one, other))
    if left is None or right is None:
        return [f"signature     none of the scheme {config.scheme}: a text is too short"]
    equal = int(np.count_nonzero(np.frombuffer(left, ">u4") == np.frombuffer(right, ">u4")))
    estimate = equal / PERMUTATIONS
    count, rows = bands_of(config)
    bands = [slice(start, start + 4 * rows) for start in range(0, 4 * rows * count, 4 * rows)]
    shared = sum(left[band] == right[band] for band in bands)
    evidence = [
        f"estimate      {estimate:.4f}: {equal} of {PERMUTATIONS} minima are equal",
        f"bands         {shared} of {count} bands of {rows} minima are equal",
    ]
    similarity = jaccard if config.verify == "jaccard" else estimate
    passes = similarity >= config.threshold or config.verify == "none"
    if kind == "near" and not (passes and shared):
        failure = "no shared band" if passes else f"below the threshold {config.threshold}"
        evidence.append(f"              {failure}: other documents of the cluster link the two")
    return evidence


def _signature(row: Row, scheme: str) -> bytes | None:
    """Return a row's signature; annotate stores V2's only where asked for."""
    stored: bytes | None = row[SIGNATURES[scheme]]
    if stored is None and scheme == "v2":
        return minhash_v2.signatures([row["text"]])[0]
    return stored


def _ngrams(one: str, other: str, shingling: Shingling) -> tuple[int, int]:
    """Return the number of different n-grams that both texts have, and that either has."""
    left, right = (shingling.hashes(text) for text in (one, other))
    shared = len(np.intersect1d(left, right, assume_unique=True))
    return shared, len(left) + len(right) - shared
