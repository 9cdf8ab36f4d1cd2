"""The blocks of a page: runs of text without a block-level boundary in them, and the elements around them."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from udfs.extract.web.arrays import Integers
from udfs.extract.web.pieces import short


class Columns(NamedTuple):
    """The elements of a page as arrays: `tag`, `parent`, `first` and `end` of `Elements`."""

    tag: Integers
    parent: Integers
    first: Integers
    end: Integers


class Elements:
    """The block-level elements of a page in the order of their start tags, a list for each property.

    A page has hundreds to thousands of them, and lists of numbers are made and read several times as fast as
    objects are. Number 0 is a root around the body, and its own parent.

    Attributes
    ----------
    tags
        The name and the attributes of each tag that differs from those before it; attributes are as a parser
        serialises them, without very long values.
    names, name_of_tag
        The number of each name, and that of the name of each tag.
    tag
        The number of each element's tag.
    parent
        The number of the element around each.
    first, end
        The range of the numbers of the blocks in each; the end is -1 until the element ends.
    """

    __slots__ = ("_columns", "end", "first", "name_of_tag", "names", "parent", "tag", "tags")

    def __init__(self) -> None:
        self.tags = [("", "")]
        self.names = {"": 0}
        self.name_of_tag = [0]
        self.tag = [0]
        self.parent = [0]
        self.first = [0]
        self.end = [-1]
        self._columns: Columns | None = None

    def __len__(self) -> int:
        return len(self.tag)

    def add_tag(self, name: str, attributes: str) -> int:
        """Add a tag; return its number."""
        self.tags.append((name, short(attributes)))
        self.name_of_tag.append(self.names.setdefault(name, len(self.names)))
        return len(self.tags) - 1

    def append(self, tag: int, parent: int, first: int) -> int:
        """Append an element; return its number."""
        self.tag.append(tag)
        self.parent.append(parent)
        self.first.append(first)
        self.end.append(-1)
        return len(self.tag) - 1

    def name(self, number: int) -> str:
        """Return the name of an element."""
        return self.tags[self.tag[number]][0]

    def attributes(self, number: int) -> str:
        """Return the attributes of an element."""
        return self.tags[self.tag[number]][1]

    def size(self, number: int) -> int:
        """Return the number of the blocks in an element."""
        return self.end[number] - self.first[number]

    def columns(self) -> Columns:
        """Return the elements as arrays; none is added after that."""
        if self._columns is None:
            lists = (self.tag, self.parent, self.first, self.end)
            self._columns = Columns(*(np.array(numbers, np.int64) for numbers in lists))
        return self._columns

    def are_named(self, names: Set[str]) -> npt.NDArray[np.bool_]:
        """Return whether each element has one of the names, an item an element."""
        of_name = np.array([name in names for name in self.names])
        return of_name.take(np.array(self.name_of_tag)).take(self.columns().tag)


@dataclass(slots=True)
class Blocks:
    """The blocks of a page in order, and the elements around them.

    Attributes
    ----------
    elements
        The elements.
    text
        The text of each block. White space is folded but in `pre`; line breaks are line feeds, and the cells
        of a table's row are separated by tabs. A formula is between `FORMULA` and `END_FORMULA`.
    element
        The innermost element around each block; of a table's row the row.
    link_length, links
        The characters of its text in links, and the number of links.
    inline
        The attributes of the first inline element in it that has any.
    marker
        Whether it is the first block of a list item: a bullet, or nothing. Items of a list of links are
        one block, a line for each; all have it as their first.
    has_formulas, has_verbatim, has_quoted_footers
        Whether there are images that may be formulas, elements whose text the parser did not escape, and
        footers of quotations.
    unread
        The characters that were not read since they are a substitute for what a browser shows.
    site_text, site_prose
        The characters that were not read since they are in navigation, footers and sidebars, and those of
        sentences among them.
    """

    elements: Elements = field(default_factory=Elements)
    text: list[str] = field(default_factory=list)
    element: list[int] = field(default_factory=list)
    link_length: list[int] = field(default_factory=list)
    links: list[int] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)
    marker: list[str] = field(default_factory=list)
    has_formulas: bool = False
    has_verbatim: bool = False
    has_quoted_footers: bool = False
    unread: int = 0
    site_text: int = 0
    site_prose: int = 0

    def append(
        self,
        text: str,
        element: int,
        link_length: int = 0,
        links: int = 0,
        inline: str = "",
        marker: str = "",
    ) -> None:
        """Append a block."""
        self.text.append(text)
        self.element.append(element)
        self.link_length.append(link_length)
        self.links.append(links)
        self.inline.append(inline)
        self.marker.append(marker)

    def in_pre(self, number: int) -> bool:
        """Return whether a block keeps its white space."""
        return self.elements.name(self.element[number]) in PREFORMATTED


# elements whose white space is shown
PREFORMATTED = frozenset({"pre", "listing"})
# Around formulas and, for Markdown, around code within a line; a formula is in a line of its own if DISPLAY
# stands first. Text is not meant to have these characters: where it is written, they are left out.
FORMULA, END_FORMULA, DISPLAY, CODE, END_CODE = "\x02", "\x03", "\x04", "\x05", "\x06"
