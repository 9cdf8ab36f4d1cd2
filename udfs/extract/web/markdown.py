"""Write the content of a page as CommonMark with GitHub's tables.

Headings, lists, quotations, code, tables and formulas are marked; links and emphasis are text. Of a list or
a table of which only a part is chosen the part is written: items with their own numbers, rows without
headings under empty ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from udfs.extract.web.blocks import FORMULA, Blocks
from udfs.extract.web.lists import Lists
from udfs.extract.web.markdown_containers import Assembly, Containers, Unit
from udfs.extract.web.markdown_escapes import bare, cell, escaped, fence

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
# a heading with more blocks is one that was not closed
_MOST_OF_HEADING = 3
_CLOSING = re.compile(r"(?<=\s)(?=#+$)")
_LANGUAGE = re.compile(
    r"(?:^|[\s\"])(?:language-|lang-|highlight-source-|highlight-|brush:\s*|sourceCode\s)([a-z][\w+#.-]*)",
    re.IGNORECASE,
)
_NO_LANGUAGES = frozenset({"plain", "plaintext", "text", "txt", "none", "default", "source"})
_HEADLINE_DISTANCE = 25  # blocks
_AROUND_CODE = 3  # how many elements around code may say its language


def write(blocks: Blocks, chosen: Iterable[bool]) -> str:
    """Return the Markdown of the chosen blocks, and of the headline right before the first of them."""
    writer = _Writer(blocks)
    assembly = Assembly(blocks, writer.containers)
    numbers = [number for number, is_chosen in enumerate(chosen) if is_chosen]
    if numbers:
        numbers = writer.headline(numbers[0]) + numbers
    for unit in writer.units(numbers):
        assembly.add(unit)
    return "\n".join(assembly.lines)


class _Writer:
    """Write the blocks of a page without what is around them."""

    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks
        self._lists = Lists(blocks)
        self.containers = Containers(blocks, self._lists)
        self._dollars = any(FORMULA in text for text in blocks.text)

    def headline(self, first: int) -> list[int]:
        """Return the longest h1 right before a block, if there is one: shorter ones are names of sites."""
        near = range(max(0, first - _HEADLINE_DISTANCE), first)
        headlines = [number for number in near if self._level(self._blocks.element[number]) == 1]
        return sorted(headlines, key=lambda number: -len(self._blocks.text[number]))[:1]

    def units(self, numbers: Iterable[int]) -> Iterator[Unit]:
        """Yield the units of some blocks; the rows of a table are one."""
        rows: list[int] = []
        for number in numbers:
            table = self._table(number)
            if rows and table != self._table(rows[-1]):
                yield self._of_rows(rows)
                rows = []
            if table:
                rows.append(number)
            else:
                yield from self._of_block(number)
        if rows:
            yield self._of_rows(rows)

    def _of_block(self, number: int) -> Iterator[Unit]:
        blocks = self._blocks
        text, element = blocks.text[number], blocks.element[number]
        path = self.containers.path(element)
        level = self._level(element)
        if blocks.in_pre(number):
            code = bare(text)
            ticks = fence(code)
            opening = ticks + self._language(number)
            yield Unit([opening, *code.split("\n"), ticks], path, is_text=False)
        elif level:
            line = escaped(text.replace("\n", " "), dollars=self._dollars)
            line = _CLOSING.sub(r"\\", line)
            yield Unit([f"{'#' * level} {line}"], path)
        elif blocks.marker[number] and "\n" in text:
            # items of a list of links are one block
            items = self._lists.starting_at(number)
            lines = text.split("\n") if len(items) > 1 else [text]
            for line, (item, _) in zip(lines, items, strict=False):
                yield self._of_text(line, self.containers.path(item) if len(items) > 1 else path)
        else:
            yield self._of_text(self.containers.literal(number) + text, path)

    def _of_text(self, text: str, path: tuple[int, ...]) -> Unit:
        return Unit(escaped(text, dollars=self._dollars).split("\n"), path)

    def _table(self, number: int) -> int:
        """Return the element of the table that a block is a row of, or 0."""
        elements = self._blocks.elements
        element = self._blocks.element[number]
        if elements.name(element) != "tr":
            return 0
        while element and elements.name(element) != "table":
            element = elements.parent[element]
        return element

    def _of_rows(self, numbers: list[int]) -> Unit:
        blocks = self._blocks
        rows = [
            [cell(text, dollars=self._dollars) for text in blocks.text[number].split("\t")]
            for number in numbers
        ]
        if not self._is_heading(blocks.element[numbers[0]]):
            rows.insert(0, [])
        width = max(map(len, rows))
        lines = [f"| {' | '.join(row + [''] * (width - len(row)))} |" for row in rows]
        lines.insert(1, f"| {' | '.join(['---'] * width)} |")
        return Unit(lines, self.containers.path(blocks.element[numbers[0]]), is_text=False)

    def _is_heading(self, row: int) -> bool:
        elements = self._blocks.elements
        if elements.name(elements.parent[row]) == "thead":
            return True
        names = set()
        for number in range(row + 1, len(elements)):
            parent = elements.parent[number]
            if parent < row:
                break
            if parent == row:
                names.add(elements.name(number))
        return names == {"th"}

    def _level(self, number: int) -> int:
        """Return the level of the heading that an element is or is in, or 0."""
        elements = self._blocks.elements
        for _ in range(_MOST_OF_HEADING):
            level = _HEADINGS.get(elements.name(number), 0)
            if level:
                return level if elements.size(number) <= _MOST_OF_HEADING else 0
            number = elements.parent[number]
        return 0

    def _language(self, number: int) -> str:
        """Return the language of a block of code if classes of it and around it name one."""
        elements = self._blocks.elements
        attributes = [self._blocks.inline[number]]
        element = self._blocks.element[number]
        for _ in range(_AROUND_CODE):
            if elements.size(element) > 1:
                break
            attributes.append(elements.attributes(element))
            element = elements.parent[element]
        for value in attributes:
            name = _LANGUAGE.search(value)
            if name and name[1].lower() not in _NO_LANGUAGES:
                return name[1].lower()
        return ""
