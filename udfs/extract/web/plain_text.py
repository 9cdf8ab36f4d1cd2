"""Write the content of a page as plain text, a line for each paragraph."""

from __future__ import annotations

from collections.abc import Iterable

from udfs.extract.web.blocks import DISPLAY, END_FORMULA, FORMULA, Blocks
from udfs.extract.web.lists import Item, Lists

_INDENTATION = "  "  # for each list around an item


def write(blocks: Blocks, chosen: Iterable[bool]) -> str:
    """Return the text of the chosen blocks.

    Paragraphs, headings, items of lists and rows of tables are a line each. Items have their bullets or
    numbers and are indented by the depth of their lists; the cells of a row are separated by tabs; code
    keeps its lines.
    """
    lists: Lists | None = None
    lines = []
    for number, (text, marker, is_chosen) in enumerate(
        zip(blocks.text, blocks.marker, chosen, strict=False)
    ):
        if is_chosen:
            if marker:
                lists = lists or Lists(blocks)
                text = _with_markers(text, [item for _, item in lists.starting_at(number)])
            lines.append(text)
    text = "\n".join(lines)
    if FORMULA in text:
        text = text.replace(FORMULA, "").replace(END_FORMULA, "").replace(DISPLAY, "")
    return text


def _with_markers(text: str, items: list[Item]) -> str:
    lines = text.split("\n")
    for number, item in zip(range(len(lines)), items, strict=False):
        if item.marker:
            lines[number] = f"{_INDENTATION * item.depth}{item.marker} {lines[number]}"
    return "\n".join(lines)
