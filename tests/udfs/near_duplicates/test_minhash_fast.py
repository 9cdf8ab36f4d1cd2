"""The fast MinHash: datasketch given the same hashes, and the theory of its error."""

from __future__ import annotations

import datasketch
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from shingle_texts import TEXTS, grams

from udfs.near_duplicates import minhash_fast, minhash_v2, shingles
from udfs.near_duplicates.script_words import script_words

affine32 = pytest.mark.skipif(
    int(datasketch.__version__.split(".")[0]) < 2, reason="datasketch before 2 has no such scheme"
)


def upper_half(gram: bytes) -> int:
    return shingles.hash_of(gram) >> 32


def by_datasketch(text: str, n: int) -> bytes | None:
    sketch = datasketch.MinHash(128, seed=42, scheme="affine32", hashfunc=upper_half)
    found = grams(script_words(text).decode("utf-8", "surrogatepass"), n)
    for gram in found:
        sketch.update(gram)
    return sketch.hashvalues.astype(">u4").tobytes() if found else None


@affine32
@settings(max_examples=150, deadline=None)
@given(st.lists(TEXTS, max_size=5), st.integers(1, 13))
@example(["", " ", "a  b", "...", "\ud800", "e\u0301"], 5)
@example([" ".join(map(str, range(700)))], 5)
def test_equal_to_datasketch(texts: list[str], n: int) -> None:
    expected = [by_datasketch(text, n) for text in texts]
    assert minhash_fast.signatures(texts, n) == expected
    assert minhash_fast.signatures_of_normalized([script_words(x) for x in texts], n) == expected


@affine32
def test_permutations_of_datasketch() -> None:
    expected = datasketch.MinHash(128, seed=42, scheme="affine32").permutations
    assert minhash_fast.permutations().tolist() == expected.tolist()


def test_stays_what_it_is() -> None:
    """The scheme is stored in tables: a change of any constant would make them wrong."""
    (signature,) = minhash_fast.signatures(["the quick brown fox jumps over the lazy dog"])
    assert signature is not None
    assert np.frombuffer(signature, ">u4")[:3].tolist() == EXPECTED


EXPECTED = [248998190, 84803571, 398805827]


def test_texts_without_words() -> None:
    assert minhash_fast.signatures([None, "", " \n", "?!"]) == [None] * 4
    assert minhash_fast.signatures([]) == []


def test_a_long_text_between_short_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["a b c", "", " ".join(str(i % 997) for i in range(5000)), "a b c d e f", ""]
    expected = minhash_fast.signatures(texts)
    monkeypatch.setattr(shingles, "LONG_WORD", 20)
    monkeypatch.setattr(shingles, "_RUN", 500)
    monkeypatch.setattr(shingles, "_PIECE", 1000)  # always more than a run
    assert len(list(shingles.batches(texts))) > 10
    assert minhash_fast.signatures(texts) == expected


@pytest.mark.parametrize("step", [1, 3, 64])
def test_blocks_of_products_change_nothing(monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    words = [str(number % 89) for number in range(200)]
    texts = ["", *(" ".join(words[:count]) for count in (200, 5, 0, 6, 7, 0, 0, 80, 1)), ""]
    expected = [minhash_fast.signatures([text])[0] for text in texts]
    monkeypatch.setattr(minhash_fast, "_STEP", step)
    assert minhash_fast.signatures(texts) == expected


@pytest.mark.parametrize("similarity", [0.2, 0.5, 0.8, 0.95])
def test_estimates_are_unbiased(similarity: float) -> None:
    """The mean error is within four standard errors of 0, and the spread is the binomial's."""
    random = np.random.default_rng(7)
    pairs, size = 300, 300
    shared = round(2 * size * similarity / (1 + similarity))
    true = shared / (2 * size - shared)
    a, b = [], []
    for pair in range(pairs):
        words = [f"w{pair}x{number}" for number in random.permutation(2 * size - shared).tolist()]
        a.append(" ".join(words[:size]))
        b.append(" ".join(words[:shared] + words[size:]))
    assert {shingles.jaccard(x, y, n=1) for x, y in zip(a, b, strict=True)} == {true}
    found = minhash_v2.similarities(minhash_fast.signatures(a, 1), minhash_fast.signatures(b, 1))
    deviation = np.sqrt(true * (1 - true) / 128)
    assert abs(float(found.mean()) - true) < 4 * deviation / np.sqrt(pairs)
    assert 0.8 * deviation < float(found.std()) < 1.2 * deviation
