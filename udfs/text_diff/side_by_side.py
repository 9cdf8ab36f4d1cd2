"""Two texts in two columns of a terminal, with their differences marked.

    The [-quick-] brown fox                  | The {+slow+} brown fox
      ... 37 equal lines ...

What the left text alone has is red, what the right one alone has is green, or both are in brackets.
What is equal and long is folded, what is very long is cut, and the view says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, zip_longest
from typing import NamedTuple

from udfs.text_diff import terminal
from udfs.text_diff.differences import WORD, Line, Row, Span, differences

NARROWEST = 40
"""Cells that the view takes at least."""

LINES = 400
"""Lines of the view, of which a few are said to be left out."""

COMPARED = 4_000_000
"""Characters of a text that are compared."""

_AROUND = 3  # equal lines before and after others
_EQUAL, _CHANGED, _LINE = 400, 2000, 4000  # characters of a part, and of a line, that are shown
_TOKEN = re.compile(rf"{WORD}|\s+")


class _Marks(NamedTuple):
    """What stands before and after what differs, and the cells of each."""

    before: str
    after: str
    cells: int


_BRACKETS = _Marks("[-", "-]", 2), _Marks("{+", "+}", 2)
_COLOURS = _Marks("\x1b[31m", "\x1b[0m", 0), _Marks("\x1b[32m", "\x1b[0m", 0)


def side_by_side(
    left: str, right: str, width: int, *, colour: bool = False, lines: int = LINES
) -> list[str]:
    """Return the lines of a view of two texts.

    Parameters
    ----------
    width
        Cells of the terminal; no line takes more, if there are at least `NARROWEST`.
    colour
        Whether differences are coloured, or in brackets.
    lines
        Rows beyond so many lines are left out.
    """
    marks = _COLOURS if colour else _BRACKETS
    found = differences(left[:COMPARED], right[:COMPARED])
    view: list[str] = []
    shown = 0
    for stretch in _stretches(found.rows):
        if isinstance(stretch, int):
            view.append(f"  ... {stretch:,} equal lines ...")
            shown += stretch
            continue
        made = _columns(stretch, stretch.sign, width, marks)
        if len(view) + len(made) > lines:
            view.append(f"... left out: {_counted(found.rows[shown:])} ...")
            break
        view += made
        shown += 1
    for name, text in (("left", left), ("right", right)):
        if len(text) > COMPARED:
            view.append(f"... {len(text) - COMPARED:,} characters more of the {name} text ...")
    if not found.complete:
        view.append(
            "... too much is repeated to compare all: some of what is marked may be equal ..."
        )
    return view


def beside(left: str, right: str, width: int) -> list[str]:
    """Return lines that show two texts in the columns of the view, without comparing them."""
    return _columns(Row((Span(left, False),), (Span(right, False),)), " ", width, _BRACKETS)


def _columns(row: Row, sign: str, width: int, marks: tuple[_Marks, _Marks]) -> list[str]:
    """The lines that show a row: more than one where a line is too long."""
    column = (max(width, NARROWEST) - 3) // 2
    cells = [
        _wrapped(_shortened(line or ()), column, mark)
        for line, mark in zip(row, marks, strict=True)
    ]
    made = []
    for (left, size), (right, _) in zip_longest(*cells, fillvalue=("", 0)):
        made.append(f"{left}{' ' * (column - size)} {sign} {right}".rstrip(" "))
    return made


def _stretches(rows: Sequence[Row]) -> Iterator[Row | int]:
    """Yield the rows, and the number of those that are folded."""
    for equal, group in groupby(rows, key=lambda row: row.sign == " "):
        some = list(group)
        folded = len(some) - 2 * _AROUND
        if equal and folded > 1:
            yield from some[:_AROUND]
            yield folded
            yield from some[-_AROUND:]
        else:
            yield from some


def _counted(rows: Sequence[Row]) -> str:
    left, right = (sum(row[side] is not None for row in rows) for side in (0, 1))
    different = sum(row.sign != " " for row in rows)
    return (
        f"{left:,} lines on the left and {right:,} on the right, {different:,} rows of them differ"
    )


def _shortened(line: Line) -> Line:
    """The line without the middle of long parts, and without its end if it is long still."""
    made: list[Span] = []
    size = 0
    for place, span in enumerate(line):
        text = _folded(span)
        if size + len(text) > _LINE:
            left = sum(len(each.text) for each in line[place:])
            return (*made, Span(f" ... {left:,} more characters ...", False))
        size += len(text)
        made.append(Span(text, span.changed))
    return tuple(made)


def _folded(span: Span) -> str:
    text, most = span.text, _CHANGED if span.changed else _EQUAL
    if len(text) <= most:
        return text
    kept = most // 3
    # at a blank, where there is one
    start = max(text.rfind(" ", kept // 2, kept), 0) or kept
    end = text.find(" ", len(text) - kept, len(text) - kept // 2)
    end = len(text) - kept if end < 0 else end
    word = "" if span.changed else "equal "
    return f"{text[:start]} ... {end - start:,} {word}characters ... {text[end:].lstrip(' ')}"


def _wrapped(line: Line, column: int, marks: _Marks) -> list[tuple[str, int]]:
    """The lines of a cell, each with the cells it takes; parted at blanks where there are any."""
    cell = _Cell(column, marks)
    for span in line:
        for match in _TOKEN.finditer(span.text):
            cell.add(terminal.visible(match.group()), span.changed)
    return cell.lines()


class _Cell:
    """The lines of one side of a row."""

    def __init__(self, column: int, marks: _Marks) -> None:
        self._column = column
        self._marks = marks
        self._longest = 4 * column  # characters of a line, of which any number may take no cell
        self._done: list[tuple[str, int]] = []
        self._begin()

    def _begin(self) -> None:
        self._text, self._cells, self._inside = "", 0, False

    def _end(self) -> None:
        self._switch(False)
        self._done.append((self._text, self._cells))
        self._begin()

    def _switch(self, changed: bool) -> None:
        if changed != self._inside:
            self._text += self._marks.before if changed else self._marks.after
            self._cells += self._marks.cells
            self._inside = changed

    def lines(self) -> list[tuple[str, int]]:
        if self._text or not self._done:
            self._end()
        return self._done

    def add(self, token: str, changed: bool) -> None:
        """Add a word or blanks, if need be on a line of its own; blanks at the end of one go."""
        while token:
            # the mark that ends what is changed must have its place as well
            marks = self._marks.cells * ((changed != self._inside) + changed)
            room = self._column - self._cells - marks
            fits = terminal.fitting(token, room, max(self._longest - len(self._text), 0))
            if fits < len(token) and self._text:
                self._end()
                token = token.lstrip(" ")
                continue
            self._switch(changed)
            self._text += token[:fits]
            self._cells += terminal.cells(token[:fits])
            token = token[fits:]
