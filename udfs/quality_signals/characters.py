r"""What is known of each character, as one byte of flags, looked up for a whole text at once.

V2 cuts raw words by nltk's `WordPunctTokenizer`: the matches of `\w+|[^\w\s]+`. What `\w` and `\s`
are depends on nltk, which V2 does not pin: up to 3.9 it asks Python's `re`, since 3.10 the module
`regex`. They differ on combining marks, joiners and circled letters (words to `regex` alone), on
numbers such as `½` and `²` (words to `re` alone), and on U+001C to U+001F (whitespace to `re` alone).
"""

from __future__ import annotations

import unicodedata
from typing import Literal

import numpy as np
import numpy.typing as npt

WordRule = Literal["regex", "re"]

RE_WORD = 1  # \w of `re`: str.isalnum or the underscore
UPPER = 2  # str.isupper
LOWER = 4  # lower case or title case: what makes str.isupper of a word false
NUMERIC = 8  # str.isnumeric
LETTER = 16  # [a-zA-Z]
SEPARATOR = 32  # the newline that the caller joins words with
REGEX_WORD = 64  # \w of `regex`: letters, marks, decimals, connectors, joiners, as UTS 18 says
_SEEN = 128

Flags = npt.NDArray[np.uint8]

WORD_FLAG: dict[WordRule, int] = {"regex": REGEX_WORD, "re": RE_WORD}
# whitespace to `re` and to str.split, but not to `regex`
INFORMATION_SEPARATORS = "\x1c\x1d\x1e\x1f"

_WORD_CATEGORIES = ("Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "Pc")
# letters in circles and squares: symbols by category, alphabetic all the same
_CIRCLED = ((0x24B6, 0x24E9), (0x1F130, 0x1F149), (0x1F150, 0x1F169), (0x1F170, 0x1F189))
_JOINERS = "\u200c\u200d"

# Filled as characters are met: a worker meets a few thousand of the 1,114,112.
_TABLE: Flags = np.zeros(0x110000, np.uint8)


def _flags(char: str) -> int:
    flags = _SEEN
    if char.isalnum() or char == "_":
        flags |= RE_WORD
    if _is_regex_word(char):
        flags |= REGEX_WORD
    if char.isupper():
        flags |= UPPER
    elif char.islower() or char.istitle():
        flags |= LOWER
    if char.isnumeric():
        flags |= NUMERIC
    if char.isascii() and char.isalpha():
        flags |= LETTER
    if char == "\n":
        flags |= SEPARATOR
    return flags


def _is_regex_word(char: str) -> bool:
    return (
        unicodedata.category(char) in _WORD_CATEGORIES
        or char in _JOINERS
        or any(first <= ord(char) <= last for first, last in _CIRCLED)
    )


def code_points(text: str) -> npt.NDArray[np.uint32]:
    """The code points of a text, lone surrogates included."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4").astype(
        np.uint32, copy=False
    )


def character_flags(text: str) -> Flags:
    """The flags of each character of a text."""
    codes = code_points(text)
    flags = _TABLE[codes]
    if not flags.all():
        for char in set(text):
            _TABLE[ord(char)] = _flags(char)
        flags = _TABLE[codes]
    return flags
