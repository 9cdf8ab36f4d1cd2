"""Read the body of a page into blocks.

One loop over the tags of the serialised body is several times as fast as a walk over the parser's tree, and
its time is linear in the size of the body. What is frequent is in the loop; what is rare is in `reading`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from udfs.extract.web.blocks import Blocks, Element
from udfs.extract.web.pieces import LONGEST_ATTRIBUTES, complete
from udfs.extract.web.reading import MOST_ELEMENTS, Reading
from udfs.extract.web.roles import (
    BUTTON,
    END,
    END_CELL,
    END_LINK,
    END_PRE,
    INLINE,
    ITEM,
    LINK,
    NOTHING,
    OF_PRE,
    OF_REST,
    ROLES,
    UNSEEN,
    is_unseen,
)


def read(body: str, roles: Mapping[str, int] = ROLES) -> Blocks:
    """Return the blocks of a serialised body."""
    reader = Reading(body)
    elements, texts, parts = reader.blocks.elements, reader.blocks.text, reader.parts
    add, flush, role_of = parts.append, reader.flush, roles.get
    seen: dict[str, tuple[int, str, str]] = {}  # what tags say: most repeat
    current = in_link = 0
    for piece in reader.pieces:
        tag, closed, run = piece.partition(">")
        if tag not in seen or not closed:
            if not closed or tag[:1] == "!":
                tag, run = complete(piece, reader.pieces)
            seen[tag] = _read_tag(tag, role_of)
        role, name, attributes = seen[tag]
        if role <= BUTTON:
            if parts:
                flush(current)
            elements.append(Element(current, name, attributes, len(texts)))
            current = len(elements) - 1
            if role == ITEM:
                reader.item = current
            elif role:
                run = reader.start(role, current, run)
                if reader.in_pre:
                    role_of, seen = {**roles, **OF_PRE}.get, {}
                elif elements[current].end >= 0:
                    current = elements[current].parent
            if len(elements) > MOST_ELEMENTS:
                role_of, seen = OF_REST.get, {}
        elif role <= END_PRE:
            if parts:
                flush(current)
            element = elements[current]
            element.end = len(texts)
            if role != END:
                reader.end(role, current)
                if role >= END_CELL and not reader.in_pre:
                    role_of, seen = roles.get, {}
            current = element.parent
        elif role == LINK:
            in_link += 1
            reader.links += 1
        elif role == END_LINK:
            in_link -= 1
        elif role <= UNSEEN:
            reader.inline = reader.inline or attributes
            if role == UNSEEN:
                run = reader.skip(name, run)
        elif role > NOTHING:
            run = reader.rare(role, name, attributes, current, run)
        if run:
            if not run.isspace():
                add(run)
                if in_link:
                    reader.link_length += len(run.strip())
            elif parts or reader.in_pre:
                add(run)
    return reader.finish(current)


def _read_tag(tag: str, role_of: Callable[[str, int], int]) -> tuple[int, str, str]:
    """Return the role, the name and the attributes of a tag."""
    name, _, attributes = tag.partition(" ")
    role = role_of(name, INLINE)
    if role == INLINE and len(attributes) < LONGEST_ATTRIBUTES and is_unseen(attributes):
        role = UNSEEN
    return role, name, attributes
