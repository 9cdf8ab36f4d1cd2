"""Text that is safe to print on a terminal."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from udfs.text_diff.terminal import visible


@given(st.text(st.characters(), max_size=50))
def test_no_character_can_control_the_terminal(text: str) -> None:
    shown = visible(text)
    for character in shown:
        assert character in "\u200c\u200d" or unicodedata.category(character)[0] != "C"
        assert character not in "\u2028\u2029"
    assert visible(shown) == shown
    shown.encode()  # no half of a surrogate pair


def test_ordinary_text_stays() -> None:
    for text in (
        "Zażółć gęślą jaźń",
        "日本語、です。",
        "می\u200cخواهم",
        "ශ්\u200dරී",
        "👍🏽",
        "a\xa0b",
    ):
        assert visible(text) == text
