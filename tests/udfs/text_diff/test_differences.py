"""Compare two texts: each column is its whole text, and exactly the differences are marked."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from udfs.text_diff import differences as module
from udfs.text_diff.differences import Line, Row, differences, text_of

WORDS = st.sampled_from(
    ["one", "two", "three", "four,", " ", "  ", "\t", "\n", "\n", "語", "句", "\r"]
)
TEXTS = st.lists(WORDS, max_size=40).map("".join) | st.text(max_size=30)


def side(rows: list[Row], index: int) -> str:
    return "\n".join(text for row in rows if (text := text_of(row[index])) is not None)


def changed(line: Line | None) -> list[str]:
    return [span.text for span in line or () if span.changed]


def unmarked(rows: list[Row], index: int) -> list[str]:
    """Return the characters of a side that are not marked, without white space."""
    lines = [
        " ".join("" if span.changed else span.text for span in row[index] or ()) for row in rows
    ]
    return re.findall(r"[一-鿿]|[^\s一-鿿]", " ".join(lines))


@given(TEXTS, TEXTS)
def test_each_column_is_its_text(left: str, right: str) -> None:
    rows = differences(left, right).rows
    assert side(rows, 0) == left
    assert side(rows, 1) == right


@given(TEXTS, TEXTS)
def test_unmarked_words_are_the_same_on_both_sides(left: str, right: str) -> None:
    rows, complete = differences(left, right)
    assert complete
    assert unmarked(rows, 0) == unmarked(rows, 1)


@given(TEXTS, TEXTS)
def test_the_sign_shows_how_a_row_differs(left: str, right: str) -> None:
    for row in differences(left, right).rows:
        marked = [changed(line) for line in row]
        assert (row.sign == " ") == (text_of(row.left) == text_of(row.right) and not any(marked))
        assert (row.sign in "|<>") == any(map(any, marked))
        assert row.sign != "<" or row.right is None
        assert row.sign != ">" or row.left is None


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert all(row.sign == " " for row in differences(text, text).rows)


@given(st.lists(st.sampled_from([" ", "\n", "\n\n", "\t "]), max_size=20), st.data())
def test_white_space_is_no_change_of_words(blanks: list[str], data: st.DataObject) -> None:
    others = data.draw(st.permutations(blanks))
    texts = ["".join(f"{n}{blank}" for n, blank in enumerate(some)) for some in (blanks, others)]
    rows = differences(*texts).rows
    assert {row.sign for row in rows} <= {" ", "~"}


def test_changed_words_are_marked_and_similar_lines_stand_side_by_side() -> None:
    left = "head\nremoved again\nthe quick brown fox, it runs\ntail"
    right = "head\nthe slow brown fox, it runs far\ntail"
    rows = differences(left, right).rows
    assert [row.sign for row in rows] == [" ", "<", "|", " "]
    assert changed(rows[1].left) == ["removed again"]
    assert changed(rows[2].left) == ["quick"]
    assert changed(rows[2].right) == ["slow", "far"]


def test_each_ideograph_is_a_word() -> None:
    (row,) = differences("日本語の文章です", "日本語の文書です").rows
    assert (changed(row.left), changed(row.right)) == (["章"], ["書"])


def test_an_equal_span_ends_where_the_other_text_has_more() -> None:
    (row,) = differences("a b", "a new b").rows
    assert [span.text for span in row.left or ()] == ["a ", "b"]
    assert [span.text for span in row.right or ()] == ["a ", "new", " b"]


def test_lines_and_words_beyond_the_limits_count_as_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "LINES", 2)
    monkeypatch.setattr(module, "WORDS", 2)
    assert differences("same\n" * 9 + "a", "same\n" * 9 + "b").complete
    assert differences("1 2 3 4 5 x", "1 2 3 4 5 y").complete
    rows, complete = differences("1\na\n2\nb\n3", "4\na\n5\nb\n6")
    assert not complete
    assert [row.sign for row in rows] == [*"| |||"]
    rows, complete = differences("1 a 2 b 3", "4 a 5 b 6")
    assert not complete
    assert changed(rows[0].left) == ["1", "2 b 3"]
