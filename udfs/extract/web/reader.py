"""Read the body of a page into blocks.

One loop over the tags of the serialised body is several times as fast as a walk over the parser's tree, and
its time is linear in the size of the body. What is frequent is in the loop; what is rare is in `reading`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from udfs.extract.web import formulas
from udfs.extract.web.blocks import Blocks
from udfs.extract.web.pieces import LONGEST_ATTRIBUTES, complete
from udfs.extract.web.reading import MOST_ELEMENTS, Reading
from udfs.extract.web.roles import (
    BLOCK,
    BUTTON,
    END,
    END_CELL,
    END_LINK,
    END_PRE,
    IMAGE,
    INLINE,
    ITEM,
    LINK,
    NOTHING,
    OF_PRE,
    OF_REST,
    ROLES,
    SITE,
    UNSEEN,
    is_of_site,
    is_unseen,
)

# a tag's role, name, attributes, and number if it is of a block-level element
_Tag = tuple[int, str, str, int]
_LINK: _Tag = (LINK, "a", "", 0)


def read(body: str, roles: Mapping[str, int] = ROLES) -> Blocks:
    """Return the blocks of a serialised body."""
    reader = Reading(body)
    elements, texts, parts = reader.blocks.elements, reader.blocks.text, reader.parts
    parents, firsts, ends, numbers = elements.parent, elements.first, elements.end, elements.tag
    add, flush, role_of = parts.append, reader.flush, roles.get
    seen: dict[str, _Tag] = {}  # what tags say: most repeat
    current = in_link = 0
    for piece in reader.pieces:
        tag, closed, run = piece.partition(">")
        known = seen.get(tag)
        if known is None or not closed:
            if not closed or tag[:1] == "!":
                tag, run = complete(piece, reader.pieces)
            known = _read_tag(tag, role_of, reader.blocks)
            if known[0] != LINK:  # links have addresses of their own
                seen[tag] = known
        role, name, attributes, number = known
        if role <= END_PRE and parts:
            flush(current)
        if role <= BUTTON:
            parents.append(current)
            firsts.append(len(texts))
            ends.append(-1)
            current = len(numbers)
            numbers.append(number)
            if role == ITEM:
                reader.item = current
            elif role:
                run = reader.start(role, current, run)
                if reader.in_pre:
                    role_of, seen = {**roles, **OF_PRE}.get, {}
                elif ends[current] >= 0:
                    current = parents[current]
            if len(numbers) > MOST_ELEMENTS:
                role_of, seen = OF_REST.get, {}
        elif role <= END_PRE:
            ends[current] = len(texts)
            if role != END:
                reader.end(role, current)
                if role >= END_CELL and not reader.in_pre:
                    role_of, seen = roles.get, {}
            current = parents[current]
        elif role <= END_LINK:
            in_link += 1 if role == LINK else -1
            reader.links += role == LINK
        elif role <= UNSEEN:
            reader.inline = reader.inline or attributes
            if role == UNSEEN:
                run = reader.skip(name, run)
        elif role > NOTHING:
            run = reader.rare(role, name, attributes, current, run)
        if run and not run.isspace():
            add(run)
            if in_link:
                reader.link(run)
        elif run and (parts or reader.in_pre):  # white space
            add(run)
    return reader.finish(current)


def _read_tag(tag: str, role_of: Callable[[str, int], int], blocks: Blocks) -> _Tag:
    """Return what a tag says; that of a block-level element is added to the elements' tags."""
    if tag[:2] == "a ":
        return _LINK
    name, _, attributes = tag.partition(" ")
    role = role_of(name, INLINE)
    if role <= BUTTON:
        if role <= ITEM and is_of_site(attributes) and role_of("nav", BLOCK) == SITE:
            return SITE, name, attributes, 0
        return role, name, attributes, blocks.elements.add_tag(name, attributes)
    if role == INLINE:
        if len(attributes) < LONGEST_ATTRIBUTES and is_unseen(attributes):
            role = UNSEEN
    elif role == IMAGE:
        role = NOTHING
        blocks.has_formulas = blocks.has_formulas or formulas.is_image(attributes)
    return role, name, attributes, 0
