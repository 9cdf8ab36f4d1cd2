"""Scripts and languages that are written without blanks between words, and characters of two columns."""

from __future__ import annotations

import re

UNSPACED = frozenset({"bo", "ja", "km", "lo", "my", "th", "wuu", "yue", "zh"})
"""Languages without blanks between words, of those that lid.176 tells apart."""

# Thai, Lao, Tibetan, Burmese, Khmer, kana and ideographs
_UNSPACED = re.compile(
    "[\u0e01-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+"
)
# kana, ideographs and Hangul with their punctuation, which take two columns (Unicode's UAX 11)
_WIDE = re.compile(
    "[\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff01-\uff60]"
)


def unspaced_characters(text: str) -> int:
    """Return the number of characters of scripts without blanks between words."""
    return 0 if text.isascii() else sum(map(len, _UNSPACED.findall(text)))


def words(line: str) -> int:
    """Return the number of words with a letter or a digit, in scripts without blanks of characters."""
    alone = unspaced_characters(line)
    rest = _UNSPACED.sub(" ", line) if alone else line
    return alone + sum(
        word[0].isalnum() or any(map(str.isalnum, word[1:])) for word in rest.split()
    )


def columns(line: str) -> int:
    """Return the width of a line: a kana, ideograph or Hangul syllable has two columns."""
    return len(line) if line.isascii() else len(line) + sum(map(len, _WIDE.findall(line)))
