"""Kinds of characters, by which texts are cut into words by script, and where words begin."""

from __future__ import annotations

import string
import unicodedata

import numpy as np
import numpy.typing as npt

_UNSPACED = (
    *((0x0E00, 0x0EFF), (0x0F00, 0x0FFF), (0x1000, 0x109F)),  # Thai and Lao, Tibetan, Burmese
    *((0x1780, 0x17FF), (0x1950, 0x19DF), (0x1A20, 0x1AAF)),  # Khmer, Tai Le, Tai Lue, Tai Tham
    *((0x1B00, 0x1B7F), (0x2E80, 0x2FDF), (0x3005, 0x3007)),  # Balinese, radicals, 々 and 〇
    *((0x3021, 0x3029), (0x3031, 0x312F), (0x31A0, 0x31FF)),  # numerals, kana, Bopomofo
    *((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA000, 0xA4CF)),  # Han, Yi
    *((0xA980, 0xA9FF), (0xAA60, 0xAA7F), (0xAA80, 0xAADF)),  # Javanese, Burmese, Tai Viet
    *((0xF900, 0xFAFF), (0x11700, 0x1174F), (0x16FE0, 0x18DFF)),  # Han, Ahom, Tangut
    *((0x1AFF0, 0x1B2FF), (0x20000, 0x3FFFF)),  # kana, Nushu, Han
)
_VOWEL_SIGNS = (
    *((0x0591, 0x05BD), (0x05BF, 0x05BF), (0x05C1, 0x05C2), (0x05C4, 0x05C5), (0x05C7, 0x05C7)),
    *((0x0610, 0x061A), (0x0640, 0x0640), (0x064B, 0x0652), (0x0656, 0x065F), (0x0670, 0x0670)),
    *((0x06D6, 0x06DC), (0x06DF, 0x06E4), (0x06E7, 0x06E8), (0x06EA, 0x06ED), (0x08D3, 0x08FF)),
)
# within words: quotation marks, points, hyphens, minus, slashes
_IN_WORDS = frozenset(
    "\xb7\u02bc\u05be\u05f3\u05f4\u2010\u2011\u2018\u2019\u201b\u2027\u2032\u2044\u2212\u2215"
)
_WITHOUT_FORM = (  # variation selectors, vowels of Khmer
    *((0x034F, 0x034F), (0x17B4, 0x17B5), (0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0100, 0xE01EF)),
)
_BLANK_LETTERS = frozenset("\u115f\u1160\u2800")  # fillers of Hangul, the empty cell of Braille
LETTER, MARK, ALONE, BLANK, LINE, NOTHING = range(1, 7)
"""Kinds of characters. Punctuation within words, vowel signs and invisible characters are `NOTHING`."""

_KINDS = np.zeros(0x110000, np.uint8)  # filled as characters are met

Codes = npt.NDArray[np.uint32]
Kinds = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]


def characters(text: str) -> tuple[Codes, Kinds]:
    """Return the code points and the kind of each."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    kinds = _KINDS[codes]
    if not kinds.all():
        for code in np.unique(codes[kinds == 0]).tolist():
            _KINDS[code] = _kind(code)
        kinds = _KINDS[codes]
    return codes, kinds


def _kind(code: int) -> int:
    char = chr(code)
    category = unicodedata.category(char)
    if char == "\n":
        return LINE
    if char.isspace() or char in _BLANK_LETTERS:
        return BLANK
    if char in string.punctuation or char in _IN_WORDS or _in(code, _VOWEL_SIGNS):
        return NOTHING
    if category == "Cf" or _in(code, _WITHOUT_FORM):
        return NOTHING
    if category.startswith("P"):
        return BLANK
    if category.startswith("M"):
        return MARK
    return ALONE if _in(code, _UNSPACED) else LETTER


def _in(code: int, spans: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= code <= last for first, last in spans)


def word_starts(text: str) -> tuple[Codes, Ints]:
    """Return the code points of a text as it is, and the indexes at which its words begin.

    >>> word_starts("so, これ\u3002 d'or")[1].tolist()
    [0, 4, 5, 8]
    """
    codes, kinds = characters(text)
    told = np.flatnonzero((kinds != MARK) & (kinds != NOTHING))
    kinds = kinds[told]
    starts = (kinds == LETTER) | (kinds == ALONE)
    starts[1:] &= (kinds[1:] != LETTER) | (kinds[:-1] != LETTER)
    return codes, told[starts]
