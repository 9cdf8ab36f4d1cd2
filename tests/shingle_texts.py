"""Texts for the tests of shingles, and a plain implementation of their n-grams."""

from __future__ import annotations

import hashlib

from hypothesis import strategies as st

TEXTS = st.lists(
    st.one_of(
        st.sampled_from(["a", "b", "Über", "語", "e\u0301", "\ud800", "x" * 999, "é" * 501]),
        st.text(max_size=5),
    ),
    max_size=30,
).map(" ".join)


def grams(text: str, n: int) -> list[bytes]:
    """Return the n-grams of a normalised text by their definition, with long words replaced."""
    words = [word.encode("utf-8", "surrogatepass") for word in text.split(" ") if word]
    words = [
        hashlib.blake2b(word, digest_size=16).hexdigest().encode() if len(word) > 1000 else word
        for word in words
    ]
    count = max(len(words) - n + 1, 1) if words else 0
    return [b" ".join(words[i : i + n]) for i in range(count)]
