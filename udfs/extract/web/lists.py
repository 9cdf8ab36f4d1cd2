"""Number the items of lists as a page shows them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import NamedTuple

from udfs.extract.web.blocks import Blocks

LISTS = frozenset({"ul", "ol", "menu", "dir"})
BULLET = "•"
# hostile pages have a million lists in each other
_DEEPEST = 20
_NUMBER = re.compile(r'(?:^| )(start|value)="\s*([-+]?[0-9]{1,9})(?![0-9])')
_TYPE = re.compile(r'(?:^| )(type)="([aAiI1])"')
_STYLE = re.compile(
    r"list-style(?:-type)?\s*:[^;\"]*?\b(none|(?:lower|upper)-(?:alpha|latin|roman)|decimal)\b"
)
_TYPES = {
    "lower-alpha": "a",
    "lower-latin": "a",
    "upper-alpha": "A",
    "upper-latin": "A",
    "lower-roman": "i",
    "upper-roman": "I",
    "decimal": "1",
}
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_ROMAN_END, _LETTERS = 4000, 26


class Item(NamedTuple):
    """An item of a list.

    Attributes
    ----------
    marker
        `•`, or the number with a full stop; empty if the page shows none.
    number
        The number; None for a bullet.
    depth
        How many lists are around it.
    """

    marker: str
    number: int | None
    depth: int


class Lists:
    """The lists of a page."""

    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks
        elements = blocks.elements
        names = [elements.tags[tag][0] for tag in elements.tag]
        sizes = Counter(
            parent for name, parent in zip(names, elements.parent, strict=True) if name == "li"
        )
        depths = [0] * len(elements)
        counters: dict[int, _Counter] = {}
        self._items: dict[int, Item] = {}
        self._starting: dict[int, list[int]] = defaultdict(list)
        for number, (name, parent) in enumerate(zip(names, elements.parent, strict=True)):
            depth = depths[parent]
            if name in LISTS:
                depth = min(depth + 1, _DEEPEST)
                counters[number] = _Counter(name, elements.attributes(number), sizes[number])
            elif name == "li":
                counter = counters.get(parent, _BULLETS)
                self._items[number] = counter.item(elements.attributes(number), depth)
                if elements.size(number) > 0:
                    self._starting[elements.first[number]].append(number)
            depths[number] = depth

    def item(self, element: int) -> Item | None:
        """Return the item that an element is, or None."""
        return self._items.get(element)

    def starting_at(self, block: int) -> list[tuple[int, Item]]:
        """Return the items that start with a block, with their elements.

        There are none, one, or those of a list of links, which has a line for each.
        """
        elements = self._blocks.elements
        own = self._blocks.element[block]
        while own and elements.first[own] == block and elements.name(own) != "li":
            own = elements.parent[own]
        if own not in self._items or elements.first[own] != block:
            return []
        return [
            (number, self._items[number])
            for number in self._starting[block]
            if number >= own and elements.parent[number] == elements.parent[own]
        ]


class _Counter:
    """Count the items of a list."""

    def __init__(self, name: str, attributes: str, size: int) -> None:
        own = _attributes(attributes)
        self._type = own.get("type", "")
        self._is_ordered = name == "ol"
        self._step = -1 if "reversed=" in attributes else 1
        self._next = int(own.get("start", size if self._step < 0 else 1))

    def item(self, attributes: str, depth: int) -> Item:
        """Return the next item; `attributes` are its element's."""
        own = _attributes(attributes)
        kind = own.get("type", self._type)
        if not self._is_ordered:
            return Item("" if kind == "none" else BULLET, None, depth)
        number = int(own.get("value", self._next))
        self._next = number + self._step
        return Item("" if kind == "none" else f"{_written(number, kind)}.", number, depth)


def _attributes(attributes: str) -> dict[str, str]:
    if not attributes:
        return {}
    result = dict([*_NUMBER.findall(attributes), *_TYPE.findall(attributes)])
    style = _STYLE.search(attributes) if "list-style" in attributes else None
    if style:
        result["type"] = _TYPES.get(style[1], style[1])
    return result


def _written(number: int, kind: str) -> str:
    if kind in ("a", "A") and number > 0:
        letters = ""
        while number:
            number, letter = divmod(number - 1, _LETTERS)
            letters = chr(ord(kind) + letter) + letters
        return letters
    if kind in ("i", "I") and 0 < number < _ROMAN_END:
        numeral = ""
        for value, letters in _ROMAN:
            count, number = divmod(number, value)
            numeral += letters * count
        return numeral if kind == "i" else numeral.upper()
    return str(number)


_BULLETS = _Counter("ul", "", 0)
