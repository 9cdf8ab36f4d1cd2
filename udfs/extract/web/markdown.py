"""Write a page as Markdown: CommonMark, with the tables of GitHub and `$...$` for formulas."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

from udfs.extract.web.blocks import DISPLAY, END_FORMULA, FORMULA, Blocks
from udfs.extract.web.lists import BULLET, Item, Lists

_INDENTATION = "    "  # for each list around; enough for bullets and for numbers of two digits
_HEADING = re.compile(r"h([1-6])")
_HEADLINE_DISTANCE = 25  # blocks
_FORMULA = re.compile(f"{FORMULA}({DISPLAY}?)(.*?)(?:{END_FORMULA}|$)", re.DOTALL)
_SPECIAL = re.compile(r"([\\`*_\[\]<])")
_LINE_START = re.compile(r"^(\s*)([#>+=~-]|\d{1,9}[.)](?=\s|$))", re.MULTILINE)
_LANGUAGE = re.compile(r"\b(?:language|lang|highlight-source|brush)[-:]\s?([\w+#-]+)")
_FENCE = re.compile(r"`+")


def write(blocks: Blocks, chosen: Iterable[bool]) -> str:
    """Return the Markdown of the chosen blocks, and of the headline right before the first of them."""
    numbers = [number for number, is_chosen in enumerate(chosen) if is_chosen]
    headline = _headline(blocks, numbers[0]) if numbers else None
    if headline is not None:
        numbers.insert(0, headline)
    lists = Lists(blocks)
    chunks = [_Chunk(blocks, lists, number) for number in numbers]
    parts = []
    for _, group in groupby(chunks, key=lambda chunk: chunk.joined or id(chunk)):
        lines = [chunk.text for chunk in group]
        if "\t" in lines[0] and "\0" in lines[0]:
            lines = _table(lines)
        parts.append("\n".join(lines))
    return "\n\n".join(part for part in parts if part)


class _Chunk:
    """A block as Markdown.

    Attributes
    ----------
    text
        Its Markdown; for a row of a table its cells, separated by tabs and marked by a NUL.
    joined
        What it has in common with those that follow it without an empty line; None if nothing.
    """

    def __init__(self, blocks: Blocks, lists: Lists, number: int) -> None:
        element = blocks.elements[blocks.element[number]]
        row = element.name == "tr" and "\t" in blocks.text[number]
        heading, quotes, depth, table, outer = 0, 0, 0, 0, 0
        at = blocks.element[number]
        while at:
            around = blocks.elements[at]
            match = _HEADING.fullmatch(around.name)
            heading = heading or (int(match[1]) if match else 0)
            quotes += around.name == "blockquote"
            depth += around.name == "li"
            table = table or (at if around.name == "table" else 0)
            outer = at if around.name in ("ul", "ol") else outer
            at = around.parent
        items = [item for _, item in lists.starting_at(number)] if blocks.marker[number] else []
        text = blocks.text[number]
        self.joined: tuple[str, int] | None = None
        if row:
            self.text, self.joined = f"\0{_escaped(text)}", ("table", table)
            return
        if blocks.in_pre(number):
            lines = _fenced(text, element.attributes + " " + blocks.inline[number])
        elif heading:
            lines = [f"{'#' * heading} {_escaped(text).replace(chr(10), ' ')}"]
        elif items:
            lines = _items(text, items)
            self.joined = ("list", outer)
            depth = 0
        else:
            lines = _escaped(text).replace("\n", "\\\n").split("\n")
        prefix = _INDENTATION * min(depth, len(_INDENTATION) * 2) + "> " * min(quotes, 8)
        self.text = "\n".join(f"{prefix}{line}".rstrip() for line in lines)


def _headline(blocks: Blocks, first: int) -> int | None:
    """Return the longest h1 among the blocks right before the content."""
    before = range(max(0, first - _HEADLINE_DISTANCE), first)
    found = [n for n in before if blocks.elements[blocks.element[n]].name == "h1"]
    return max(found, key=lambda number: len(blocks.text[number]), default=None)


def _items(text: str, items: list[Item]) -> list[str]:
    lines = _escaped(text).split("\n")
    for number, item in zip(range(len(lines)), items, strict=False):
        bullet = "-" if item.marker == BULLET else item.marker
        if bullet and not bullet[0].isdigit() and bullet != "-":
            bullet = f"- {bullet}"  # CommonMark has no letters and Roman numbers
        prefix = _INDENTATION * (max(item.depth, 1) - 1)
        lines[number] = f"{prefix}{bullet or '-'} {lines[number]}"
    last = len(items) - 1
    for number in range(last + 1, len(lines)):
        lines[number] = f"{_INDENTATION * max(items[last].depth, 1)}{lines[number]}"
    return lines


def _fenced(text: str, attributes: str) -> list[str]:
    longest = max((len(run) for run in _FENCE.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    language = _LANGUAGE.search(attributes)
    return [f"{fence}{language[1] if language else ''}", *text.split("\n"), fence]


def _table(rows: list[str]) -> list[str]:
    """Return the lines of a table; its first row is the header."""
    cells = [row.lstrip("\0").replace("|", "\\|").replace("\n", " ").split("\t") for row in rows]
    width = max(map(len, cells))
    lines = [f"| {' | '.join(row + [''] * (width - len(row)))} |" for row in cells]
    lines.insert(1, f"|{' --- |' * width}")
    return lines


def _escaped(text: str) -> str:
    """Return text with a backslash before what Markdown would read, and formulas between dollars."""
    pieces = []
    end = 0
    for match in _FORMULA.finditer(text):
        pieces.append(_SPECIAL.sub(r"\\\1", text[end : match.start()]))
        mark = "$$" if match[1] else "$"
        pieces.append(f"{mark}{match[2]}{mark}")
        end = match.end()
    pieces.append(_SPECIAL.sub(r"\\\1", text[end:]))
    return _LINE_START.sub(_line_start, "".join(pieces))


def _line_start(match: re.Match[str]) -> str:
    mark = match[2]
    return f"{match[1]}{mark[:-1]}\\{mark[-1]}"
