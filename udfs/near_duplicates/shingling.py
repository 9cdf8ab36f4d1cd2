"""How a text is cut into the n-grams whose sets are compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from udfs.near_duplicates import minhash_fast, shingles
from udfs.near_duplicates.normal_bytes import normal_bytes
from udfs.near_duplicates.script_words import script_words, script_words_each

Words = Literal["script", "blanks"]

CAP = 500_000
"""Characters of a text that are compared: a longer one counts as its beginning."""


@dataclass(frozen=True)
class Shingling:
    """The n-grams of a text.

    Attributes
    ----------
    ngram
        Words of an n-gram.
    words
        `script`: as `udfs.near_duplicates.script_words` cuts the first `CAP` characters; `blanks`: what
        stands between blanks in V2's normal form, as release 0.1 and RedPajama-V2 have it.
    """

    ngram: int = minhash_fast.NGRAM
    words: Words = "script"

    def normal(self, text: str) -> bytes:
        """Return the words of a text between single spaces."""
        return script_words(text[:CAP]) if self.words == "script" else normal_bytes(text)

    def signatures(self, texts: Sequence[str]) -> list[bytes | None]:
        """Return the fast MinHashes; None for a text without words."""
        if self.words == "script":
            normal = script_words_each([text[:CAP] for text in texts])
        else:
            normal = [normal_bytes(text) for text in texts]
        return minhash_fast.signatures_of_normalized(normal, self.ngram)

    def hashes(self, text: str) -> shingles.Hashes:
        """Return the hashes of the different n-grams, in ascending order."""
        return np.unique(shingles.shingle_hashes(self.normal(text), self.ngram))

    def jaccard(self, one: str, other: str) -> float:
        """Return the true similarity of two texts; NaN if both are without words."""
        return shingles.similarity(self.hashes(one), self.hashes(other))


BY_SCRIPT = Shingling()
