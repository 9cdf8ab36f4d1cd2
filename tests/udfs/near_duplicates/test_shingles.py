"""Hashes of n-grams: by their definition, however long texts and words are."""

from __future__ import annotations

import math
import sys
import time
import unicodedata

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from shingle_texts import TEXTS, grams

from udfs.near_duplicates import shingles
from udfs.near_duplicates.normal_bytes import normal_bytes
from udfs.quality_signals.vocabulary import normalize


@settings(max_examples=150, deadline=None)
@given(st.lists(TEXTS, max_size=8), st.integers(1, 13))
@example([], 5)
@example([""], 5)
@example(["", "", "a", ""], 1)
@example(["", "a b c d", "a b c d e", "a b c d e f", ""], 5)
def test_hashes_by_definition(texts: list[str], n: int) -> None:
    texts = [normalize(text) for text in texts]
    expected = [[shingles.hash_of(gram) for gram in grams(text, n)] for text in texts]
    found: list[list[int]] = []
    for batch in shingles.batches(texts, n):
        assert batch.first == len(found)
        parts = np.split(batch.hashes, batch.bounds[1:-1]) if len(batch.bounds) > 1 else []
        found += [part.tolist() for part in parts]
    assert found == expected
    assert [shingles.shingle_hashes(text, n).tolist() for text in texts] == expected


@pytest.mark.parametrize("n", [1, 2, 5, 40])
@settings(max_examples=10, deadline=None)
@given(texts=st.lists(TEXTS, min_size=1, max_size=12))
def test_cuts_change_nothing(n: int, texts: list[str]) -> None:
    """Runs of texts, pieces of a text and blocks of bytes that are as small as can be."""
    texts = [normalize(text) for text in texts]
    texts.append(" ".join(texts * 3).strip())
    texts = [normalize(text) for text in texts]
    expected = [shingles.shingle_hashes(text, n).tolist() for text in texts]
    found: list[list[int]] = [[] for _ in texts]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shingles, "_RUN", 50)
        patch.setattr(shingles, "_PIECE", 64)
        patch.setattr(shingles, "_BLOCK", 16)
        patch.setattr(shingles, "LONG_WORD", 1000)
        for first, *others in _places(texts, n):
            found[first] += others
    assert found == expected


def _places(texts: list[str], n: int) -> list[list[int]]:
    out = []
    for batch in shingles.batches(texts, n):
        for i in range(len(batch.bounds) - 1):
            hashes = batch.hashes[batch.bounds[i] : batch.bounds[i + 1]].tolist()
            out.append([batch.first + i, *hashes])
    return out


def test_pieces_of_a_long_text(monkeypatch: pytest.MonkeyPatch) -> None:
    text = " ".join(str(i * i % 7919) for i in range(20_000))
    expected = shingles.shingle_hashes(text, 3).tolist()
    monkeypatch.setattr(shingles, "LONG_WORD", 20)
    monkeypatch.setattr(shingles, "_PIECE", 1000)
    assert len(list(shingles.batches([text], 3))) > 50
    assert shingles.shingle_hashes(text, 3).tolist() == expected


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        TEXTS,
        st.text(),
        st.text(st.characters()),  # lone surrogates too
        st.text("aΣσ\u0345'.\u00a0\u2028\x85\x1c İé\u0301A", max_size=30),
    )
)
@example("ΑΣ. Σ a\u00a0b \u00a0 ΑΣ'\u0301 K \u1e69\u0323 ＡΣ plain words so that few are others")
@example("a b c d e f g h i \u2003 j")
@example("a b c d e f g h ab\u2003 j \u3000K")
@example("e" + "\u0301\u0323" * 600)
def test_normal_bytes(text: str) -> None:
    assert normal_bytes(text) == normalize(text).encode("utf-8", "surrogatepass")
    text += " plain words" * (50 + 2 * len(text))  # so much that other characters are few
    assert normal_bytes(text) == normalize(text).encode("utf-8", "surrogatepass")


def test_normal_bytes_of_assigned_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Alone, in a word and after an accent: the runs of a text as all of it at once."""
    monkeypatch.setattr("udfs.near_duplicates.normal_bytes._FEW", 1)
    # a text with a capital sigma is lowered before it is cut into runs
    chars = [char for char in map(chr, range(sys.maxunicode + 1)) if char != "Σ"]
    chars = [char for char in chars if unicodedata.category(char) not in ("Cn", "Co")]
    for first in range(0, len(chars), 10_000):
        text = "".join([f"{char} é{char}b " for char in chars[first : first + 10_000]])
        assert normal_bytes(text) == normalize(text).encode("utf-8", "surrogatepass")


def test_jaccard() -> None:
    assert shingles.jaccard("a b c d", "b c d e", n=2) == 2 / 4
    assert shingles.jaccard("a b a b a b", "a b a", n=2) == 1
    assert shingles.jaccard("a", "b") == 0
    assert shingles.jaccard("", "b") == 0
    assert math.isnan(shingles.jaccard("", ""))


def test_n_is_at_least_1() -> None:
    with pytest.raises(ValueError, match="n-grams of 0 words"):
        shingles.shingle_hashes("a", 0)


@pytest.mark.parametrize(
    ("text", "n", "count"),
    [
        ("x" * 3_000_000, 5, 1),
        ("a " * 2_000_000 + "a", 5, 1_999_997),
        (("y" * 5000 + " ") * 500 + "z", 5, 497),
        ("b " * 10_000 + "x" * 3_000_000 + " b" * 10_000, 2, 20_000),
        ("a " * 1_000_000 + "a", 10_000, 990_002),
    ],
)
def test_texts_that_are_meant_to_hurt(text: str, n: int, count: int) -> None:
    start = time.process_time()
    assert len(shingles.shingle_hashes(text, n)) == count
    assert time.process_time() - start < 5
