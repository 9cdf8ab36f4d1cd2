"""Compare two texts line by line, and changed lines word by word, in bounded time.

`difflib` finds the equal runs. Its time is quadratic in long sequences, so it compares `LINES` lines
after those that both texts begin with, and `WORDS` words of the changed lines; what lies beyond counts
as changed, and `Differences.complete` is False. The rest is linear: two texts of 1 MB, whatever is in
them, took 0 to 9 s in the tests.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import chain, groupby, zip_longest
from typing import NamedTuple

LINES = 2_000
"""Lines of each text that are compared, after those that both texts begin with."""

WORDS = 4_000
"""Words of the changed lines of each text that are compared."""

# Chinese and Japanese have no blanks: each ideograph, kana and mark counts as a word
_ALONE = "\u3001-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uff60\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_ALONE}]|[^\s{_ALONE}]+")

Run = tuple[int, int, int]
"""Start of a run in the first and in the second sequence, and its length."""


class Span(NamedTuple):
    """A part of a line, and whether the other text lacks it."""

    text: str
    changed: bool


Line = tuple[Span, ...]


class Row(NamedTuple):
    """A line of each text; None where a line of the other text has no counterpart."""

    left: Line | None
    right: Line | None

    @property
    def sign(self) -> str:
        """Return a character that says how the two lines differ.

        Blank: not at all; `~`: in white space and line ends only; `|`: in words; `<` and `>`: the
        line is in the left or in the right text only.
        """
        if not any(span.changed for span in chain(self.left or (), self.right or ())):
            return " " if text_of(self.left) == text_of(self.right) else "~"
        if self.left is None or self.right is None:
            return ">" if self.left is None else "<"
        return "|"


def text_of(line: Line | None) -> str | None:
    """Return a line as its text has it."""
    return None if line is None else "".join(span.text for span in line)


class Differences(NamedTuple):
    """Two texts, row by row.

    Attributes
    ----------
    rows
        The left lines, joined by line breaks, are the left text; the right ones are the right text.
    complete
        Whether both texts were compared whole; if not, words marked as changed may be equal.
    """

    rows: list[Row]
    complete: bool


def differences(left: str, right: str) -> Differences:
    """Compare two texts by lines, and lines that differ by words."""
    sides = left.split("\n"), right.split("\n")
    runs, complete = _equal_runs(*sides, LINES)
    # blank lines are everywhere and match nothing in particular
    runs = [(i, j, size) for i, j, size in runs if any(map(str.strip, sides[0][i : i + size]))]
    rows: list[Row] = []
    words = WORDS
    start = (0, 0)
    for i, j, size in [*runs, (len(sides[0]), len(sides[1]), 0)]:
        changed = _Lines.split(sides[0][start[0] : i]), _Lines.split(sides[1][start[1] : j])
        equal, all_compared = _equal_runs(changed[0].words, changed[1].words, words)
        complete &= all_compared
        words -= min(words, max(len(side.words) for side in changed))
        rows += _rows(*changed, equal)
        rows += [
            Row(*[(Span(line, False),) if line else ()] * 2) for line in sides[0][i : i + size]
        ]
        start = i + size, j + size
    return Differences(rows, complete)


def _equal_runs(left: Sequence[str], right: Sequence[str], limit: int) -> tuple[list[Run], bool]:
    """Return the equal runs of two sequences in ascending order, and whether all was compared."""
    head = _common_prefix(left, right)
    tail = _common_prefix(left[head:][::-1], right[head:][::-1])
    ends = len(left) - tail, len(right) - tail
    middle = left[head : ends[0]][:limit], right[head : ends[1]][:limit]
    blocks = SequenceMatcher(None, *middle).get_matching_blocks() if all(middle) else []
    runs = [(0, 0, head), *((head + i, head + j, size) for i, j, size in blocks), (*ends, tail)]
    complete = head in ends or max(ends) - head <= limit
    return [run for run in runs if run[2]], complete


def _common_prefix(left: Sequence[str], right: Sequence[str]) -> int:
    pairs = enumerate(zip(left, right, strict=False))
    shorter = min(len(left), len(right))
    return next((length for length, (one, other) in pairs if one != other), shorter)


class _Lines(NamedTuple):
    """Lines and their words; the place of a word is its line, its start and its end in the line."""

    lines: Sequence[str]
    words: list[str]
    places: list[tuple[int, int, int]]

    @classmethod
    def split(cls, lines: Sequence[str]) -> _Lines:
        words: list[str] = []
        places: list[tuple[int, int, int]] = []
        for number, line in enumerate(lines):
            for match in _WORD.finditer(line):  # a million matches at once would keep the GC busy
                words.append(match.group())
                places.append((number, *match.span()))
        return cls(lines, words, places)

    def marked(self, equal: Sequence[tuple[int, int]]) -> list[Line]:
        """Return the lines as spans: the words outside of the equal runs are changed."""
        changed: list[list[tuple[int, int]]] = [[] for _ in self.lines]
        stop = 0
        for start, size in [*equal, (len(self.words), 0)]:
            gap = self.places[stop:start]
            if not gap and 0 < start < len(self.words):
                # the other text has more here: an empty change ends the span
                number, position, _ = self.places[start]
                changed[number].append((position, position))
            for number, words in groupby(gap, lambda location: location[0]):
                first, *_, last = [*words] * 2
                changed[number].append((first[1], last[2]))
            stop = start + size
        return [_spans(line, ranges) for line, ranges in zip(self.lines, changed, strict=True)]


def _spans(line: str, changed: Sequence[tuple[int, int]]) -> Line:
    spans = []
    position = 0
    for start, end in [*changed, (len(line), len(line))]:
        spans += [Span(line[position:start], False), Span(line[start:end], True)]
        position = end
    return tuple(span for span in spans if span.text)


def _rows(left: _Lines, right: _Lines, equal: Sequence[Run]) -> Iterator[Row]:
    """Yield the lines, each beside the one that it shares most with."""
    shared: Counter[tuple[int, int]] = Counter()
    for i, j, size in equal:
        for one, other in zip(left.places[i : i + size], right.places[j : j + size], strict=True):
            shared[one[0], other[0]] += one[2] - one[1]
    best: tuple[dict[int, int], dict[int, int]] = ({}, {})
    for (i, j), _ in shared.most_common():
        best[0].setdefault(i, j)
        best[1].setdefault(j, i)
    partners = [(i, j) for i, j in sorted(best[0].items()) if best[1][j] == i]
    lines = (
        left.marked([(i, size) for i, _, size in equal]),
        right.marked([(j, size) for _, j, size in equal]),
    )
    start = (0, 0)
    for i, j in [*partners, (len(left.lines), len(right.lines))]:
        for pair in zip_longest(lines[0][start[0] : i], lines[1][start[1] : j]):
            yield Row(*pair)
        start = i, j


def folded(rows: Sequence[Row], context: int) -> Iterator[Row | int]:
    """Yield the rows; of a long run of equal ones, the number in place of those in its middle.

    Parameters
    ----------
    context
        Equal rows that stay on each side of the middle.
    """
    for equal, group in groupby(rows, key=lambda row: row.sign == " "):
        run = list(group)
        skipped = len(run) - 2 * context
        if equal and skipped > 1:
            yield from run[:context]
            yield skipped
            yield from run[-context:]
        else:
            yield from run
