"""The blocks of a page: runs of text without a block-level boundary in them, and the elements around them."""

from __future__ import annotations

from dataclasses import dataclass, field


class Element:
    """A block-level element.

    Attributes
    ----------
    parent
        The number of the element around it; the root is number 0, and its own parent.
    name, attributes
        The tag's; the attributes as a parser serialises them, without very long values.
    first, end
        The range of the numbers of the blocks in it; the end is -1 until the element ends.
    """

    __slots__ = ("attributes", "end", "first", "name", "parent")

    def __init__(self, parent: int, name: str, attributes: str, first: int) -> None:
        self.parent = parent
        self.name = name
        self.attributes = attributes
        self.first = first
        self.end = -1


@dataclass(slots=True)
class Blocks:
    """The blocks of a page in order, and the elements in the order of their start tags.

    Attributes
    ----------
    elements
        The elements; number 0 is a root around the body.
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
    unread
        The characters that were not read since they are a substitute for what a browser shows.
    """

    elements: list[Element] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    element: list[int] = field(default_factory=list)
    link_length: list[int] = field(default_factory=list)
    links: list[int] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)
    marker: list[str] = field(default_factory=list)
    unread: int = 0

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
        """Whether a block keeps its white space."""
        return self.elements[self.element[number]].name in PREFORMATTED


# elements whose white space is shown
PREFORMATTED = frozenset({"pre", "listing"})
# Around formulas and, for Markdown, around code within a line; a formula is in a line of its own if DISPLAY
# stands first. Text is not meant to have these characters: where it is written, they are left out.
FORMULA, END_FORMULA, DISPLAY, CODE, END_CODE = "\x02", "\x03", "\x04", "\x05", "\x06"
