"""Show two texts in two columns of a terminal, with their differences marked.

    The [-quick-] brown fox                  | The {+slow+} brown fox
      ... 37 equal lines ...

Words that only the left text has are red, words that only the right one has are green; without colours
they are in brackets. Long equal parts are folded, very long ones are cut, and the view says so. `rich`
wraps and aligns the columns, `difflib` compares: this package has 370 lines with them, and had 586
with its own code for both.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from rich.console import Console
from rich.text import Text

from udfs.text_diff.differences import Line, Row, Span, differences, folded
from udfs.text_diff.terminal import visible

MIN_WIDTH = 40
"""Cells that the view takes at least."""

LINES = 400
"""Maximum number of lines of the view, before its notes."""

COMPARED = 1_000_000
"""Characters of a text that are compared."""

_CONTEXT = 3  # equal lines shown before and after others
_EQUAL, _CHANGED, _LINE = 400, 1000, 4000  # characters shown of a span, and of a line
_BRACKETS = (("[-", "-]"), ("{+", "+}"))
_COLOURS = ("red", "green")


def side_by_side(
    left: str, right: str, width: int, *, colour: bool = False, lines: int = LINES
) -> list[str]:
    """Return the lines of a view of two texts.

    Parameters
    ----------
    width
        Cells of the terminal; no row is wider, if this is at least `MIN_WIDTH`.
    colour
        Whether differences are coloured; otherwise they are in brackets.
    lines
        Maximum number of lines; a note counts the rows that did not fit.
    """
    rows, complete = differences(left[:COMPARED], right[:COMPARED])
    view: list[str] = []
    shown = 0
    for part in folded(rows, _CONTEXT):
        added = (
            [f"  ... {part:,} equal lines ..."]
            if isinstance(part, int)
            else _rendered(part, part.sign, width, colour)
        )
        if len(view) + len(added) > lines:
            view.append(f"... left out: {_counts(rows[shown:])} ...")
            break
        view += added
        shown += part if isinstance(part, int) else 1
    for name, text in (("left", left), ("right", right)):
        if len(text) > COMPARED:
            view.append(f"... {len(text) - COMPARED:,} characters more of the {name} text ...")
    if not complete:
        view.append("... too long to compare whole: some words marked as changed may be equal ...")
    return view


def columns(left: str, right: str, width: int) -> list[str]:
    """Return lines that show two texts in the columns of the view, without comparing them."""
    return _rendered(Row((Span(left, False),), (Span(right, False),)), " ", width, False)


def _rendered(row: Row, sign: str, width: int, colour: bool) -> list[str]:
    """Return the lines that show a row: more than one where a line is wider than its column."""
    column = (max(width, MIN_WIDTH) - 3) // 2
    console = Console(
        file=io.StringIO(),
        width=2 * column + 3,
        force_terminal=colour,
        force_jupyter=False,  # in a notebook too the lines are returned, and nothing is displayed
        color_system="standard" if colour else None,
        no_color=not colour,
        legacy_windows=False,
    )
    texts = (_text(line, side, colour) for side, line in enumerate(row))
    wrapped = (text.wrap(console, column, overflow="fold") for text in texts)
    with console.capture() as capture:
        for left, right in zip_longest(*wrapped):
            cell = left or Text()
            cell.align("left", column)
            console.print(Text.assemble(cell, f" {sign} ", right or ""))
    return [line.rstrip(" ") for line in capture.get().split("\n")[:-1]]


def _text(line: Line | None, side: int, colour: bool) -> Text:
    text = Text()
    for span in _shortened(line or ()):
        shown = visible(span.text)
        if not span.changed:
            text.append(shown)
        elif colour:
            text.append(shown, _COLOURS[side])
        else:
            text.append(shown.join(_BRACKETS[side]))
    return text


def _counts(rows: Sequence[Row]) -> str:
    left, right = (sum(row[side] is not None for row in rows) for side in (0, 1))
    different = sum(row.sign != " " for row in rows)
    return (
        f"{left:,} lines on the left and {right:,} on the right, {different:,} rows of them differ"
    )


def _shortened(line: Line) -> Iterator[Span]:
    """Yield the spans without the middle of long ones, up to the length of a line."""
    size = 0
    for index, span in enumerate(line):
        text = _middle_cut(span)
        size += len(text)
        if size > _LINE:
            rest = sum(len(after.text) for after in line[index:])
            yield Span(f" ... {rest:,} more characters ...", False)
            return
        yield Span(text, span.changed)


def _middle_cut(span: Span) -> str:
    text, limit = span.text, _CHANGED if span.changed else _EQUAL
    if len(text) <= limit:
        return text
    kept = limit // 3
    # at a blank, where the text has one
    start = max(text.rfind(" ", kept // 2, kept), 0) or kept
    end = text.find(" ", len(text) - kept, len(text) - kept // 2)
    end = len(text) - kept if end < 0 else end
    kind = "" if span.changed else "equal "
    return f"{text[:start]} ... {end - start:,} {kind}characters ... {text[end:].lstrip(' ')}"
