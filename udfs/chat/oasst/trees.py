"""Rebuild OASST's trees: from nested replies, from a thread, or from messages that name their parents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from udfs.chat.oasst.node import Node, node_of
from udfs.extract.errors import ExtractionError
from udfs.extract.json_line import BAD_RECORD

ORPHAN = "orphan-parent"
CYCLE = "parent-cycle"
REPEATED = "repeated-message"

_STATES = {"message_tree_id": "tree", "tree_state": "state"}


class Unplaced(NamedTuple):
    """A message that belongs to no tree: its parent is missing, or is one of its own replies."""

    node: Node
    error: str
    message: str


def is_tree(record: Mapping[str, Any]) -> bool:
    """Return whether a record is a tree, or a message with its replies."""
    return isinstance(record.get("prompt"), Mapping) or bool(record.get("replies"))


def is_thread(record: Mapping[str, Any]) -> bool:
    """Return whether a record is a thread."""
    return isinstance(record.get("thread"), list)


def nested(record: Mapping[str, Any], offset: int) -> Node:
    """Return the root of the tree in a record; its replies are those that it has within it.

    Raises
    ------
    ExtractionError
        A message in it is broken, or comes twice.
    """
    prompt = record.get("prompt")
    first = prompt if isinstance(prompt, Mapping) else record
    root = node_of(first, offset)
    if isinstance(prompt, Mapping):
        for key, name in _STATES.items():
            if isinstance(record.get(key), str):
                setattr(root, name, record[key])
    seen = {root.id}
    waiting = [(first, root)]
    while waiting:
        parent, node = waiting.pop()
        replies = parent.get("replies") or []
        if not isinstance(replies, list):
            raise ExtractionError(BAD_RECORD, f"the replies to {node.id} are no list")
        for reply in replies:
            if not isinstance(reply, Mapping):
                raise ExtractionError(BAD_RECORD, f"a reply to {node.id} is no message")
            child = node_of(reply, offset, node.id)
            if child.id in seen:
                raise ExtractionError(REPEATED, f"the message {child.id} comes twice in its tree")
            seen.add(child.id)
            node.replies.append(child)
            waiting.append((reply, child))
    return root


def thread(record: Mapping[str, Any], offset: int) -> Node:
    """Return the first message of a thread, each message being the only reply to the one before.

    Raises
    ------
    ExtractionError
        A message in it is broken, or there is none.
    """
    items = record["thread"]
    root: Node | None = None
    last: Node | None = None
    for item in items:
        if not isinstance(item, Mapping):
            raise ExtractionError(BAD_RECORD, "a message of the thread is not an object")
        node = node_of(item, offset, last.id if last else None)
        if last is None:
            root = node
        else:
            last.replies.append(node)
        last = node
    if root is None:
        raise ExtractionError(BAD_RECORD, "the thread has no message")
    return root


def rebuilt(nodes: Iterable[Node]) -> tuple[list[Node], list[Unplaced]]:
    """Return the roots of the trees that flat messages make, and the messages that no root leads to.

    The order of the messages does not matter but for the order of replies. The first message of an id
    stays.
    """
    by_id: dict[str, Node] = {}
    unplaced: list[Unplaced] = []
    for node in nodes:
        if by_id.setdefault(node.id, node) is not node:
            unplaced.append(Unplaced(node, REPEATED, f"the message {node.id} was there before"))
    roots = []
    for node in by_id.values():
        parent = node.message.parent
        if parent is None:
            roots.append(node)
        elif parent in by_id:
            by_id[parent].replies.append(node)
    placed = {id(node) for root in roots for node in subtree(root)}
    ends = _ends([node for node in by_id.values() if id(node) not in placed], by_id)
    return roots, [*unplaced, *ends]


def _ends(lost: list[Node], by_id: Mapping[str, Node]) -> Iterator[Unplaced]:
    """Yield the messages that no root leads to: below a parent that is missing, or in a cycle."""
    below_missing = {
        id(node) for top in lost if top.message.parent not in by_id for node in subtree(top)
    }
    for node in lost:
        parent = node.message.parent
        if id(node) in below_missing:
            what = "is" if parent not in by_id else "descends from one that is"
            yield Unplaced(node, ORPHAN, f"the parent {parent} of {node.id} {what} not in the file")
        else:
            yield Unplaced(node, CYCLE, f"the parents of {node.id} lead back to it, and to no root")


def subtree(root: Node) -> Iterator[Node]:
    """Yield a message and all below it; for a tree, since a cycle would have no end."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(node.replies))
