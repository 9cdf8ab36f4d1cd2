"""The items of lists and the quotations around the blocks of a page, as Markdown."""

from __future__ import annotations

from typing import NamedTuple

from udfs.extract.web.blocks import Blocks
from udfs.extract.web.lists import Item, Lists

_DEEPEST = 12  # what is deeper is in the one before
_LARGEST_NUMBER = 999_999_999  # of CommonMark
_QUOTATION = "> "
# two lists without anything between them have different signs
_SIGNS = {True: (".", ")"), False: ("-", "*")}


class Unit(NamedTuple):
    """The lines between two empty ones.

    Attributes
    ----------
    lines
        Its lines.
    path
        The elements of the items and quotations around it, from the outermost.
    is_text
        Whether it is a paragraph or a heading.
    """

    lines: list[str]
    path: tuple[int, ...]
    is_text: bool = True


class Containers:
    """The items and quotations around each element of a page."""

    def __init__(self, blocks: Blocks, lists: Lists) -> None:
        self._blocks, self._lists = blocks, lists
        self._paths: list[tuple[int, ...]] = []
        elements = blocks.elements
        for number, parent in enumerate(elements.parent):
            path = self._paths[parent] if number else ()
            if len(path) < _DEEPEST and (
                elements.name(number) == "blockquote" or self._is_written(self.item(number))
            ):
                path = (*path, number)
            self._paths.append(path)

    def path(self, element: int) -> tuple[int, ...]:
        """Return the elements of the items and quotations around an element or of it, outermost first."""
        return self._paths[element]

    def item(self, element: int) -> Item | None:
        """Return the item that an element is."""
        return self._lists.item(element)

    def literal(self, block: int) -> str:
        """Return the number that a block starts with if it is one that Markdown does not have."""
        for element, item in self._lists.starting_at(block) if self._blocks.marker[block] else ():
            if item.marker and not self._is_written(self.item(element)):
                return f"{item.marker} "
        return ""

    def _is_written(self, item: Item | None) -> bool:
        if item is None or not item.marker:
            return False
        return item.number is None or 0 <= item.number <= _LARGEST_NUMBER


class Assembly:
    """Put units below each other.

    Attributes
    ----------
    lines
        The lines so far.
    """

    def __init__(self, blocks: Blocks, containers: Containers) -> None:
        self.lines: list[str] = []
        self._elements = blocks.elements
        self._containers = containers
        self._path: tuple[int, ...] = ()  # of the unit before
        self._is_item = False  # whether it is the text that an item starts with
        self._markers: dict[int, str] = {}  # what opens an item or a quotation
        self._signs: dict[int, int] = {}  # which sign the items of a list have

    def add(self, unit: Unit) -> None:
        """Append a unit."""
        common = 0
        for before, element in zip(self._path, unit.path, strict=False):
            if before != element:
                break
            common += 1
        opened = unit.path[common:]
        around = "".join(map(self._continuation, unit.path[:common]))
        is_tight = self._is_tight(unit, common)
        for index, element in enumerate(opened, common):
            self._markers[element] = self._marker(element, index)
        first = around + "".join(self._markers[element] for element in opened)
        rest = around + "".join(map(self._continuation, opened))
        if self.lines and not is_tight:
            self.lines.append(around.rstrip())
        for number, line in enumerate(unit.lines):
            self.lines.append(((rest if number else first) + line).rstrip())
        self._path = unit.path
        self._is_item = unit.is_text and bool(opened) and self._is_list_item(opened[-1])

    def _is_tight(self, unit: Unit, common: int) -> bool:
        """Return whether a unit is the next item after one that is text, or the first of a list in it."""
        if (
            not self._is_item
            or len(unit.path) == common
            or not self._is_list_item(unit.path[common])
        ):
            return False
        if common < len(self._path):
            parents = self._elements.parent
            return parents[self._path[common]] == parents[unit.path[common]]
        item = self._containers.item(unit.path[common])
        return item is not None and item.number in (None, 1)

    def _is_list_item(self, element: int) -> bool:
        return self._elements.name(element) != "blockquote"

    def _continuation(self, element: int) -> str:
        marker = self._markers[element]
        return marker if marker == _QUOTATION else " " * len(marker)

    def _marker(self, element: int, index: int) -> str:
        """Return what opens an item or a quotation at a depth."""
        item = self._containers.item(element)
        if item is None:
            return _QUOTATION
        parent = self._elements.parent[element]
        if parent not in self._signs:
            before = self._path[index : index + 1]
            other = self._elements.parent[before[0]] if before else -1
            self._signs[parent] = 1 - self._signs[other] if other in self._signs else 0
        sign = _SIGNS[item.number is not None][self._signs[parent]]
        return f"{sign} " if item.number is None else f"{item.number}{sign} "
