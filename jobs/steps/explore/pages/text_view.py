"""A text line by line: words, lines that a signal points to, and removed lines marked; two texts compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from jobs.steps.explore.pages.words import marked
from jobs.steps.explore.word_search import Word
from jobs.steps.report.markup import joined, tag
from udfs.text_diff.differences import Line, Row, differences, folded

CHARACTERS = 200_000
"""Characters of a text that a page shows."""

LINES = 3_000
"""Lines, or rows of a comparison, that a page shows."""

_CONTEXT = 2  # equal rows shown around others


def text_lines(
    text: str,
    words: Sequence[Word] = (),
    scores: Sequence[Mapping[str, Any]] = (),
    kept: Sequence[int] | None = None,
) -> Markup:
    """Return a text as numbered lines.

    Parameters
    ----------
    words
        Words to mark.
    scores
        Entries of a signal of lines: `start`, `end` (code points) and `score`; lines whose score is not 0
        are marked, and the score stands beside each.
    kept
        Numbers of the lines that were kept, from 0; the others are shown as removed. None: all.
    """
    lines = text[:CHARACTERS].split("\n")
    by_start = {entry["start"]: entry["score"] for entry in scores}
    still_there = None if kept is None else set(kept)
    items = []
    position = 0
    for number, line in enumerate(lines[:LINES]):
        score = by_start.get(position)
        removed = still_there is not None and number not in still_there
        content: object = marked(line, words) if line else " "
        items.append(
            tag(
                "li",
                tag("span", f"{score:.3g}", class_="score") if score is not None else None,
                tag("del", content) if removed else content,
                class_="pointed" if score else None,
            )
        )
        position += len(line) + 1
    view = tag("ol", *items, class_="text", dir="auto")
    return joined([view, _cut(len(text), len(text.split("\n")))])


def _cut(characters: int, lines: int) -> Markup | None:
    if characters <= CHARACTERS and lines <= LINES:
        return None
    return tag(
        "p",
        f"Shown are the first {CHARACTERS:,} characters, {LINES:,} lines at most, of {characters:,} "
        f"characters and {lines:,} lines.",
        class_="note",
    )


def compared(left: str, right: str, titles: tuple[object, object]) -> Markup:
    """Return two texts side by side, with the words that differ marked and long equal parts folded."""
    changes = differences(left[:CHARACTERS], right[:CHARACTERS])
    notes = []
    if max(len(left), len(right)) > CHARACTERS:
        notes.append(f"Compared are the first {CHARACTERS:,} characters of each text.")
    if not changes.complete:
        notes.append("The texts are too long to compare whole: marked words may be equal.")
    body: list[object] = []
    for part in folded(changes.rows, _CONTEXT):
        if len(body) == LINES:
            notes.append(f"Shown are the first {LINES:,} rows.")
            break
        body.append(_row(part) if isinstance(part, Row) else _fold(part))
    if not any(row.sign != " " for row in changes.rows):
        notes.append("The texts are equal.")
    head = tag("tr", *(tag("th", title, scope="col") for title in titles))
    table = tag("table", tag("thead", head), tag("tbody", *body), class_="sides")
    return joined([*(tag("p", note, class_="soft") for note in notes), table])


def _fold(rows: int) -> Markup:
    return tag("tr", tag("td", f"{rows:,} equal lines", colspan=2, class_="fold soft"))


def _row(row: Row) -> Markup:
    return tag("tr", _cell(row.left, "del"), _cell(row.right, "ins"))


def _cell(line: Line | None, changed: str) -> Markup:
    if line is None:
        return tag("td", class_="absent")
    spans = (tag(changed, span.text) if span.changed else span.text for span in line)
    return tag("td", *spans, dir="auto")
