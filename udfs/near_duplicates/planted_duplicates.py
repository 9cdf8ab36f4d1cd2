"""Plant near duplicates to measure the recall of a dedup run.

A copy of a text with some of its words (`udfs.near_duplicates.script_words.cut`) replaced is a
near-duplicate of known similarity. A keyed hash chooses positions and words, so the same texts give the
same copies.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from udfs.near_duplicates.script_words import cut
from udfs.near_duplicates.shingles import mix

RATES = (0.0, 0.01, 0.02, 0.05, 0.1, 0.3)
"""Shares of the words that are replaced."""

Sign = Callable[[Sequence[str]], Sequence[bytes | None]]
"""Returns the signatures of texts."""

Similarity = Callable[[str, str], float]
"""Returns the true Jaccard similarity of the n-grams of two texts."""

_MASK = (1 << 64) - 1


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
    """Return the text with a share of its words replaced by words of a donor, what stands between unchanged.

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
    parts = cut(text)
    words = len(parts) // 2
    count = round(rate * words)
    if not count or not donor:
        return text
    order = np.argsort(keyed_hashes(key, words), kind="stable")[:count].tolist()
    drawn = (keyed_hashes(key + 1, words) % np.uint64(len(donor))).tolist()
    for index in order:
        parts[2 * index + 1] = donor[drawn[index]]
    return "".join(parts)


def pairs(texts: Sequence[str], keys: Sequence[int], sign: Sign, jaccard: Similarity) -> list[Pair]:
    """Return pairs of each text and its copies, one per rate of `RATES`.

    A copy has that share of its words replaced by words of the next text. A text or copy without a
    signature makes no pair, nor does a text of which the share is less than a word.

    Parameters
    ----------
    texts
        Texts as stored.
    keys
        A key per text, as `edited` takes it.
    sign
        Returns the signatures of texts.
    jaccard
        Returns the true similarity of two texts, by the n-grams of the signatures.
    """
    planted = []
    for index, (text, key) in enumerate(zip(texts, keys, strict=True)):
        donor = cut(texts[(index + 1) % len(texts)])[1::2]
        copies = [edited(text, rate, donor, key) for rate in RATES]
        signature, *of_copies = sign([text, *copies])
        for rate, copy, of_copy in zip(RATES, copies, of_copies, strict=True):
            if rate and copy == text:  # the share is less than a word
                continue
            if signature is not None and of_copy is not None:
                similarity = jaccard(text, copy)
                planted.append(Pair(index, rate, similarity, signature, of_copy))
    return planted


def keyed_hashes(key: int, count: int) -> npt.NDArray[np.uint64]:
    """Return a keyed hash of each number from 0."""
    # to the finaliser, keys that differ by one are as different as any
    start = int(mix(np.array([key & _MASK], np.uint64))[0])
    return mix(np.arange(count, dtype=np.uint64) + np.uint64(start))
