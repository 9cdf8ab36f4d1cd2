"""64-bit hashes of the word n-grams of normalised texts, without a string for each.

A normalised text is its words between single spaces. The hash of its bytes from s to e is a
polynomial in an odd p, mixed by MurmurHash3's 64-bit finaliser:

    mix(sum of T[byte i] p^(i - s), for i from s to e, mod 2^64)

As p has an inverse mod 2^64, the sums of all n-grams are differences of one running sum over the
text (Karp and Rabin: Efficient randomized pattern-matching algorithms, 1987). Two different n-grams
have the same hash with probability 2^-64. With p known, n-grams of 512 bytes and more can be built that
collide, which makes the texts that contain them similar, and no others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from udfs.quality_signals.arrays import Ints, offsets

Hashes = npt.NDArray[np.uint64]

LONG_WORD = 1000
"""Bytes above which a word is replaced by its BLAKE2b digest of 16 bytes, in hexadecimal."""

_MASK = (1 << 64) - 1
_P = 0x9E3779B97F4A7C15  # odd
_RUN = 1 << 18  # bytes of text whose words are found at once
_PIECE = 1 << 20  # bytes of a long text that are worked on at once: more than a run
_BLOCK = 1 << 14  # bytes whose sums are held at once: they stay in the processor's cache
_SPACE = ord(" ")


def mix(values: Hashes) -> Hashes:
    """Apply MurmurHash3's 64-bit finaliser in place: a bijection in which each bit depends on all."""
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        values ^= values >> np.uint64(33)
        values *= np.uint64(factor)
    values ^= values >> np.uint64(33)
    return values


_BYTES: Hashes = mix(np.arange(1, 257, dtype=np.uint64))  # T


class Batch(NamedTuple):
    """The shingles of some texts.

    Attributes
    ----------
    hashes
        Hashes of all shingles, text by text, with repetition.
    bounds
        Start of the shingles of each text, and end of those of the last one.
    first
        Index of the first text. A long text is in several batches, which have the same index.
    """

    hashes: Hashes
    bounds: Ints
    first: int


def shingle_hashes(text: str | bytes, n: int = 5) -> Hashes:
    """Return the hashes of a normalised text's n-grams of words, in their order.

    A text of fewer than n words is one shingle; an empty one has none.
    """
    return np.concatenate([batch.hashes for batch in batches([text], n)])


def batches(texts: Sequence[str | bytes], n: int = 5) -> Iterator[Batch]:
    """Yield the shingles of many normalised texts, or of their UTF-8, in linear time.

    Memory beside the encoded text is bounded: by some megabytes, or 40 KB for each of the n words
    where that is more.

    Raises
    ------
    ValueError
        `n` is less than 1.
    """
    if n < 1:
        raise ValueError(f"n-grams of {n} words")
    encoded: list[bytes] = []
    size = first = 0
    for index, text in enumerate(texts):
        data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
        if encoded and size + len(data) > _RUN:
            yield _batch(encoded, n, first)
            encoded, size, first = [], 0, index
        if len(data) > _PIECE:
            for piece in _pieces(_shortened(data), n):
                yield _batch([piece], n, index)
            first = index + 1
            continue
        encoded.append(data)
        size += len(data) + 1
    if encoded or not texts:
        yield _batch(encoded, n, first)


def _batch(texts: list[bytes], n: int, first: int) -> Batch:
    data = b" ".join(texts)
    flat = np.frombuffer(data, np.uint8)
    ends = np.append(np.flatnonzero(flat == _SPACE), len(flat))
    starts = np.empty_like(ends)
    starts[:1] = 0
    np.add(ends[:-1], 1, out=starts[1:])
    if int((ends - starts).max()) > LONG_WORD:
        return _batch([_shortened(text) for text in texts], n, first)
    # an empty text is an empty word here, which no shingle has
    text_bounds = offsets([len(text) + 1 for text in texts])
    word_bounds = np.searchsorted(starts, text_bounds)
    words = np.diff(word_bounds)
    empty = np.diff(text_bounds) == 1

    whole = words < n
    begins = np.ones(len(starts), np.bool_) if texts else np.zeros(len(starts), np.bool_)
    for back in range(1, min(n, int(words.max(initial=0)))):
        begins[word_bounds[1:][words > back] - back] = False
    begins[word_bounds[:-1]] = ~empty
    chosen = np.flatnonzero(begins)
    last = np.minimum(chosen + (n - 1), len(ends) - 1)
    short = whole & ~empty
    counts = np.where(empty, 0, np.where(whole, 1, words - n + 1))
    bounds = offsets(counts)
    last[bounds[:-1][short]] = word_bounds[1:][short] - 1
    return Batch(_hashes(flat, starts[chosen], ends[last]), bounds, first)


