"""Text as a terminal may show it: nothing that would steer it, and how many cells it takes."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_JOINERS = "\u200c\u200d"  # Persian, Sinhala and others are written with them
_PICTURES = 0x2400  # U+2400 and on picture the control characters of ASCII


def visible(text: str) -> str:
    r"""Return the text with a picture or the name in place of what would steer a terminal.

    That is control characters, those that turn the direction of text or have no form at all, and
    halves of surrogate pairs. Blanks of every width stay; a tab is a control character.

    >>> visible("a\tb\x1b[31m\u202e")
    'a␉b␛[31m<U+202E>'
    """
    return text if text.isascii() and text.isprintable() else "".join(map(_visible, text))


@lru_cache(maxsize=1 << 16)
def _visible(character: str) -> str:
    code = ord(character)
    if code < ord(" "):
        return chr(_PICTURES + code)
    if code == 0x7F:
        return "␡"
    category = unicodedata.category(character)
    harmless = category[0] != "C" and category not in ("Zl", "Zp")
    return character if harmless or character in _JOINERS else f"<U+{code:04X}>"


def cells(text: str) -> int:
    r"""Return how many cells of a terminal visible text takes.

    Two for what Unicode says is wide (UAX 11), as Chinese, none for what combines with the character
    before it.

    >>> cells("naïve"), cells("nai\u0308ve"), cells("日本")
    (5, 5, 4)
    """
    return len(text) if text.isascii() else sum(map(_cells, text))


@lru_cache(maxsize=1 << 16)
def _cells(character: str) -> int:
    # the vowels and final consonants of Hangul follow on a consonant, whose cells they share
    if "\u1160" <= character <= "\u11ff" or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def fitting(text: str, width: int, longest: int) -> int:
    """Return how many characters of visible text go into some cells.

    Parameters
    ----------
    longest
        Characters at the most, of which any number may take no cell.
    """
    for place, character in enumerate(text):
        width -= _cells(character)
        if width < 0 or place == longest:
            return place
    return len(text)
