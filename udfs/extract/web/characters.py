"""Count the characters of texts by class: letters, digits, punctuation of all scripts."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

LETTER, UPPER, DIGIT, SPACE, STOP, COMMA, WIDE, SIGN, QUOTE, COPYRIGHT = range(10)
_NUMBER = 10
_BY_CLASS = (
    (STOP, ".!?。！？।؟…။។"),
    (COMMA, ",;、，；،:："),
    (SIGN, "|»›·•@#/\\►▶→«‹&+*=~<>_®™%"),
    (COPYRIGHT, "©"),
)
_BY_CATEGORY = {
    **dict.fromkeys(("Nd", "Nl", "No"), DIGIT),
    "Lu": UPPER,
    **dict.fromkeys(("Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "Sc", "Sk", "Sm", "So"), QUOTE),
}
# CJK ideographs, kana and hangul
_WIDE_RANGES = ((0x2E80, 0x9FFF), (0xAC00, 0xD7AF), (0xF900, 0xFAFF))
_LAST = 0xFFFF  # characters beyond the Basic Multilingual Plane are counted as this one, a letter


class Counted:
    """The characters of some texts, none of them empty.

    Attributes
    ----------
    length
        (texts): the characters of each text.
    counts
        (classes, texts): its characters of each class but letters.
    first, last
        (texts): the class of its first and of its last character.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        lengths = np.array([len(text) for text in texts], np.int64)
        codes = np.frombuffer("".join(texts).encode("utf-32-le", "replace"), np.uint32)
        classes = _table().take(codes, mode="clip")
        ends = np.cumsum(lengths)
        others = np.flatnonzero(classes)  # all but letters, which are most
        cells = np.repeat(np.arange(len(texts)) * _NUMBER, lengths).take(others)
        cells += classes.take(others)
        counts = np.bincount(cells, minlength=len(texts) * _NUMBER).reshape(-1, _NUMBER)
        self.length = lengths.astype(np.float64)
        self.counts = counts.T.astype(np.float64)
        self.first, self.last = classes[ends - lengths], classes[ends - 1]


@lru_cache(maxsize=1)
def _table() -> npt.NDArray[np.uint8]:
    """Return the class of each character of the Basic Multilingual Plane."""
    characters = [chr(code) for code in range(_LAST + 1)]
    classes = np.array([_BY_CATEGORY.get(unicodedata.category(c), LETTER) for c in characters])
    for low, high in _WIDE_RANGES:
        wide = classes[low : high + 1]
        wide[wide == LETTER] = WIDE
    classes[[c.isspace() for c in characters]] = SPACE
    for number, members in _BY_CLASS:
        classes[[ord(member) for member in members]] = number
    return classes.astype(np.uint8)
