"""A conversation: messages in the order of reading, and the plain text of them all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

SYSTEM, USER, ASSISTANT, TOOL = ROLES = ("system", "user", "assistant", "tool")

BETWEEN = "\n\n"
"""What stands between the contents of two messages in the plain text, and between instruction and input."""


class Message(NamedTuple):
    """A turn; the fields are those of `schemas.tables.messages`."""

    role: str
    content: str
    id: str | None = None
    parent: str | None = None
    language: str | None = None
    rank: int | None = None
    labels: Mapping[str, float] | None = None
    extra: str | None = None

    def to_row(self) -> dict[str, Any]:
        """Return the message as a row of the column `messages`."""
        labels = None if self.labels is None else sorted(self.labels.items())
        return {**self._asdict(), "labels": labels}


class Conversation(NamedTuple):
    """A conversation that a record makes.

    Attributes
    ----------
    messages
        At least one.
    key
        The name of the document within its set; None where the set has none.
    license, date
        Where the record names them; the licence in SPDX.
    metadata
        Other fields of the record.
    offset
        Where the record that the trace shows begins, if not where the conversation's record does.
    """

    messages: tuple[Message, ...]
    key: str | None = None
    license: str | None = None
    date: str | None = None
    metadata: Mapping[str, str] | None = None
    offset: int | None = None


class Left(NamedTuple):
    """Conversations that a rule leaves out; only their number is kept, by reason."""

    reason: str
    n: int = 1


def plain_text(contents: Iterable[str | None]) -> str:
    r"""Return the text that stands for a conversation: the contents, with a blank line between them.

    Roles are not in it, so that signals, language identification and dedup judge what was written, and
    no text is ever read back as a turn. An empty message leaves nothing.

    >>> plain_text(["Hello", "", "Hi, how are you?"])
    'Hello\n\nHi, how are you?'
    """
    return BETWEEN.join(content for content in contents if content)


def answers(messages: Sequence[Mapping[str, Any]]) -> tuple[list[int], list[list[int]]]:
    """Return the turns before the answers to choose from, and each answer's turns, the best first.

    Parameters
    ----------
    messages
        Rows of the column `messages`.

    Returns
    -------
    tuple
        Positions of the shared turns; and for each answer the positions of its turns. A conversation
        without a choice has all its turns in the first list and no answers.
    """
    by_id = {row["id"]: i for i, row in enumerate(messages) if row["id"] is not None}
    replies: dict[int, list[int]] = {}
    for i, row in enumerate(messages):
        parent = by_id.get(row["parent"])
        if parent is not None and parent < i:
            replies.setdefault(parent, []).append(i)
    branching = next((i for i in sorted(replies) if len(replies[i]) > 1), None)
    if branching is None:
        return list(range(len(messages))), []
    tails = [_chain(first, replies) for first in replies[branching]]
    tails.sort(key=lambda tail: _rank(messages[tail[0]]))
    in_tails = {i for tail in tails for i in tail}
    return [i for i in range(len(messages)) if i not in in_tails], tails


def _chain(first: int, replies: Mapping[int, Sequence[int]]) -> list[int]:
    chain = [first]
    while following := replies.get(chain[-1]):
        chain.append(following[0])
    return chain


def _rank(row: Mapping[str, Any]) -> tuple[bool, int]:
    rank = row["rank"]
    return rank is None, rank or 0
