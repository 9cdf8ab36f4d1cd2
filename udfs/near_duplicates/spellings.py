"""Characters that are written in several ways, which NFKD does not make equal.

Marks of full width and accents that stand alone become blanks, since NFKD makes a space and a mark of them;
as apostrophes they go. Vowels and tones of Thai and Lao that look the same in another order, and letters
that Arabic keyboards have twice, become one.
"""

from __future__ import annotations

import re

_BLANKS = re.compile(
    "[\xa8\xaf\xb8\u02d8-\u02dd\uff01-\uff06\uff08-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\uffe3]"
)
_APOSTROPHES = re.compile("[\xb4\u02b9\u02bb\u02bd\u275b\u275c\uff07]")
_SAME = {
    "\u309b": "\u3099",  # voiced sound marks of kana
    "\u309c": "\u309a",
    "\u0e40\u0e40": "\u0e41",  # two vowels e are one ae
    "\u0ec0\u0ec0": "\u0ec1",
    "\u0671": "\u0627",  # alef wasla
    "\u06a9": "\u0643",  # kaf and yeh of Persian and of Arabic
    "\u06cc": "\u064a",
}
# a vowel mark before a tone mark, which Thai and Lao write behind it, as NFKD of the vowel am has it
_TONES = {
    "\u0e4d": re.compile("(\u0e4d)([\u0e48-\u0e4b])"),
    "\u0ecd": re.compile("(\u0ecd)([\u0ec8-\u0ecb])"),
}


def respelled(text: str) -> str:
    """Return the text with one spelling of each of these, to decompose it.

    >>> respelled("don\u00b4t\uff0c")
    'dont '
    """
    text = _APOSTROPHES.sub("", _BLANKS.sub(" ", text))
    for one, other in _SAME.items():
        text = text.replace(one, other)
    for vowel, before_tone in _TONES.items():
        if vowel in text:
            text = before_tone.sub(r"\2\1", text)
    return text
