"""What a terminal is sent, and the cells it takes."""

from __future__ import annotations

import doctest
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from udfs.text_diff import terminal
from udfs.text_diff.terminal import cells, fitting, visible

TEXTS = st.text(st.characters(), max_size=50)


def test_the_examples_hold() -> None:
    assert doctest.testmod(terminal).failed == 0


@given(TEXTS)
def test_nothing_that_steers_a_terminal_is_left(text: str) -> None:
    shown = visible(text)
    for character in shown:
        assert character in "\u200c\u200d" or unicodedata.category(character)[0] != "C"
        assert character not in "\u2028\u2029"
    assert visible(shown) == shown
    shown.encode()  # no half of a surrogate pair


def test_what_people_write_stays() -> None:
    for text in (
        "Zażółć gęślą jaźń",
        "日本語、です。",
        "می\u200cخواهم",
        "ශ්\u200dරී",
        "👍🏽",
        "a\xa0b",
    ):
        assert visible(text) == text


@given(TEXTS, st.integers(0, 30), st.integers(0, 60))
def test_what_fits_fits_and_no_more_would(text: str, width: int, longest: int) -> None:
    taken = fitting(text, width, longest)
    assert cells(text[:taken]) <= width
    assert taken <= longest
    if taken < len(text):
        assert cells(text[: taken + 1]) > width or taken == longest


def test_cells_of_wide_and_of_combining_characters() -> None:
    assert [
        cells(each) for each in ("a", "é", "e\u0301", "漢", "ｱ", "Ａ", "각", "\u1100\u1161")
    ] == [*(1, 1, 1, 2, 1, 2, 2, 2)]
