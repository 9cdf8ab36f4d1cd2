"""64-bit hashes of the words of normalised texts, and of runs of words.

Words are read eight bytes at a time, all words of many texts at once. The hashes live as long as an index,
so they may change between releases.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from udfs.near_duplicates.script_words import BETWEEN, script_words_of
from udfs.near_duplicates.shingles import Hashes, mix
from udfs.quality_signals.arrays import Ints

_LONG = 64  # bytes above which a word is hashed by BLAKE2b
_SPACE = ord(" ")
_FACTORS = mix(np.arange(1, 17, dtype=np.uint64)) | np.uint64(1)
_MASKS = np.array([(1 << (8 * size)) - 1 for size in range(9)], np.uint64)


class Words(NamedTuple):
    """Words of several texts.

    Attributes
    ----------
    hashes
        Of all words, text by text.
    bounds
        Start of the words of each text, and end of the last one.
    """

    hashes: Hashes
    bounds: Ints

    def of(self, text: int) -> Hashes:
        """Return the hashes of a text's words."""
        return self.hashes[self.bounds[text] : self.bounds[text + 1]]

    def text_of(self, places: Ints) -> Ints:
        """Return the number of the text that has each word."""
        return np.searchsorted(self.bounds, places, side="right") - 1


def words_of(texts: Sequence[bytes]) -> Words:
    """Return the words of texts as `script_words` gives them, in linear time."""
    cleared = [text.replace(BETWEEN, b" ") for text in texts]  # as documents lose it
    words = _words_between((b" %b " % BETWEEN).join(cleared))
    borders = words.bounds[1:-1]
    before = np.append(np.arange(len(borders) + 1), len(borders))
    return Words(np.delete(words.hashes, borders - 1), words.bounds - before)


def words_in(texts: Sequence[str]) -> Words:
    """Return the words of texts as they are; behind each but the last one is the word `BETWEEN`."""
    return _words_between(script_words_of(texts))


def _words_between(data: bytes) -> Words:
    flat = np.frombuffer(data, np.uint8)
    ends = np.append(np.flatnonzero(flat == _SPACE), len(flat))
    starts = np.append(0, ends[:-1] + 1)
    full = ends > starts
    starts, ends = starts[full], ends[full]
    hashes = _hashes(data, starts, ends)
    borders = np.flatnonzero(hashes == _BORDER) + 1
    return Words(hashes, np.concatenate([[0], borders, [len(hashes)]]))


def _hashes(data: bytes, starts: Ints, ends: Ints) -> Hashes:
    padded = np.frombuffer(data + bytes(8), np.uint8)
    chunks = np.lib.stride_tricks.as_strided(
        padded[:8].view("<u8"), shape=(len(data) + 1,), strides=(1,), writeable=False
    )
    sizes = ends - starts
    hashes: Hashes = chunks[starts] & _MASKS.take(np.minimum(sizes, 8))
    hashes += sizes.astype(np.uint64)
    mix(hashes)
    rest = np.flatnonzero(sizes > 8)
    place = 8
    while len(rest) and place < _LONG:
        # the last eight bytes, which two words of one size share a part of
        more = chunks[np.minimum(starts[rest] + place, ends[rest] - 8)]
        hashes[rest] = mix((hashes[rest] ^ more) * _FACTORS[0])
        place += 8
        rest = rest[sizes[rest] > place]
    for word in np.flatnonzero(sizes > _LONG).tolist():
        start = int(starts[word])
        text = memoryview(data)[start : start + int(sizes[word])]
        digest = hashlib.blake2b(text, digest_size=8).digest()
        hashes[word] = int.from_bytes(digest, "little")
    return hashes


_BORDER = _hashes(BETWEEN, np.array([0]), np.array([len(BETWEEN)]))[0]


def runs_of(hashes: Hashes, size: int) -> Hashes:
    """Return a hash of each run of so many words, at most 16; none where the words are fewer."""
    count = max(len(hashes) - size + 1, 0)
    sums: Hashes = hashes[:count] * _FACTORS[0]
    for back in range(1, size):
        sums += hashes[back : back + count] * _FACTORS[back]
    return sums