def _hashes(flat: npt.NDArray[np.uint8], starts: Ints, ends: Ints) -> Hashes:
    """Return the hash of each span; starts and ends are in ascending order."""
    result = np.empty(len(starts), np.uint64)
    first = 0
    while first < len(starts):
        origin = int(starts[first])
        # at least as much again as the first n-gram, or the time would grow with n
        size = max(_BLOCK, 2 * (int(ends[first]) - origin))
        stop = int(np.searchsorted(ends, origin + size, side="right"))
        sums = np.zeros(int(ends[stop - 1]) - origin + 1, np.uint64)
        powers, inverses = _powers(len(sums))
        values = _BYTES.take(flat[origin : origin + len(sums) - 1])
        values *= powers[: len(values)]
        np.cumsum(values, out=sums[1:])
        begin = starts[first:stop] - origin
        values_of_spans = sums[ends[first:stop] - origin]
        values_of_spans -= sums[begin]
        values_of_spans *= inverses[begin]
        result[first:stop] = mix(values_of_spans)
        first = stop
    return result


def _geometric(factor: int, size: int) -> Hashes:
    """Return the powers of a factor mod 2^64, from 1."""
    factors = np.full(size, factor, np.uint64)
    factors[:1] = 1
    return np.cumprod(factors, dtype=np.uint64)


_POWERS = [_geometric(factor, _BLOCK + 1) for factor in (_P, pow(_P, -1, 1 << 64))]


def _powers(size: int) -> list[Hashes]:
    """Return the powers of p and of its inverse; only a very large n needs more than a block's."""
    if size <= len(_POWERS[0]):
        return _POWERS
    return [_geometric(factor, size) for factor in (_P, pow(_P, -1, 1 << 64))]


def _pieces(text: bytes, n: int) -> Iterator[bytes]:
    """Cut a text whose words are short so that each n-gram is in one piece."""
    # no n words take more than half a piece, so that each piece has as much again that is new
    size = max(_PIECE, 2 * n * (LONG_WORD + 1))
    start = 0
    while len(text) - start > size:
        stop = text.rfind(b" ", start, start + size)
        yield text[start:stop]
        for _ in range(n - 1):
            stop = text.rfind(b" ", start, stop)
        start = stop + 1
    yield text[start:]


def _shortened(text: bytes) -> bytes:
    """Return the text with its long words replaced by their digests."""
    parts: list[bytes] = []
    done = start = 0  # what is copied; where the present word starts
    for origin in range(0, len(text) + 1, _PIECE):
        block = np.frombuffer(text, np.uint8, min(_PIECE, len(text) - origin), origin)
        ends = np.flatnonzero(block == _SPACE) + origin
        if origin + _PIECE > len(text):
            ends = np.append(ends, len(text))
        if not len(ends):
            continue
        starts = np.append(start, ends[:-1] + 1)
        long = ends - starts > LONG_WORD
        for begin, end in zip(starts[long].tolist(), ends[long].tolist(), strict=True):
            digest = hashlib.blake2b(memoryview(text)[begin:end], digest_size=16).hexdigest()
            parts += [text[done:begin], digest.encode()]
            done = end
        start = int(ends[-1]) + 1
    return b"".join([*parts, text[done:]])


def hash_of(shingle: bytes) -> int:
    """Return the hash of one shingle of short words, by its definition.

    >>> hash_of(b"a b") == int(shingle_hashes("a b")[0])
    True
    """
    powers = accumulate(shingle, lambda power, _: power * _P & _MASK, initial=1)
    total = sum(int(_BYTES[byte]) * power for byte, power in zip(shingle, powers, strict=False))
    return int(mix(np.array([total & _MASK], np.uint64))[0])


def jaccard(a: str, b: str, n: int = 5) -> float:
    """Return the true Jaccard similarity of the shingles of two normalised texts.

    That is the number of different n-grams in both over the number in either, counted by their hashes;
    NaN if both are empty.

    >>> jaccard("a b c", "b c d", n=2)
    0.3333333333333333
    """
    return similarity(*(np.unique(shingle_hashes(text, n)) for text in (a, b)))


def similarity(left: Hashes, right: Hashes) -> float:
    """Return the Jaccard similarity of two sorted sets of hashes."""
    both = len(np.intersect1d(left, right, assume_unique=True))
    either = len(left) + len(right) - both
    return both / either if either else float("nan")
