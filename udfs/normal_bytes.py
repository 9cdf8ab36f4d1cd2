"""V2's normal form as bytes, several times as fast as by `normalize` for texts that are mostly ASCII."""

from __future__ import annotations

import string
from itertools import compress, count
from operator import not_

from udfs.quality_signals.vocabulary import decompose, normalize

_SPACES = b"\t\n\v\f\r\x1c\x1d\x1e\x1f"  # ASCII's, as `str.split` has them
_TABLE = bytes.maketrans(
    string.ascii_uppercase.encode() + _SPACES,
    string.ascii_lowercase.encode() + b" " * len(_SPACES),
)
_PUNCTUATION = string.punctuation.encode()


def normal_bytes(text: str) -> bytes:
    """Return `normalize(text)` in UTF-8, lone surrogates passed through.

    ASCII is deleted, lowered and cut in the bytes of UTF-8, where it is never part of another
    character. What is left are words with other characters: none of the rules looks beyond
    whitespace, so that they are lowered, cut and decomposed by themselves.
    """
    words = text.encode("utf-8", "surrogatepass").translate(_TABLE, _PUNCTUATION).split()
    if text.isascii():
        return b" ".join(words)
    places = list(compress(count(), map(not_, map(bytes.isascii, words))))
    if 3 * len(places) > len(words):
        return normalize(text).encode("utf-8", "surrogatepass")
    others = b"\n".join([words[place] for place in places]).decode("utf-8", "surrogatepass")
    # non-ASCII whitespace cuts such a word, or leaves nothing of it
    cut = [" ".join(word.split()) for word in others.lower().split("\n")]
    found = "\n".join(decompose(cut)).encode("utf-8", "surrogatepass").split(b"\n")
    for place, word in zip(places, found, strict=bool(places)):
        words[place] = word
    return b" ".join(filter(None, words) if b"" in found else words)
