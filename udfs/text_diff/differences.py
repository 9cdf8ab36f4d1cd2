"""Two texts line beside line, with the words that one has and the other has not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise, zip_longest
from typing import NamedTuple

from udfs.text_diff.alignment import Block, Work, align

# Chinese and Japanese have no blanks: each ideograph, kana and mark counts as a word
_ALONE = "\u3001-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uff60\U00020000-\U0003ffff"
WORD = rf"[{_ALONE}]|[^\s{_ALONE}]+"
_WORD = re.compile(WORD)
_CHANGED = -1


class Span(NamedTuple):
    """A part of a line, and whether the other text lacks it there.

    What is equal is in two parts where the other text has more between them.
    """

    text: str
    changed: bool


Line = tuple[Span, ...]


class Row(NamedTuple):
    """A line of each text, or of one where the other has none beside it."""

    left: Line | None
    right: Line | None

    @property
    def sign(self) -> str:
        """How the two differ, in one character.

        Blank: not at all; `~`: in white space and where lines end alone; `|`: in words; `<` and `>`: the
        line is in the left or in the right text alone.
        """
        if not any(span.changed for span in chain(self.left or (), self.right or ())):
            return " " if text_of(self.left) == text_of(self.right) else "~"
        if self.left is None or self.right is None:
            return ">" if self.left is None else "<"
        return "|"


def text_of(line: Line | None) -> str | None:
    """The line as it is in its text."""
    return None if line is None else "".join(span.text for span in line)


class Differences(NamedTuple):
    """Two texts, row by row.

    Attributes
    ----------
    rows
        The left lines in their order, joined by line breaks, are the left text; so are the right ones.
    complete
        Whether all was compared: if not, of what is changed some may be equal.
    """

    rows: list[Row]
    complete: bool


def differences(left: str, right: str) -> Differences:
    """Compare two texts by lines, and lines that differ by words.

    The time is that of `udfs.text_diff.alignment.align`: nearly linear in the texts.
    """
    sides = left.split("\n"), right.split("\n")
    work = Work()
    # empty lines are everywhere: by themselves they tell nothing
    blocks = [
        block
        for block in align(*sides, work)
        if any(map(str.strip, sides[0][block[0] : block[0] + block[2]]))
    ]
    rows: list[Row] = []
    last = (0, 0)
    for i, j, size in [*blocks, (len(sides[0]), len(sides[1]), 0)]:
        rows += _by_words(sides[0][last[0] : i], sides[1][last[1] : j], work)
        rows += [Row(same, same) for same in map(_whole, sides[0][i : i + size])]
        last = i + size, j + size
    return Differences(rows, work.complete)


def _whole(line: str) -> Line:
    return (Span(line, False),) if line else ()


class _Words(NamedTuple):
    """The words of some lines: the line of each, and where in the line it is."""

    lines: Sequence[str]
    words: list[str]
    of_line: list[int]
    places: list[tuple[int, int]]


def _words(lines: Sequence[str]) -> _Words:
    found = _Words(lines, [], [], [])
    for number, line in enumerate(lines):
        for match in _WORD.finditer(line):
            found.words.append(match.group())
            found.of_line.append(number)
            found.places.append(match.span())
    return found


def _by_words(left: Sequence[str], right: Sequence[str], work: Work) -> list[Row]:
    """Compare lines of which none are equal by words, across the ends of lines."""
    sides = _words(left), _words(right)
    blocks = align(sides[0].words, sides[1].words, work)
    marked = [_spans(words, blocks, side) for side, words in enumerate(sides)]
    rows: list[Row] = []
    last = (0, 0)
    for i, j in [*_partners(*sides, blocks), (len(left), len(right))]:
        rows += [Row(*pair) for pair in zip_longest(marked[0][last[0] : i], marked[1][last[1] : j])]
        last = i, j
    return rows


def _partners(left: _Words, right: _Words, blocks: Sequence[Block]) -> Iterator[tuple[int, int]]:
    """Yield the lines that have most in common with each other, in ascending order."""
    shared: Counter[tuple[int, int]] = Counter()
    for i, j, size in blocks:
        for at in range(size):
            shared[left.of_line[i + at], right.of_line[j + at]] += len(left.words[i + at])
    best: list[dict[int, tuple[int, int]]] = [{}, {}]
    for pair, size in shared.items():
        for side, line in enumerate(pair):
            if line not in best[side] or shared[best[side][line]] < size:
                best[side][line] = pair
    return (pair for pair in best[0].values() if best[1][pair[1]] == pair)


def _spans(words: _Words, blocks: Sequence[Block], side: int) -> list[Line]:
    """Each line parted where words that the other side lacks begin and end, or the other's would."""
    of_block = [_CHANGED] * len(words.words)
    for number, block in enumerate(blocks):
        start, size = block[side], block[2]
        of_block[start : start + size] = [number] * size
    cuts: list[list[tuple[int, bool]]] = [[(0, False)] for _ in words.lines]
    line = before = -2
    for number, found, (start, end) in zip(words.of_line, of_block, words.places, strict=True):
        of_line = cuts[number]
        if found == _CHANGED:
            if (number, found) == (line, before):
                of_line.pop()  # with the blanks between it and the word before
            else:
                of_line.append((start, True))
            of_line.append((end, False))
        elif number == line and found != before != _CHANGED:
            of_line.append((start, False))
        line, before = number, found
    return [_parted(text, ends) for text, ends in zip(words.lines, cuts, strict=True)]


def _parted(line: str, cuts: Sequence[tuple[int, bool]]) -> Line:
    """The line from each cut to the next, and whether that is changed."""
    found = pairwise([*cuts, (len(line), False)])
    return tuple(
        Span(line[start:end], changed) for (start, changed), (end, _) in found if start < end
    )
