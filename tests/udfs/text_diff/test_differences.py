"""Two texts line beside line: nothing is lost, what differs is marked and no more than that."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from udfs.text_diff.differences import Line, Row, differences, text_of

WORDS = st.sampled_from(
    ["one", "two", "three", "four,", " ", "  ", "\t", "\n", "\n", "語", "句", "\r"]
)
TEXTS = st.lists(WORDS, max_size=40).map("".join) | st.text(max_size=30)


def side(rows: list[Row], at: int) -> str:
    return "\n".join(text for row in rows if (text := text_of(row[at])) is not None)


def changed(line: Line | None) -> list[str]:
    return [span.text for span in line or () if span.changed]


def kept(rows: list[Row], at: int) -> list[str]:
    """The words that are in both texts."""
    lines = [
        " ".join(span.text if not span.changed else " " for span in row[at] or ()) for row in rows
    ]
    return re.findall(r"[一-鿿]|[^\s一-鿿]", " ".join(lines))


@given(TEXTS, TEXTS)
def test_each_column_is_its_text(left: str, right: str) -> None:
    rows = differences(left, right).rows
    assert side(rows, 0) == left
    assert side(rows, 1) == right


@given(TEXTS, TEXTS)
def test_what_is_not_marked_is_the_same_on_both_sides(left: str, right: str) -> None:
    found = differences(left, right)
    assert found.complete
    assert kept(found.rows, 0) == kept(found.rows, 1)


@given(TEXTS, TEXTS)
def test_the_sign_says_how_a_row_differs(left: str, right: str) -> None:
    for row in differences(left, right).rows:
        marked = [changed(each) for each in row]
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


def test_words_are_marked_and_lines_that_belong_together_are_beside_each_other() -> None:
    left = "head\ngone for good\nthe quick brown fox, it runs\ntail"
    right = "head\nthe slow brown fox, it runs far\ntail"
    rows = differences(left, right).rows
    assert [row.sign for row in rows] == [" ", "<", "|", " "]
    assert changed(rows[1].left) == ["gone for good"]
    assert changed(rows[2].left) == ["quick"]
    assert changed(rows[2].right) == ["slow", "far"]


def test_each_ideograph_is_a_word() -> None:
    (row,) = differences("日本語の文章です", "日本語の文書です").rows
    assert (changed(row.left), changed(row.right)) == (["章"], ["書"])


def test_what_is_equal_is_parted_where_the_other_text_has_more() -> None:
    (row,) = differences("a b", "a new b").rows
    assert [span.text for span in row.left or ()] == ["a ", "b"]
    assert [span.text for span in row.right or ()] == ["a ", "new", " b"]
