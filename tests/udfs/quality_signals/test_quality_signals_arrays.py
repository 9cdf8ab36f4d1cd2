"""The tools under the signals: exact rounding, grouping, decomposition, and texts meant to hurt."""

from __future__ import annotations

import math
import time
import unicodedata
from collections import Counter

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from udfs.near_duplicates.minhash_v2 import _least_remainders
from udfs.quality_signals import columns_and_signatures, score
from udfs.quality_signals.arrays import group, ratio, round_half_even, segment_sum
from udfs.quality_signals.characters import character_flags, code_points, spelled
from udfs.quality_signals.vocabulary import decompose, normalize

# halves of the eighth decimal: where scaling and rounding go wrong
HALVES = st.builds(
    lambda n, ulps: (n + 0.5) / 1e8 + ulps * 1e-17, st.integers(0, 10**9), st.integers(-9, 9)
)


@settings(max_examples=300)
@given(st.lists(st.one_of(st.floats(allow_infinity=False), HALVES), max_size=20))
@example(
    [math.nan, 0.0, -0.0, 1e300, -1e300, 0.000000005, 0.000000015, 2.5e-8, 1.5, 12345678.123456785]
)
def test_rounds_as_python(values: list[float]) -> None:
    found = round_half_even(np.array(values, np.float64)).tolist()
    expected = [x if math.isnan(x) else round(x, 8) for x in values]
    assert [repr(x + 0.0) for x in found] == [repr(x + 0.0) for x in expected]


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), max_size=30))
def test_ratio_is_one_division(pairs: list[tuple[int, int]]) -> None:
    part, whole = np.array(pairs, np.int64).reshape(-1, 2).T
    expected = [round(a / b, 8) if b else -1.0 for a, b in pairs]
    assert ratio(part, whole, empty=-1.0).tolist() == expected


@given(st.lists(st.lists(st.integers(-9, 9), max_size=4), max_size=12))
def test_segment_sum(segments: list[list[int]]) -> None:
    values = np.array([x for segment in segments for x in segment], np.int64)
    bounds = np.cumsum([0, *map(len, segments)])
    assert segment_sum(values, bounds).tolist() == [sum(segment) for segment in segments]


@pytest.mark.parametrize("scale", [1, 2**58])
@given(keys=st.lists(st.integers(0, 6), max_size=40))
def test_group_keeps_first_come_first(scale: int, keys: list[int]) -> None:
    """By the packed sort for small keys, by the stable one for large."""
    order, starts, counts = group(np.array(keys, np.int64) * scale)
    assert order.tolist() == sorted(range(len(keys)), key=lambda i: (keys[i], i))
    assert counts.tolist() == [count for _, count in sorted(Counter(keys).items())]
    assert [keys[order[start]] for start in starts] == sorted(set(keys))


@settings(max_examples=60)
@given(
    st.lists(
        st.lists(
            st.one_of(
                st.integers(0, 2**64 - 1),
                st.builds(
                    lambda k, d: (k * (2**61 - 1) + d) % 2**64,
                    st.integers(0, 8),
                    st.integers(-9, 9),
                ),
            ),
            min_size=3,
            max_size=3,
        ),
        min_size=1,
        max_size=5,
    )
)
def test_least_remainders(rows: list[list[int]]) -> None:
    expected = [min(value % (2**61 - 1) & 0xFFFFFFFF for value in row) for row in rows]
    assert _least_remainders(np.array(rows, np.uint64)).tolist() == expected


def test_character_flags_do_not_depend_on_what_came_before() -> None:
    everything = "".join(map(chr, range(0x3000)))
    flags = character_flags(code_points(everything))
    alone = [int(character_flags(code_points(char))[0]) for char in everything[::97]]
    assert flags[::97].tolist() == alone
    assert spelled(code_points(everything)) == everything


MARKS = st.text("\u0301\u0323\u0344\u0327e\u00e9\u1e69각ΰ", max_size=12)


@given(st.lists(MARKS, max_size=5), st.integers(0, 3))
def test_decomposes_long_words_as_short_ones(words: list[str], repeats: int) -> None:
    words = [word for word in words if word]
    long = [*words, *(word * (1001 * repeats) for word in words)]
    assert decompose(words) == [unicodedata.normalize("NFD", word) for word in words]
    assert decompose(long) == [unicodedata.normalize("NFD", word) for word in long]


def test_normalize_of_a_long_run_of_marks() -> None:
    assert normalize("e" + "\u0301\u0323" * 2000) == "e" + "\u0323" * 2000 + "\u0301" * 2000


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("buffalo " * 100_000, 100_000),
        (" ".join(map(str, range(200_000))), 200_000),
        ("e" + "\u0301\u0323" * 300_000, 1),
        ("a." * 300_000, 1),
        ("- " * 500_000, 0),
        ("\n" * 300_000, 0),
        ("x" * 3_000_000, 1),
        ("\x00" * 300_000, 1),
        ("\x1c." * 200_000, 0),
    ],
    ids=["one word", "distinct", "marks", "dots", "dashes", "lines", "no space", "nul", "x1c"],
)
def test_takes_time_in_proportion(text: str, words: int) -> None:
    start = time.process_time()
    struct, _, _ = columns_and_signatures([text], ["en"], [None])
    assert time.process_time() - start < 20
    row = struct[0].as_py()
    assert row["rps_doc_word_count"] == words
    assert row["rps_lines_num_words"][0]["end"] == (1 if text[0] == "\n" else len(text))


def test_one_word_again_and_again() -> None:
    found = score("buffalo " * 1000, language="en", source_domain=None)
    assert found["rps_doc_frac_chars_top_2gram"] == [[0, 8000, round(14 * 999 / 7000, 8)]]
    assert found["rps_doc_frac_chars_dupe_10grams"] == [[0, 8000, 1.0]]
    assert found["rps_doc_unigram_entropy"] == [[0, 8000, 0.0]]
