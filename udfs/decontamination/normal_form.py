"""Normal form in which documents and evaluation items are compared, word by word."""

from __future__ import annotations

import re

from udfs.near_duplicates.normal_bytes import normal_bytes

# typographic forms of ASCII's punctuation, and invisible characters
_DASHES = re.compile("[\u2012-\u2015]")
_TYPOGRAPHIC = re.compile(
    "[\xa1\xab\xad\xb7\xbb\xbf\u200b-\u200f\u2010\u2011\u2016-\u2027\u2030-\u205e]"
)
# characters of Chinese and Japanese, which have no blanks between words, and their punctuation
_UNSPACED = re.compile(
    "[\u3005\u3007\u3041-\u30fa\u30fc-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
)
_UNSPACED_MARKS = re.compile(
    "[\u3001-\u3004\u3008-\u303f\u30fb\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]"
)


def normal(text: str) -> bytes:
    """Return a text's words in lower case and NFD, without punctuation, between single spaces.

    Each Chinese or Japanese character is a word: 13 of them are about 8 words, the least n in GPT-3's
    paper.

    >>> normal("“Don’t”, she said — twice.")
    b'dont she said twice'
    >>> normal("これは、日本語！").decode()
    'こ れ は 日 本 語'
    """
    if not text.isascii():
        text = _TYPOGRAPHIC.sub("", _DASHES.sub(" ", text))
        text = _UNSPACED.sub(_spaced, _UNSPACED_MARKS.sub(" ", text))
    return normal_bytes(text)


def _spaced(run: re.Match[str]) -> str:
    return f" {' '.join(run[0])} "
