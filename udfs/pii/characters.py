"""Classes of characters that e-mail addresses are made of, in all scripts."""

from __future__ import annotations

import functools
import re
import unicodedata

AT_SIGNS = "@\N{FULLWIDTH COMMERCIAL AT}\N{SMALL COMMERCIAL AT}"
IDEOGRAPHIC_STOPS = "\N{IDEOGRAPHIC FULL STOP}\N{HALFWIDTH IDEOGRAPHIC FULL STOP}"
# what IDNA reads as a dot (RFC 3490, section 3.1)
DOTS = f".\N{FULLWIDTH FULL STOP}{IDEOGRAPHIC_STOPS}"
# invisible: soft hyphen, zero-width space, non-joiner and joiner, word joiner, byte order mark
INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"

_VISIBLE = dict.fromkeys(map(ord, INVISIBLE))
# of letters of these scripts, words are written without spaces
_SPACELESS = re.compile(
    "[\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
)
_HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff]")
_LATIN = re.compile("[A-Za-z\u00aa\u00ba\u00c0-\u024f\u1e00-\u1eff\uff21-\uff3a\uff41-\uff5a]")


@functools.cache
def marks() -> str:
    """Return the combining marks of the Basic Multilingual Plane, as ranges of a regular expression."""
    codes = [code for code in range(0x300, 0x10000) if unicodedata.category(chr(code))[0] == "M"]
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


def folded(text: str) -> str:
    """Return a text as addresses are compared: without case, width and invisible characters.

    >>> folded("ＩＮＦＯ")
    'info'
    """
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", text.translate(_VISIBLE)).lower()


def is_spaceless(character: str) -> bool:
    """Return whether words with this letter are written without spaces: Chinese, Japanese, Thai and so on."""
    return bool(_SPACELESS.match(character))


def is_hangul(character: str) -> bool:
    """Return whether a character is Korean: particles follow a word without a space."""
    return bool(_HANGUL.match(character))


def is_latin(character: str) -> bool:
    """Return whether a character is a Latin letter, of any width."""
    return bool(_LATIN.match(character))
