"""Read the body of a page into blocks.

One loop over the tags of the serialised body is several times as fast as a walk over the parser's tree, and
its time is linear in the size of the body. What is frequent is in the loop; what is rare is in `reading`.
"""

from __future__ import annotations

from collections.abc import Mapping

from udfs.extract.web.blocks import Blocks, Element
from udfs.extract.web.pieces import LONGEST_ATTRIBUTES, complete
from udfs.extract.web.reading import MOST_ELEMENTS, Reading
from udfs.extract.web.roles import (
    BUTTON,
    END,
    END_LINK,
    END_PRE,
    INLINE,
    ITEM,
    LINK,
    NOTHING,
    OF_PRE,
    OF_REST,
    ROLES,
    is_unseen,
)


def read(body: str, roles: Mapping[str, int] = ROLES) -> Blocks:
    """Return the blocks of a serialised body."""
    reader = Reading(body)
    elements, texts, parts = reader.blocks.elements, reader.blocks.text, reader.parts
    add, flush, role_of = parts.append, reader.flush, roles.get
    current = in_link = 0
    for piece in reader.pieces:
        tag, closed, run = piece.partition(">")
        role = role_of(tag)
        if role is None or not closed:
            if not closed or tag[:1] == "!":
                tag, run = complete(piece, reader.pieces)
            name, _, attributes = tag.partition(" ")
            role = role_of(name, INLINE)
        else:
            name, attributes = tag, ""
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
                    role_of = {**roles, **OF_PRE}.get
                elif elements[current].end >= 0:
                    current = elements[current].parent
            if len(elements) > MOST_ELEMENTS:
                role_of = OF_REST.get
        elif role <= END_PRE:
            if parts:
                flush(current)
            elements[current].end = len(texts)
            if role != END:
                reader.end(role, current)
                if not reader.in_pre:
                    role_of = roles.get
            current = elements[current].parent
        elif role == LINK:
            in_link += 1
            reader.links += 1
        elif role == END_LINK:
            in_link -= 1
        elif role == INLINE:
            if attributes:
                reader.inline = reader.inline or attributes
                if len(attributes) < LONGEST_ATTRIBUTES and is_unseen(attributes):
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
