"""Units of texts, and hashes of what stands between two of them.

A unit is a word by script (`udfs.near_duplicates.script_words`) with the marks that follow it up to the next
blank, or a byte of UTF-8. Texts are not normalised: passages are equal character by character.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

import numpy as np
import numpy.typing as npt

from udfs.near_duplicates.character_kinds import word_starts
from udfs.near_duplicates.shingles import mix

Unit = Literal["word", "byte"]
Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]

_FACTOR = 0x9E3779B97F4A7C15  # odd
_INVERSE = pow(_FACTOR, -1, 1 << 64)
_BLANKS = np.array([code for code in range(0x3001) if chr(code).isspace()], np.uint32)
_IS_BLANK = np.zeros(0x110000, np.bool_)
_IS_BLANK[_BLANKS] = True
_BETWEEN = "\n"


class Units:
    """The units of some texts, one text after the other.

    Attributes
    ----------
    starts, ends
        Of each unit, in code points or bytes of the joined texts.
    text_of
        Index of the text of each unit.
    """

    def __init__(self, texts: Sequence[str], unit: Unit) -> None:
        joined = _BETWEEN.join(texts)
        self._ascii = joined.isascii()
        self._data = joined.encode("utf-8", "surrogatepass")
        self._unit = unit
        if unit == "byte":
            self._codes: npt.NDArray[np.unsignedinteger] = np.frombuffer(self._data, np.uint8)
            lengths = [len(text.encode("utf-8", "surrogatepass")) for text in texts]
        else:
            self._codes, words = word_starts(joined)
            lengths = [len(text) for text in texts]
        edges = np.cumsum([0, *(length + len(_BETWEEN) for length in lengths)])
        self._text_starts = edges[:-1]
        if unit == "byte":
            inside = np.ones(int(edges[-1]), np.bool_)
            inside[edges[1:] - 1] = False
            self.starts: Ints = np.flatnonzero(inside)
            self.ends: Ints = self.starts + 1
        else:
            self.starts, self.ends = words, self._word_ends(words)
        counts = np.diff(np.searchsorted(self.starts, edges))
        self.text_of: Ints = np.repeat(np.arange(len(texts)), counts)

    def __len__(self) -> int:
        return len(self.starts)

    def _word_ends(self, starts: Ints) -> Ints:
        """Return the first blank behind each word's start, or the start of the next word if that is first."""
        n = len(self._codes)
        blanks = np.flatnonzero(_IS_BLANK[self._codes])
        following = np.append(blanks, n)[np.searchsorted(blanks, starts)]
        ends: Ints = np.minimum(following, np.append(starts[1:], n))
        return ends

    def hashes(self, count: int) -> Hashes:
        """Return a 64-bit hash of each run of so many units, and of what stands between them.

        Polynomials in an odd number, differences of one running sum (`udfs.near_duplicates.shingles`).
        """
        if len(self) < count:
            return np.empty(0, np.uint64)
        powers, inverses = _powers(1 << max(20, (len(self._codes) - 1).bit_length()))
        sums = np.zeros(len(self._codes) + 1, np.uint64)
        np.multiply(self._codes, powers[: len(self._codes)], out=sums[1:], dtype=np.uint64)
        np.cumsum(sums, out=sums)
        starts, ends = self.starts[: len(self) - count + 1], self.ends[count - 1 :]
        hashes: Hashes = (sums[ends] - sums[starts]) * inverses[starts]
        hashes += (ends - starts).astype(np.uint64)
        return mix(hashes)

    def places(self, starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
        """Return where spans begin and end in the texts that they are of, in whole characters."""
        texts = self._text_starts[np.searchsorted(self._text_starts, starts, "right") - 1]
        if self._unit == "word" or self._ascii:
            return starts - texts, ends - texts
        is_first = np.append((self._codes & 0xC0) != 0x80, True)
        before = np.append(0, np.cumsum(is_first[:-1]))
        return before[starts] - before[texts], before[ends] - ~is_first[ends] - before[texts]

    def contents(self, starts: Ints, ends: Ints) -> list[bytes]:
        """Return the UTF-8 of spans."""
        if self._unit == "word" and not self._ascii:
            sizes = 1 + (self._codes >= 0x80) + (self._codes >= 0x800) + (self._codes >= 0x10000)
            before = np.append(0, np.cumsum(sizes, dtype=np.int64))
            starts, ends = before[starts], before[ends]
        data = self._data
        return [data[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]


@lru_cache(maxsize=2)
def _powers(n: int) -> tuple[Hashes, Hashes]:
    """Return the powers 0 to n of the factor and of its inverse, mod 2^64."""
    factors = np.full((2, n + 1), 1, np.uint64)
    factors[0, 1:], factors[1, 1:] = _FACTOR, _INVERSE
    np.multiply.accumulate(factors, axis=1, out=factors)
    return factors[0], factors[1]
