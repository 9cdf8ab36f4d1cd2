r"""Properties of characters as flags in one number, looked up for a whole text at once.

V2 cuts raw words by nltk's `WordPunctTokenizer`: the matches of `\w+|[^\w\s]+`. What `\w` and `\s`
are depends on nltk, which V2 does not pin: 3.9.1 asks Python's `re`, 3.10.4 the module `regex`. They
differ on combining marks, joiners and circled letters (words to `regex` alone), on numbers such as
`½` and `²` (words to `re` alone), and on U+001C to U+001F (whitespace to `re` alone).
"""

from __future__ import annotations

import string
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
NEWLINE = 32
REGEX_WORD = 64  # \w of `regex`: letters, marks, decimals, connectors, joiners, as UTS 18 says
SPACE = 128  # str.isspace
PUNCTUATION = 256  # string.punctuation: that of ASCII
_SEEN = 512

Codes = npt.NDArray[np.uint32]
Flags = npt.NDArray[np.uint16]

WORD_FLAG: dict[WordRule, int] = {"regex": REGEX_WORD, "re": RE_WORD}
# whitespace to `re` and to str.split, but not to `regex`
INFORMATION_SEPARATORS = range(0x1C, 0x20)

_WORD_CATEGORIES = ("Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "Pc")
# letters in circles and squares: symbols by category, alphabetic all the same
_CIRCLED = ((0x24B6, 0x24E9), (0x1F130, 0x1F149), (0x1F150, 0x1F169), (0x1F170, 0x1F189))
_JOINERS = "\u200c\u200d"

# Filled as characters are met: a worker meets a few thousand of the 1,114,112.
_TABLE: Flags = np.zeros(0x110000, np.uint16)


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
        flags |= NEWLINE
    if char.isspace():
        flags |= SPACE
    if char in string.punctuation:
        flags |= PUNCTUATION
    return flags


def _is_regex_word(char: str) -> bool:
    return (
        unicodedata.category(char) in _WORD_CATEGORIES
        or char in _JOINERS
        or any(first <= ord(char) <= last for first, last in _CIRCLED)
    )


def code_points(text: str) -> Codes:
    """Return the code points of a text, lone surrogates included."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    return codes.astype(np.uint32, copy=False)


def spelled(codes: Codes) -> str:
    """Return the text of code points."""
    return codes.astype("<u4", copy=False).tobytes().decode("utf-32-le", "surrogatepass")


def character_flags(codes: Codes) -> Flags:
    """Return the flags of each character of a text, given its code points."""
    flags = _TABLE[codes]
    if len(flags) and not flags.min():
        met = np.zeros(len(_TABLE), np.bool_)
        met[codes] = True
        for code in np.flatnonzero(met & (_TABLE == 0)).tolist():
            _TABLE[code] = _flags(chr(code))
        flags = _TABLE[codes]
    return flags
