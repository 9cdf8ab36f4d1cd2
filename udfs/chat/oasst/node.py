"""A message of OASST's export, in JSON lines or in the Hub's flat Parquet.

The fields are those of Open-Assistant's `oasst_data/schemas.py`; the Hub's rows have labels and emojis as
parallel lists.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from udfs.chat import fields
from udfs.chat.conversation import Message
from udfs.chat.roles import role_of
from udfs.extract.errors import ExtractionError
from udfs.extract.json_line import BAD_RECORD, storable

DELETED, SYNTHETIC, FAILED = FLAWS = ("deleted", "synthetic", "failed-review")
"""Reasons to leave a message out, and with it the threads that hold it."""

_LARGEST = 1 << 31
_FLAGS = ("review_result", "synthetic", "deleted")


@dataclass(eq=False)
class Node:
    """A message in its tree.

    Attributes
    ----------
    message
        The message as the column `messages` has it.
    replies
        The answers to it, in the order of the file.
    flaws
        Those of `FLAWS` that it has.
    tree, state
        Id and state of its tree, where the record names them.
    date
        When it was written, as the record has it.
    offset
        Where its record begins.
    """

    message: Message
    flaws: frozenset[str] = frozenset()
    tree: str | None = None
    state: str | None = None
    date: str | None = None
    offset: int = 0
    replies: list[Node] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The message's id."""
        assert self.message.id is not None
        return self.message.id


def node_of(record: Mapping[str, Any], offset: int = 0, parent: str | None = None) -> Node:
    """Return the message of a record, without its replies.

    Parameters
    ----------
    parent
        The id of the message that has it among its replies; else the record's own `parent_id` counts.

    Raises
    ------
    ExtractionError
        It has no id, role or text.
    """
    id_ = storable(record.get("message_id"))
    if not id_:
        raise ExtractionError(BAD_RECORD, "a message has no message_id")
    deleted = record.get("deleted") is True
    flaws = {
        DELETED: deleted,
        SYNTHETIC: record.get("synthetic") is True,
        FAILED: record.get("review_result") is False,
    }
    rank = _number(record.get("rank"))
    message = Message(
        role=role_of(record.get("role")),
        # the text of a deleted message may be missing
        content=fields.text(record, "text", optional=deleted),
        id=id_,
        parent=parent or storable(record.get("parent_id")) or None,
        language=storable(record.get("lang")),
        rank=None if rank is None else int(rank),
        labels=dict(_labels(record)) or None,
    )
    return Node(
        message,
        frozenset(flaw for flaw, has in flaws.items() if has),
        storable(record.get("message_tree_id")),
        storable(record.get("tree_state")),
        storable(record.get("created_date")),
        offset,
    )


def _labels(record: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    for name in _FLAGS:
        if isinstance(record.get(name), bool):
            yield name, float(record[name])
    if (count := _number(record.get("review_count"))) is not None:
        yield "review_count", count
    yield from _named(record.get("labels"), "", "value")
    yield from _named(record.get("detoxify"), "detoxify_", "value")
    yield from _named(record.get("emojis"), "emoji_", "count")


def _named(values: Any, prefix: str, key: str) -> Iterator[tuple[str, float]]:
    """Yield names and numbers of a mapping, of its objects' `key`, or of parallel lists."""
    if not isinstance(values, Mapping):
        return
    names, numbers = values.get("name"), values.get(key)
    if isinstance(names, list) and isinstance(numbers, list):
        pairs = zip(names, numbers, strict=False)
    else:
        pairs = zip(values.keys(), values.values(), strict=True)
    for name, value in pairs:
        number = _number(value.get(key) if isinstance(value, Mapping) else value)
        if isinstance(name, str) and number is not None:
            yield f"{prefix}{name}", number


def _number(value: Any) -> float | None:
    """Return a number that a column of 32-bit integers holds too; None for another value."""
    is_number = isinstance(value, int | float) and abs(value) < _LARGEST  # not NaN either
    return float(value) if is_number else None
