"""The conversations of a tree of OASST."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from udfs.chat.conversation import Conversation, Left
from udfs.chat.oasst.node import Node
from udfs.chat.oasst.threads import Rules, choices, threads


def conversations(root: Node, rules: Rules, *, pairs: bool) -> Iterator[Conversation | Left]:
    """Yield the conversations of a tree, and how many are left out.

    Parameters
    ----------
    pairs
        Whether to take the choices between ranked answers, and not the threads. The key of a choice is
        its prompt's id, that of a thread its last message's.
    """
    left: Counter[str]
    if pairs:
        chosen, left = choices(root, rules)
        for path, answers in chosen:
            yield _conversation(root, [*path, *answers], path[-1])
    else:
        taken, left = threads(root, rules)
        for path in taken:
            yield _conversation(root, path, path[-1])
    for reason, n in left.items():
        yield Left(reason, n)


def _conversation(root: Node, nodes: Sequence[Node], last: Node) -> Conversation:
    languages = {(node.message.language or "").partition("-")[0].lower() for node in nodes}
    language = languages.pop() if len(languages) == 1 else ""
    known = {"tree": root.tree or root.id, "state": root.state, "language": language}
    return Conversation(
        tuple(node.message for node in nodes),
        key=last.id,
        date=last.date,
        metadata={name: value for name, value in known.items() if value},
        offset=last.offset,
    )
