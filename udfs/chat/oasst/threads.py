"""The threads that are taken from a tree, and the choices between answers.

The rules are those of Open-Assistant's `model_training/custom_datasets/oasst_dataset.py`. A thread leads from
the root to a message without replies. It ends on an assistant: a last message of the prompter is dropped,
and only where it is the first reply, so that no thread comes twice. With `top` no answer of the thread has a
rank of `top` or more; one without a rank must be the only reply.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from udfs.chat.conversation import ASSISTANT, USER
from udfs.chat.oasst.node import Node
from udfs.extract.errors import ExtractionError

TOO_LARGE = "record-too-large"
UNANSWERED = "unanswered"
LOW_RANK = "rank"

_MESSAGE = 200  # bytes of a message beside its text
_DEEPEST = 1000  # messages of a thread: the deepest tree of the set has some 20


class Rules(NamedTuple):
    """Which threads are taken.

    Attributes
    ----------
    top
        Number of answers to each message, the best by rank; None for all.
    flaws
        Flaws that leave a message's threads out.
    states
        States of trees to take; a tree without a state is taken. Empty for all.
    max_bytes
        Size of all threads of a tree, above which it is refused: a deep tree has its first messages in
        many threads.
    """

    top: int | None
    flaws: frozenset[str]
    states: frozenset[str]
    max_bytes: int


Path = tuple[Node, ...]


def threads(root: Node, rules: Rules) -> tuple[list[Path], Counter[str]]:
    """Return the threads of a tree, and how many are left out by reason.

    Raises
    ------
    ExtractionError
        `record-too-large`: the threads have more than `max_bytes`.
    """
    left: Counter[str] = Counter()
    if not _wanted(root, rules):
        left[f"tree-{root.state}"] += 1
        return [], left
    _check_size(root, rules)
    taken: list[Path] = []
    for path in _paths(root):
        reason = _reason(path, rules)
        if reason:
            left[reason] += 1
        else:
            taken.append(path if path[-1].message.role == ASSISTANT else path[:-1])
    return taken, left


def choices(root: Node, rules: Rules) -> tuple[list[tuple[Path, Path]], Counter[str]]:
    """Return where annotators ranked several answers: the path to a prompt, and its answers, best first.

    Answers with a flaw or without a rank are not among them; `top` keeps the best.
    """
    left: Counter[str] = Counter()
    if not _wanted(root, rules):
        left[f"tree-{root.state}"] += 1
        return [], left
    _check_size(root, rules)
    taken: list[tuple[Path, Path]] = []
    waiting: list[Path] = [(root,)]
    while waiting:
        path = waiting.pop()
        last = path[-1]
        waiting.extend((*path, reply) for reply in reversed(last.replies))
        if last.message.role != USER or len(last.replies) < 2:
            continue
        ranked = [
            reply
            for reply in last.replies
            if reply.message.rank is not None and not reply.flaws & rules.flaws
        ]
        ranked.sort(key=lambda reply: reply.message.rank or 0)
        flaw = _flaw(path, rules)
        if flaw or len(ranked[: rules.top]) < 2:
            left[flaw or "unranked"] += 1
        else:
            taken.append((path, tuple(ranked[: rules.top])))
    if not taken and not left:
        left["no-choice"] += 1
    return taken, left


def _wanted(root: Node, rules: Rules) -> bool:
    return not (rules.states and root.state is not None and root.state not in rules.states)


def _paths(root: Node) -> Iterator[Path]:
    waiting: list[Path] = [(root,)]
    while waiting:
        path = waiting.pop()
        if not path[-1].replies:
            yield path
        waiting.extend((*path, reply) for reply in reversed(path[-1].replies))


def _reason(path: Path, rules: Rules) -> str | None:
    """Return why a thread is left out; None for one that is taken."""
    last = path[-1]
    flaw = _flaw(path, rules)
    if flaw:
        return flaw
    is_answered = last.message.role == ASSISTANT or (
        len(path) > 1 and path[-2].replies[0] is last and path[-2].message.role == ASSISTANT
    )
    if not is_answered:
        return UNANSWERED
    if rules.top is not None and not _is_among(path, rules.top):
        return LOW_RANK
    return None


def _flaw(path: Sequence[Node], rules: Rules) -> str | None:
    return next((flaw for node in path for flaw in sorted(node.flaws & rules.flaws)), None)


def _is_among(path: Path, top: int) -> bool:
    for before, node in pairwise(path):
        if node.message.role == ASSISTANT:
            rank = node.message.rank
            if rank is None and len(before.replies) > 1:
                return False
            if rank is not None and rank >= top:
                return False
    return True


def _check_size(root: Node, rules: Rules) -> None:
    """Refuse a tree whose threads together are too large, before any is made."""
    total = 0
    waiting = [(root, 0, 1)]
    while waiting:
        node, above, depth = waiting.pop()
        here = above + len(node.message.content) + _MESSAGE
        if not node.replies:
            total += here
        waiting.extend((reply, here, depth + 1) for reply in node.replies)
        if total > rules.max_bytes:
            raise ExtractionError(
                TOO_LARGE, f"the threads of the tree have more than {rules.max_bytes} bytes"
            )
        if depth > _DEEPEST:
            raise ExtractionError(TOO_LARGE, f"a thread has more than {_DEEPEST} messages")
