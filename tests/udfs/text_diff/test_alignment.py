"""Common runs of two sequences: right, in order, and found in bounded time."""

from __future__ import annotations

import difflib
import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from udfs.text_diff.alignment import Work, align

SEQUENCES = st.text("abcd", max_size=40)


@given(SEQUENCES, SEQUENCES, st.sampled_from([0, 50, 500, 60_000_000]))
def test_blocks_are_equal_runs_in_ascending_order(left: str, right: str, steps: int) -> None:
    ends = (0, 0)
    for i, j, size in align(left, right, Work(steps)):
        assert size > 0
        assert left[i : i + size] == right[j : j + size]
        assert i >= ends[0]
        assert j >= ends[1]
        assert (i, j) == (0, 0) or (i, j) != ends  # what follows on each other is one
        ends = i + size, j + size


@given(SEQUENCES, SEQUENCES)
def test_what_no_alignment_could_match_is_told_apart_from_what_was_not_compared(
    left: str, right: str
) -> None:
    work = Work(0)
    found = sum(size for _, _, size in align(left, right, work))
    if work.complete and not found:
        assert not set(left) & set(right)


@given(st.lists(st.integers(0, 30), max_size=60), st.lists(st.integers(0, 30), max_size=60))
def test_with_enough_work_as_much_is_found_as_difflib_finds(
    left: list[int], right: list[int]
) -> None:
    head = next((k for k, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), None)
    if head:
        left, right = left[head:], right[head:]
    if not left or not right or left[-1] == right[-1] or left[0] == right[0]:
        return  # common ends are taken first, where difflib may take something longer
    matcher = difflib.SequenceMatcher(None, left, right, autojunk=False)
    expected = [tuple(block) for block in matcher.get_matching_blocks()[:-1]]
    work = Work()
    assert align(left, right, work) == expected
    assert work.complete


def test_without_work_what_is_there_once_is_found_still() -> None:
    left = [f"line {i}" if i % 5 else "again" for i in range(1000)]
    right = [each for i, each in enumerate(left) if i % 7]
    found = align(left, right, Work(0))
    matched = {left[i + k] for i, _, size in found for k in range(size)}
    assert matched >= set(right) - {"again"}


def hard(n: int) -> tuple[list[str], list[str]]:
    """What difflib is cubic in."""
    return [f"{x}" for i in range(n) for x in ("x", f"y{i}")], [
        f"{x}" for i in range(n) for x in ("x", f"z{i}")
    ]


HOSTILE = {
    "equal": lambda n: (["x"] * n, ["x"] * (n + 9)),
    "alternating": lambda n: (["x", "y"] * n, ["z", *["y", "x"] * n]),
    "cubic": hard,
    "reversed": lambda n: (list(range(n)), list(range(n))[::-1]),
    "random": lambda n: tuple([random.Random(k).choice("abcdef") for _ in range(n)] for k in "ab"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_the_time_is_bounded(name: str) -> None:
    begin = time.process_time()
    align(*HOSTILE[name](30_000), Work(1_000_000))
    assert time.process_time() - begin < 3
