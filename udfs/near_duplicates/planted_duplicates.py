"""Plant near duplicates to measure the recall of a dedup run.

A copy of a text with some of its words replaced is a near-duplicate of known similarity. A keyed hash chooses
positions and words, so the same texts give the same copies.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from udfs.near_duplicates.shingles import jaccard, mix
from udfs.quality_signals.vocabulary import normalize

RATES = (0.0, 0.01, 0.02, 0.05, 0.1, 0.3)
"""Shares of the words that are replaced."""

Sign = Callable[[Sequence[str]], Sequence[bytes | None]]
"""Returns the signatures of normalised texts."""

_MASK = (1 << 64) - 1
_PARTS = re.compile(r"\S+|\s+")


@dataclass(frozen=True)
class Pair:
    """A text and an edited copy.

    Attributes
    ----------
    place
        Index of the text.
    rate
        Share of the words that were replaced.
    jaccard
        True Jaccard similarity of their n-grams.
    signature, of_copy
        Their MinHash signatures.
    """

    place: int
    rate: float
    jaccard: float
    signature: bytes
    of_copy: bytes


def edited(text: str, rate: float, donor: Sequence[str], key: int) -> str:
    """Return the text with a share of its words replaced by words of a donor, whitespace unchanged.

    A larger rate replaces the same words and more.

    Parameters
    ----------
    rate
        Share of the words, from 0 to 1; their number is rounded.
    donor
        Words to draw from; without any, nothing is replaced.
    key
        Another key gives other positions and other words.

    Examples
    --------
    >>> edited("a b  c", 1.0, ["z"], key=1)
    'z z  z'
    """
    parts = _PARTS.findall(text)
    words = [index for index, part in enumerate(parts) if not part.isspace()]
    count = round(rate * len(words))
    if not count or not donor:
        return text
    order = np.argsort(_hashes(key, len(words)), kind="stable")[:count].tolist()
    drawn = (_hashes(key + 1, len(words)) % np.uint64(len(donor))).tolist()
    for index in order:
        parts[words[index]] = donor[drawn[index]]
    return "".join(parts)


def pairs(texts: Sequence[str], keys: Sequence[int], sign: Sign, ngram: int) -> list[Pair]:
    """Return pairs of each text and its copies, one per rate of `RATES`.

    A copy has that share of its words replaced by words of the next text. A text or copy without a
    signature makes no pair.

    Parameters
    ----------
    texts
        Texts as stored.
    keys
        A key per text, as `edited` takes it.
    sign
        Returns the signatures of normalised texts.
    ngram
        Words of an n-gram of the signatures.
    """
    planted = []
    for index, (text, key) in enumerate(zip(texts, keys, strict=True)):
        donor = texts[(index + 1) % len(texts)].split()
        normal = normalize(text)
        copies = [normalize(edited(text, rate, donor, key)) for rate in RATES]
        signature, *of_copies = sign([normal, *copies])
        for rate, copy, of_copy in zip(RATES, copies, of_copies, strict=True):
            if signature is not None and of_copy is not None:
                similarity = jaccard(normal, copy, ngram)
                planted.append(Pair(index, rate, similarity, signature, of_copy))
    return planted


def _hashes(key: int, count: int) -> npt.NDArray[np.uint64]:
    """Return a keyed hash of each number from 0."""
    # to the finaliser, keys that differ by one are as different as any
    start = int(mix(np.array([key & _MASK], np.uint64))[0])
    return mix(np.arange(count, dtype=np.uint64) + np.uint64(start))
