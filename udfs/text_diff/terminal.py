"""Make text safe to print on a terminal."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_JOINERS = "\u200c\u200d"  # Persian, Sinhala and others are written with them
_PICTURES = 0x2400  # U+2400 and the 31 after it are pictures of the control characters of ASCII


def visible(text: str) -> str:
    r"""Replace every character that could control a terminal by its picture or its code point.

    These are control characters, characters that set the direction of text or have no form, and
    unpaired surrogates. Blanks of any width stay; a tab is a control character.

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
