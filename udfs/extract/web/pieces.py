"""Cut the serialised body of a page at its tags.

The body comes from a parser, so that its tags are well nested and there is no `<` in its text or in the
values of attributes. Each piece is a tag without its `<` and the text after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

# the pieces of a body are several times as large as the body: a large body is cut bit by bit
_WINDOW = 1 << 20
# more than a page has
UNCLOSED = 1 << 40
LONGEST_ATTRIBUTES = 2000
SENTENCE = 100  # characters
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


class Skipped(NamedTuple):
    """The text after an element that was passed over, and the size of the text in it.

    Attributes
    ----------
    text
        The text after its end tag.
    size
        The characters of text in it; at least `UNCLOSED` if it is a raw element with the end of the page
        in it.
    prose
        The characters of those runs of text that are as long as a sentence.
    """

    text: str
    size: int
    prose: int = 0


def skip(name: str, pieces: Iterator[str]) -> Skipped:
    """Pass over an element."""
    end = "/" + name
    marks = (name, end, "!", "noscript")
    depth, size, prose = 1, 0, 0
    for piece in pieces:
        if piece.startswith(marks):
            tag, closed, text = piece.partition(">")
            if not closed or tag[:1] == "!":
                tag, text = complete(piece, pieces)
            if tag == end:
                depth -= 1
                if not depth:
                    return Skipped(text, size, prose)
            elif tag == "noscript" or tag.startswith("noscript "):
                text, inner, _ = skip_raw("noscript", pieces)  # its content is text
                size += inner
            elif tag.partition(" ")[0] == name:
                depth += 1
        elif piece[-1:] == ">":
            continue
        else:
            _, closed, text = piece.partition(">")
            if not closed:
                _, text = complete(piece, pieces)
        text = text.strip()
        if text:
            size += len(text)
            if len(text) >= SENTENCE:
                prose += len(text)
    return Skipped("", size, prose)


def skip_raw(name: str, pieces: Iterator[str]) -> Skipped:
    """Pass over an element whose content is text, so that no start tag of the same name in it counts."""
    end = "/" + name
    size = 0
    for piece in pieces:
        tag, _, text = piece.partition(">")
        if tag == end:
            return Skipped(text, size)
        size += len(text) + (UNCLOSED if tag == "/body" else 0)
    return Skipped("", size)


def short(attributes: str) -> str:
    """Return attributes without values that are too long to say what an element is, as images are."""
    if len(attributes) <= LONGEST_ATTRIBUTES:
        return attributes
    kept = _VALUE.sub(
        lambda value: value[0] if len(value[0]) < _LONGEST_VALUE else '=""', attributes
    )
    return kept[:LONGEST_ATTRIBUTES]
