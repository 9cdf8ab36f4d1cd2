r"""SimHash as RedPajama-V1 finds near duplicates among books: 64 bits, near within a distance of 5.

The features are a text's character 6-grams, with multiplicity, after it is put in lower case and all
but `\w` (letters, digits, `_`) is deleted; a shorter text is one feature. The hash of a feature is
the last 8 bytes of its MD5. Bit i of the SimHash is 1 where more than half of the features have bit i
set.

The numbers are those of the library `simhash` for these features, which V1 passes as a list.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from udfs.near_duplicates import md5_batch

WIDTH = 6
BITS = 64
NEAR = 5
"""V1's largest Hamming distance of near duplicates, in bits."""

_NOT_WORD = re.compile(r"[^\w]+")
_SURROGATES = re.compile("[\ud800-\udfff]+")
_MARKS = re.compile("[\u0300-\u036f]+")
_LIGATURES = str.maketrans(
    {
        "\u0153": "oe",
        "\u0152": "OE",
        "\u00e6": "ae",
        "\u00c6": "AE",
        "\u00df": "ss",
        "\u00f8": "o",
        "\u00d8": "O",
    }
    | {
        "\u0142": "l",
        "\u0141": "L",
        "\u0111": "d",
        "\u0110": "D",
        "\u00f0": "d",
        "\u00fe": "th",
        "\u0131": "i",
    }
)
_SPELLED = re.compile(r"\[[=)(~.:`'^\"/,*+-]([A-Za-z]{1,2})\]|\[([oa]e|[OA][eE])\]")
_MASK = (1 << BITS) - 1
# bit 7 - j of the number i: what a byte adds to the sums of its eight bits
_BITS_OF_BYTE = np.unpackbits(np.arange(256, dtype=np.uint8)[:, np.newaxis], axis=1)
_BLOCK = 1 << 20  # characters whose features are counted at once
_STEP = 1 << 14  # distinct features whose digests are held at once

Codes = npt.NDArray[np.uint32]
Numbers = npt.NDArray[np.uint64]


def features(text: str) -> list[str]:
    """Return the 6-grams that `simhash` counts, in the text's order: V1's `get_features`.

    >>> features("A b, c: defg")
    ['abcdef', 'bcdefg']
    """
    letters = _NOT_WORD.sub("", text.lower())
    return [letters[i : i + WIDTH] for i in range(max(len(letters) - WIDTH + 1, 1))]


def simhash(text: str) -> int:
    """Return the SimHash of a text's features, an unsigned number of 64 bits.

    Time and memory are linear in the text, memory apart from the text itself bounded.

    >>> hex(simhash("abc"))
    '0xd6963f7d28e17f72'
    """
    sums = np.zeros(BITS, np.int64)
    count = 0
    letters = np.empty(0, np.uint32)
    for more in _letters(text.lower()):
        letters = np.concatenate((letters[1 - WIDTH :], more))
        if len(letters) >= WIDTH:
            sums += _sums(letters)
            count += len(letters) - WIDTH + 1
    if not count:
        sums += _sums_of_digests(letters[np.newaxis], np.ones(1, np.int64))
        count = 1
    return int.from_bytes(np.packbits(2 * sums > count).tobytes(), "big")


def base_letters(text: str) -> str:
    """Return a text with letters without diacritics, for `simhash` to compare.

    Editions of a book differ in them where one is in ASCII or Latin-1: `é` and `e`, `œ` and `oe`, and
    Project Gutenberg's spellings of what an encoding lacks, such as `[=a]` and `[oe]`. Marks of other
    scripts than Latin, Greek and Cyrillic stay.

    >>> base_letters("Œdipe à Thêbes, [=a]tman, [OE]uvres")
    'OEdipe a Thebes, atman, OEuvres'
    """
    if not text.isascii():
        decomposed = unicodedata.normalize("NFD", text).translate(_LIGATURES)
        text = unicodedata.normalize("NFC", _MARKS.sub("", decomposed))
    return _SPELLED.sub(lambda letter: letter[1] or letter[2], text) if "[" in text else text


def distance(one: int, other: int) -> int:
    """Return the Hamming distance of two SimHashes: of their 64 bits, so that a sign does not matter.

    >>> distance(0b1100, 0b1010)
    2
    """
    return ((one ^ other) & _MASK).bit_count()


def _letters(lowered: str) -> Iterator[Codes]:
    """Yield the code points of letters, digits and `_`, block by block."""
    for start in range(0, len(lowered), _BLOCK):
        block = lowered[start : start + _BLOCK]
        try:
            encoded = block.encode("utf-32-le")
        except UnicodeEncodeError:
            encoded = _SURROGATES.sub("", block).encode("utf-32-le")
        if not encoded:
            continue
        codes = np.frombuffer(encoded, "<u4")
        is_word = np.zeros(int(codes.max()) + 1, np.bool_)
        is_word[codes] = True
        distinct = np.flatnonzero(is_word)
        is_word[distinct] = [not _NOT_WORD.match(chr(code)) for code in distinct.tolist()]
        yield codes[is_word[codes]]


def _sums(letters: Codes) -> npt.NDArray[np.int64]:
    """Return how many of the 6-grams of at least 6 code points have each bit set."""
    # A 6-gram is a number of six digits, whose base is the size of the text's alphabet. Where that
    # may pass 64 bits, as in Chinese, it is one of two digits: the ranks of its two halves.
    alphabet, digits = _ranked(letters)
    base = len(alphabet)
    halves = (digits[:-2] * base + digits[1:-1]) * base + digits[2:]
    values, digits, base_of_halves = None, halves, base**3
    if base**WIDTH > _MASK:
        values, digits = np.unique(halves, return_inverse=True)
        digits, base_of_halves = digits.astype(np.uint64), len(values)
    numbers, counts = np.unique(digits[:-3] * base_of_halves + digits[3:], return_counts=True)

    sums = np.zeros(BITS, np.int64)
    for first in range(0, len(numbers), _STEP):
        block = slice(first, first + _STEP)
        pair = np.divmod(numbers[block], base_of_halves)
        codes = [alphabet[digit] for half in pair for digit in _digits(half, values, base)]
        sums += _sums_of_digests(np.stack(codes, axis=1), counts[block])
    return sums


def _ranked(letters: Codes) -> tuple[Codes, Numbers]:
    """Return the different code points, in order, and the rank of each letter among them."""
    present = np.zeros(int(letters.max()) + 1, np.bool_)
    present[letters] = True
    alphabet = np.flatnonzero(present).astype(np.uint32)
    ranks = np.empty(len(present), np.uint64)
    ranks[alphabet] = np.arange(len(alphabet), dtype=np.uint64)
    return alphabet, ranks[letters]


def _digits(halves: Numbers, values: Numbers | None, base: int) -> tuple[Numbers, ...]:
    rest, last = np.divmod(halves if values is None else values[halves], base)
    return *np.divmod(rest, base), last


def _sums_of_digests(grams: Codes, counts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return how many of the features, one a row with its count, have each bit set."""
    lines = np.full((len(grams), grams.shape[1] + 1), ord("\n"), "<u4")
    lines[:, :-1] = grams
    digests = md5_batch.digests(lines.tobytes().decode("utf-32-le").encode())
    columns = digests[:, -BITS // 8 :].T
    # count the values of a byte first: 256 rows to sum instead of one a feature
    by_value = np.stack([np.bincount(column, counts, 256) for column in columns]).astype(np.int64)
    return (by_value @ _BITS_OF_BYTE.astype(np.int64)).ravel()
