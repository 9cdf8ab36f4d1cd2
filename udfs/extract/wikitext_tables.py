"""Write the rows of a wiki's table as lines, with tabs between the cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from mwparserfromhell.nodes import Tag

from udfs.extract.wikitext_marks import TABLE_ROW

MAX_DEPTH = 5
"""Groups of rows within groups; deeper ones are left out."""
_CELLS = ("td", "th")
_GROUPS = ("tbody", "thead", "tfoot")


def rows(table: Any, text: Callable[[Any], str], depth: int = 0) -> Iterator[str]:
    """Yield a line for the caption and each row of a table, given a renderer of wikitext.

    Cells without text keep their place, rows without text are left out. A table within a cell is a part
    of the cell's line.
    """
    first_row: list[str] = []  # cells of a first row without `|-`
    for node in table.contents.nodes:
        if not isinstance(node, Tag):
            continue
        name = str(node.tag).strip().lower()
        # a caption is a cell that starts with a plus sign to the parser
        is_caption = name == "caption" or (name == "td" and str(node.contents)[:1] == "+")
        if name in _CELLS and not is_caption:
            first_row.append(_one_line(text(node.contents)))
            continue
        if not is_caption:
            yield from _line(first_row)
            first_row = []
        if is_caption:
            yield from _line([_one_line(text(node.contents)).removeprefix("+").strip()])
        elif name == "tr":
            yield from _line(_cells(node, text))
        elif name in _GROUPS and depth < MAX_DEPTH:
            yield from rows(node, text, depth + 1)
    yield from _line(first_row)


def _cells(row: Any, text: Callable[[Any], str]) -> list[str]:
    return [
        _one_line(text(node.contents))
        for node in row.contents.nodes
        if isinstance(node, Tag) and str(node.tag).strip().lower() in _CELLS
    ]


def _line(cells: list[str]) -> Iterator[str]:
    if any(cells):
        yield f"{TABLE_ROW}{chr(9).join(cells).rstrip()}\n"


def _one_line(text: str) -> str:
    return " ".join(text.split())
