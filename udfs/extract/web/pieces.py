"""Cut the serialised body of a page at its tags.

The body comes from a parser, so that its tags are well nested and there is no `<` in its text or in the
values of attributes. Each piece is a tag without its `<` and the text after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

# the pieces of a body are several times as large as the body: a large body is cut bit by bit
_WINDOW = 1 << 20
# more than a page has
UNCLOSED = 1 << 40
LONGEST_ATTRIBUTES = 2000
_VALUE = re.compile('="[^"]*"')
_LONGEST_VALUE = 300


def cut(body: str) -> Iterator[str]:
    """Yield the pieces of a body after its first `<`."""
    if len(body) <= _WINDOW:
        pieces = iter(body.split("<"))
        next(pieces)
        return pieces
    return chain.from_iterable(_windows(body))


def _windows(body: str) -> Iterator[list[str]]:
    start = body.find("<") + 1
    while start:
        end = body.find("<", start + _WINDOW)
        yield body[start : end if end >= 0 else None].split("<")
        start = end + 1


def complete(piece: str, pieces: Iterator[str]) -> tuple[str, str]:
    """Return the whole tag of a piece in which it does not end or which is a comment, and the text after it.

    A comment is the tag `!`. The names of elements and attributes can have a `<`.
    """
    if piece.startswith("!--"):
        _, closed, text = piece[3:].partition("-->")
        while not closed:
            _, closed, text = next(pieces, "-->").partition("-->")
        return "!", text
    tag, closed, text = piece.partition(">")
    parts = [tag]
    while not closed:
        tag, closed, text = next(pieces, ">").partition(">")
        parts.append(tag)
    return "<".join(parts), text


def skip(name: str, pieces: Iterator[str], *, raw: bool = False) -> tuple[str, int]:
    """Pass over an element; return the text after its end tag and the number of characters in it.

    The content of a raw element is text, so that no start tag of the same name in it counts. The number is at
    least `UNCLOSED` if a raw element has the end of the page in it.
    """
    end = "/" + name
    depth, size = 1, 0
    for piece in pieces:
        tag, closed, text = piece.partition(">")
        if not raw and (not closed or tag[:1] == "!"):
            tag, text = complete(piece, pieces)
        if raw and tag == "/body":
            size += UNCLOSED
        if tag == end:
            depth -= 1
            if not depth:
                return text, size
        elif not raw and tag.partition(" ")[0] == name:
            depth += 1
        size += len(text)
    return "", size


def short(attributes: str) -> str:
    """Return attributes without values that are too long to say what an element is, as images are."""
    if len(attributes) <= LONGEST_ATTRIBUTES:
        return attributes
    kept = _VALUE.sub(
        lambda value: value[0] if len(value[0]) < _LONGEST_VALUE else '=""', attributes
    )
    return kept[:LONGEST_ATTRIBUTES]
