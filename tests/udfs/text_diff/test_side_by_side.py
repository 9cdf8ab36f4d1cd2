"""The view of two texts: in its columns, complete where it says so, and made in bounded time."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from udfs.text_diff.side_by_side import beside, side_by_side
from udfs.text_diff.terminal import cells

SHORT = st.lists(st.sampled_from(["one", "two", "three", "語", "é"]), max_size=2).map(" ".join)
TEXTS = st.lists(SHORT, max_size=6, unique=True).map("\n".join)
ANY = st.text(st.characters(), max_size=200) | TEXTS
WIDTH = 63  # columns of 30


def cut_cells(line: str, width: int) -> tuple[str, str]:
    """A line's first cells, and the rest."""
    at = next((k for k in range(len(line) + 1) if cells(line[:k]) >= width), len(line))
    return line[:at], line[at:]


def unmarked(line: str) -> str:
    return re.sub(r"\[-|-\]|\{\+|\+\}", "", line)


@given(TEXTS, TEXTS)
def test_each_column_has_its_text(left: str, right: str) -> None:
    parts = [cut_cells(line, 30) for line in side_by_side(left, right, WIDTH)]
    if any("equal lines" in "".join(part) for part in parts):
        return
    lefts = [unmarked(part[0]).rstrip() for part in parts]
    rights = [unmarked(part[1][3:]).rstrip() for part in parts]
    assert [line for line in lefts if line] == [line for line in left.split("\n") if line]
    assert [line for line in rights if line] == [line for line in right.split("\n") if line]


@given(ANY, ANY, st.integers(1, 120))
def test_no_line_is_wider_than_the_terminal_and_none_steers_it(
    left: str, right: str, width: int
) -> None:
    for line in side_by_side(left, right, width):
        assert cells(line) <= max(width, 40) or line.startswith(("...", "  ..."))
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", line)


@given(ANY, ANY)
def test_colours_take_no_cells_and_end_where_they_began(left: str, right: str) -> None:
    for line in side_by_side(left, right, WIDTH, colour=True):
        found = re.findall(r"\x1b\[(\d+)m", line)
        assert found[1::2] == ["0"] * (len(found) // 2)
        assert len(found) % 2 == 0
        assert cells(re.sub(r"\x1b\[\d+m", "", line)) <= WIDTH or line.startswith(("...", "  ..."))


def test_differences_are_in_brackets_and_equal_lines_are_folded() -> None:
    same = "\n".join(f"line {i}" for i in range(40))
    view = side_by_side(f"a quick fox\n{same}", f"a slow fox\n{same}\nmore", 63)
    assert view == [
        "a [-quick-] fox                | a {+slow+} fox",
        "line 0                           line 0",
        "line 1                           line 1",
        "line 2                           line 2",
        "  ... 34 equal lines ...",
        "line 37                          line 37",
        "line 38                          line 38",
        "line 39                          line 39",
        "                               > {+more+}",
    ]


def test_what_is_equal_for_long_is_folded_around_what_is_not() -> None:
    words = [f"word{i}" for i in range(3000)]
    left, right = " ".join(words), " ".join([*words[:1500], "NEW", *words[1500:]])
    for column in (0, 1):
        text = " ".join(cut_cells(line, 60)[column] for line in side_by_side(left, right, 123))
        assert re.search(r"word19 \.\.\. 12,\d+ equal\W+characters", text)
        assert re.search(r"word1499\W+({\+NEW\+}\W+)?word1500", text)
        assert text.rstrip().endswith("word2999")


def test_rows_beyond_the_limit_are_counted() -> None:
    left = "\n".join(f"left {i}" for i in range(50))
    right = "\n".join(f"right {i}" for i in range(30))
    view = side_by_side(left, right, 80, lines=20)
    assert len(view) == 21
    assert view[-1] == (
        "... left out: 30 lines on the left and 10 on the right, 30 rows of them differ ..."
    )


def test_sides_that_are_not_compared_have_no_marks() -> None:
    assert beside("slice  c4", "slice  books", 43) == ["slice  c4              slice  books"]
    assert beside("", "", 43) == [""]


HOSTILE = {
    "equal lines": ("x\n" * 25_000, "x\n" * 25_009),
    "alternating lines": ("x\ny\n" * 12_500, "z\n" + "y\nx\n" * 12_500),
    "one long word": ("x" * 1_000_000, "x" * 1_000_001),
    "one long line": ("x y " * 60_000, "z " + "y x " * 212_500),
    "combining characters": ("a" + "\u0301" * 1_000_000, "a" + "\u0301" * 999_999),
    "escapes": (("\x1b" * 50 + "\n") * 8_000, ("\x1b" * 49 + "\n") * 8_000),
    "blanks": (" " * 1_000_000, " " * 999_999 + "x"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_large_text_takes_bounded_time_and_bounded_lines(name: str) -> None:
    begin = time.process_time()
    view = side_by_side(*HOSTILE[name], 120)
    assert time.process_time() - begin < 15
    assert len(view) < 410
    assert max(map(len, view)) < 8 * 120
