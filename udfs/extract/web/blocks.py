"""Read the body of a page into blocks: runs of text without a block-level boundary in them.

The body comes serialised from a parser, so that its tags are well nested and its text has no `<`. One loop
over the pieces between the tags is several times as fast as a walk over the parser's tree.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from udfs.extract.web.elements import (
    BLOCK,
    CELL,
    DROP,
    INLINE,
    LINE,
    LINK,
    PRE,
    ROLES,
    ROW,
    START_ITEM,
    VOID,
)

LINE_BREAK = "\0"  # no text of a page has a NUL
_NO_END = frozenset({VOID, LINE})


@dataclass(slots=True)
class Element:
    """A block-level element.

    Attributes
    ----------
    parent
        The number of the element around it; -1 for the body, which is number 0.
    words, structure, kind, name
        As in `elements.Tag`; the kind is its parent's if it has none of its own.
    first, end
        The range of the numbers of the blocks in it.
    """

    parent: int
    name: str
    attributes: str
    first: int
    end: int


@dataclass(slots=True)
class Blocks:
    """The blocks of a page in order, and the elements in the order of their start tags."""

    elements: list[Element] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    element: list[int] = field(default_factory=list)
    link_length: list[int] = field(default_factory=list)
    links: list[int] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)
    marker: list[str] = field(default_factory=list)


class _Reader:
    __slots__ = ("blocks", "parts", "link_length", "links", "inline", "in_pre", "marker")

    def __init__(self):
        self.blocks = Blocks()
        self.parts = []


def read(body: str) -> Blocks:
    """Return the blocks of a serialised body."""
    blocks = Blocks()
    elements = blocks.elements
    texts = blocks.text
    current = 0
    elements.append(Element(-1, "body", "", 0, 0))
    stack: list[int] = []
    rows: list[list[int]] = []
    parts: list[str] = []
    link_length = links = in_link = in_pre = 0
    broke = False
    marker = inline = ""
    skip = 0
    comment = was_link = False
    last_end = 0
    role_of = ROLES.get
    push, pop, add = stack.append, stack.pop, parts.append

    def flush() -> None:
        nonlocal link_length, links, inline, broke, marker, was_link, last_end
        broke = False
        text = "".join(parts)
        parts.clear()
        if "&" in text:
            text = (
                text.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&nbsp;", "\xa0")
                .replace("&amp;", "&")
            )
        if in_pre:
            text = text.replace(LINE_BREAK, "\n").strip("\n").rstrip()
            if not text.strip():
                text = ""
        else:
            text = " ".join(text.split())
            if LINE_BREAK in text:
                text = "\n".join(
                    [line for piece in text.split(LINE_BREAK) if (line := piece.strip())]
                )
        if text:
            is_link = link_length * 5 >= len(text) * 4 and len(text) < 100
            if (
                is_link
                and was_link
                and len(texts) == last_end
                and elements[current].parent == elements[blocks.element[-1]].parent
                and elements[current].name == "li"
            ):
                texts[-1] += "\n" + text
                blocks.link_length[-1] += link_length
                blocks.links[-1] += links
                link_length = links = 0
                inline = ""
                inline = ""
                elements[current].first -= 1
                return
            was_link = is_link
            last_end = len(texts) + 1
            texts.append(text)
            blocks.element.append(current)
            blocks.link_length.append(link_length)
            blocks.links.append(links)
            blocks.inline.append(inline)
            blocks.marker.append(marker)
            marker = ""
        link_length = links = 0
        inline = ""

    for piece in body.split("<"):
        tag, _, run = piece.partition(">")
        if comment or piece[:1] == "!":
            _, closed, run = piece.partition("-->")
            comment = not closed
            if skip or not run:
                continue
        elif piece[:1] == "/":
            if skip:
                skip -= 1
                if skip:
                    continue
            else:
                entry = pop() if stack else -1
                if entry >= 0:
                    if parts:
                        flush()
                    element = elements[entry]
                    element.end = len(texts)
                    name = element.name
                    if name == "tr":
                        _merge_row(blocks, rows.pop(), entry)
                    elif name == "pre":
                        in_pre -= 1
                    current = element.parent
                elif entry == -2:
                    in_link -= 1
        else:
            name, _, attributes = tag.partition(" ")
            role = role_of(name, INLINE)
            if skip:
                if role not in _NO_END:
                    skip += 1
                continue
            elif role == INLINE:
                push(-1)
                if attributes and not inline:
                    inline = attributes
            elif role == LINK:
                push(-2)
                in_link += 1
                links += 1
            elif role == VOID:
                pass
            elif role == LINE:
                if broke and not in_pre:
                    flush()
                broke = True
                add(LINE_BREAK)
            elif role == DROP:
                skip = 1
                continue
            else:
                if parts:
                    flush()
                number = len(elements)
                elements.append(Element(current, name, attributes, len(texts), 0))
                current = number
                push(number)
                if role != BLOCK:
                    if role == START_ITEM:
                        marker = "• "
                    elif role == CELL:
                        if rows:
                            rows[-1].append(len(texts))
                    elif role == PRE:
                        in_pre += 1
                    else:
                        rows.append([])
        if run:
            if run.isspace():
                if parts or in_pre:
                    add(run)
            else:
                add(run)
                broke = False
                if in_link:
                    link_length += len(run.strip())
    if parts:
        flush()
    for element in elements:
        if element.end < element.first:
            element.end = len(texts)
    elements[0].end = len(texts)
    return blocks


def _merge_row(blocks: Blocks, cells: list[int], row: int) -> None:
    """Make one block of a table's row whose cells have a block each at most."""
    texts = blocks.text
    start = len(texts) if not cells else cells[0]
    bounds = [*cells, len(texts)]
    if len(texts) - start < 2 or any(b - a > 1 for a, b in zip(bounds, bounds[1:])):
        return
    merged = "\t".join(
        texts[a].replace("\n", " ") if b > a else "" for a, b in zip(bounds, bounds[1:])
    ).rstrip()
    texts[start:] = [merged]
    blocks.element[start:] = [row]
    for counts in (blocks.link_length, blocks.links):
        counts[start:] = [sum(counts[start:])]
    blocks.inline[start:] = [""]
    blocks.marker[start:] = [""]
    for element in blocks.elements[row:]:
        element.first = min(element.first, start)
        element.end = min(element.end, start + 1)
    blocks.elements[row].end = start + 1
