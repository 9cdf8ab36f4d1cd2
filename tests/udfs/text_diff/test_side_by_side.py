"""The view of two texts: aligned columns, whole texts or a note, in bounded time."""

from __future__ import annotations

import random
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from udfs.text_diff.side_by_side import columns, side_by_side

SHORT = st.lists(st.sampled_from(["one", "two", "three", "語", "é"]), max_size=2).map(" ".join)
TEXTS = st.lists(SHORT, max_size=6, unique=True).map("\n".join)
ANY = st.text(st.characters(), max_size=200) | TEXTS
WIDTH = 63  # columns of 30


def cut_cells(line: str, width: int) -> tuple[str, str]:
    """Return the text in a line's first cells, and the rest."""
    end = next((k for k in range(len(line) + 1) if cell_len(line[:k]) >= width), len(line))
    return line[:end], line[end:]


def unmarked(line: str) -> str:
    return re.sub(r"\[-|-\]|\{\+|\+\}", "", line)


@given(TEXTS, TEXTS)
def test_each_column_shows_its_text(left: str, right: str) -> None:
    parts = [cut_cells(line, 30) for line in side_by_side(left, right, WIDTH)]
    if any("equal lines" in "".join(part) for part in parts):
        return
    lefts = [unmarked(part[0]).rstrip() for part in parts]
    rights = [unmarked(part[1][3:]).rstrip() for part in parts]
    assert [line for line in lefts if line] == [line for line in left.split("\n") if line]
    assert [line for line in rights if line] == [line for line in right.split("\n") if line]


@given(ANY, ANY, st.integers(1, 120))
def test_no_line_is_wider_than_the_terminal_or_can_control_it(
    left: str, right: str, width: int
) -> None:
    for line in side_by_side(left, right, width):
        assert cell_len(line) <= max(width, 40) or line.startswith(("...", "  ..."))
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", line)


@given(ANY, ANY)
def test_colours_take_no_cells_and_end_on_their_line(left: str, right: str) -> None:
    for line in side_by_side(left, right, WIDTH, colour=True):
        codes = re.findall(r"\x1b\[(\d+)m", line)
        assert codes[1::2] == ["0"] * (len(codes) // 2)
        assert len(codes) % 2 == 0
        assert cell_len(re.sub(r"\x1b\[\d+m", "", line)) <= WIDTH or line.startswith(
            ("...", "  ...")
        )


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


def test_long_equal_parts_of_a_line_are_folded_around_a_change() -> None:
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


def test_columns_that_are_not_compared_have_no_marks() -> None:
    assert columns("slice  c4", "slice  books", 43) == ["slice  c4              slice  books"]
    assert columns("", "", 43) == [""]


def test_wide_and_combining_characters_are_aligned() -> None:
    for text in ("a", "é", "e\u0301", "漢", "ｱ", "Ａ", "각", "\u1100\u1161", "\u0e01\u0e33"):
        (line,) = columns(text, "right", WIDTH)
        assert cell_len(line) == 30 + len(" | right")
        assert line.endswith("   right")


def test_a_wrapped_row_has_its_sign_on_each_line() -> None:
    view = side_by_side("日本語の文章です" * 4, "日本語の文書です" * 4, 43)
    assert view == ["日本語の文[-章-]です | 日本語の文{+書+}です"] * 4


def test_a_text_that_is_cut_has_a_note() -> None:
    view = side_by_side("x" * 1_000_010, "y", 120)
    assert "... 10 characters more of the left text ..." in view
    lines = [f"{number} {number % 7}" for number in range(20_000)]
    view = side_by_side("\n".join(lines), "\n".join(lines[::-1]), 120)
    assert view[-1] == (
        "... too long to compare whole: some words marked as changed may be equal ..."
    )


DRAW = random.Random(5)
HOSTILE = {
    "equal lines": ("x\n" * 500_000, "x\n" * 500_009),
    "alternating lines": ("x\ny\n" * 250_000, "z\n" + "y\nx\n" * 250_000),
    "lines of which half are common": tuple(
        "\n".join(f"x{i}\n{side}{i}" for i in range(80_000)) for side in "yz"
    ),
    "words of which half are common": tuple(
        " ".join(f"x{i} {side}{i}" for i in range(80_000)) for side in "yz"
    ),
    "random words": tuple(" ".join(DRAW.choices("abcdefgh\n", k=400_000)) for _ in range(2)),
    "ideographs": ("語句" * 500_000, "句語" * 500_000),
    "one long word": ("x" * 1_000_000, "x" * 1_000_001),
    "one long line": ("x y " * 60_000, "z " + "y x " * 212_500),
    "combining characters": ("a" + "\u0301" * 1_000_000, "a" + "\u0301" * 999_999),
    "escapes": (("\x1b" * 50 + "\n") * 20_000, ("\x1b" * 49 + "\n") * 20_000),
    "blanks": (" " * 1_000_000, " " * 999_999 + "x"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_texts_of_a_megabyte_take_bounded_time_and_lines(name: str) -> None:
    begin = time.process_time()
    left, right = HOSTILE[name]
    view = side_by_side(left, right, 120)
    assert time.process_time() - begin < 15
    assert len(view) < 410
    assert max(map(len, view)) < 8 * 120
