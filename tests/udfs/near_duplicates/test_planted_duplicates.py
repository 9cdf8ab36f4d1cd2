"""Copies with edits: as many as asked for, the same each time, and no others."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from udfs.near_duplicates import minhash_v2
from udfs.near_duplicates.planted_duplicates import RATES, edited, pairs
from udfs.near_duplicates.script_words import cut
from udfs.near_duplicates.shingling import Shingling

KEYS = st.integers(-(2**63), 2**63 - 1)


def prose(seed: int, n: int = 300) -> str:
    choose = random.Random(seed)
    return " ".join(f"{chr(97 + seed % 26)}{choose.randrange(5000)}" for _ in range(n))


@given(st.text(max_size=80), st.floats(0, 1), KEYS)
def test_the_share_is_replaced_and_the_rest_stays(text: str, rate: float, key: int) -> None:
    words = cut(text)[1::2]
    found = edited(text, rate, ["\x00"], key)
    after = cut(found)[1::2]
    if any(not word.isascii() for word in words):
        return  # beside a character that is a word a letter is one too, beside a letter it is not
    assert len(after) == len(words)
    changed = [old for old, new in zip(words, after, strict=True) if new == "\x00" != old]
    kept = sum(word == "\x00" for word in words)
    assert round(rate * len(words)) - kept <= len(changed) <= round(rate * len(words))
    assert cut(found)[::2] == cut(text)[::2]
    assert all(new in (old, "\x00") for old, new in zip(words, after, strict=True))


def test_a_larger_rate_replaces_the_same_and_more() -> None:
    text, donor = prose(1), ["x"]
    places = [
        {i for i, word in enumerate(edited(text, rate, donor, 7).split()) if word == "x"}
        for rate in RATES
    ]
    assert [len(copies) for copies in places] == [0, 3, 6, 15, 30, 90]
    assert all(less <= more for less, more in itertools.pairwise(places))
    # spread over the whole text, and elsewhere by another key
    assert min(places[-1]) < 30
    assert max(places[-1]) > 270
    other = {i for i, word in enumerate(edited(text, 0.3, donor, 8).split()) if word == "x"}
    assert len(other - places[-1]) > 0


def test_words_come_from_the_donor_and_nothing_comes_from_none() -> None:
    donor = prose(2).split()
    after = edited(prose(1), 0.3, donor, 3).split()
    drawn = {word for word in after if word.startswith("c")}
    assert drawn <= set(donor)
    assert len(drawn) > 60
    assert edited(prose(1), 0.3, [], 3) == prose(1)
    assert edited("", 0.3, donor, 3) == ""


def test_pairs_of_both_schemes() -> None:
    texts = [prose(seed) for seed in range(4)] + ["Too short"]
    keys = list(range(5))
    of_three = Shingling(3)
    fast = pairs(texts, keys, of_three.signatures, of_three.jaccard)
    v2 = pairs(texts, keys, minhash_v2.signatures, Shingling(13, "blanks").jaccard)
    assert len(fast) == 4 * len(RATES) + 2  # of the last, two words, 0 and 30 %
    assert {pair.place for pair in v2} == {0, 1, 2, 3}  # the last has no 13 words
    assert fast == pairs(texts, keys, of_three.signatures, of_three.jaccard)
    for made in (fast, v2):
        for pair in made:
            if pair.rate == 0:
                assert pair.signature == pair.of_copy
            estimate = minhash_v2.similarity(pair.signature, pair.of_copy)
            assert pair.jaccard == pytest.approx(estimate, abs=0.17)
    # an edit takes n n-grams out of both, as far as edits are apart: (300 - 6 n) / (300 + 6 n)
    (two_percent,) = [pair for pair in fast if pair.rate == 0.02 and pair.place == 0]
    assert two_percent.jaccard == pytest.approx(282 / 318, abs=0.03)
