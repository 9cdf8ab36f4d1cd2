"""Steps from a node of a page to those beside it, past white space and comments."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from selectolax.lexbor import LexborNode

# so many nodes are passed over, so that a search from each of many nodes takes linear time
_MOST_SKIPPED = 8


def after(node: LexborNode) -> LexborNode | None:
    """Return the next node that is not white space or a comment; None if it is too far."""
    for _ in range(_MOST_SKIPPED):
        following = node.next
        if following is None or not _is_blank(following):
            return following
        node = following
    return None


def before(node: LexborNode) -> LexborNode | None:
    """Return the previous node that is not white space or a comment; None if it is too far."""
    for _ in range(_MOST_SKIPPED):
        previous = node.prev
        if previous is None or not _is_blank(previous):
            return previous
        node = previous
    return None


def only_child(node: LexborNode) -> LexborNode | None:
    """Return the child of a node that has nothing beside it but white space and comments."""
    child = node.first_child
    if child is not None and _is_blank(child):
        child = after(child)
    return child if child is not None and after(child) is None and child.next is None else None


def first_elements(node: LexborNode) -> Iterator[LexborNode]:
    """Return the first elements in a node."""
    return islice(node.iter(), _MOST_SKIPPED)


def classes(node: LexborNode) -> list[str]:
    """Return the classes of an element."""
    return (node.attributes.get("class") or "").split()


def attribute(node: LexborNode, name: str) -> str:
    """Return an attribute of an element; empty if it is missing."""
    return node.attributes.get(name) or ""


def _is_blank(node: LexborNode) -> bool:
    if node.is_text_node:
        return not (node.text_content or "").strip()
    return node.is_comment_node
