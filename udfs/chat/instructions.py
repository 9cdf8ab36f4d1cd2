"""Sets of an instruction and an answer each: Dolly, Alpaca in its forms, LongForm."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from udfs.chat import fields
from udfs.chat.conversation import ASSISTANT, BETWEEN, USER, Conversation, Left, Message

_NOT_IN_A_REASON = re.compile(r"[^a-z0-9]+")
_OK = "ok"
_INPUT = "input"

Record = Mapping[str, Any]


def instruction(text: str, more: str = "") -> Message:
    """Return a user's message of an instruction and the input that it is about.

    `extra` keeps where the input begins, in code points, so that an export can part them again.
    """
    if not more:
        return Message(USER, text)
    start = len(text) + len(BETWEEN)
    return Message(USER, f"{text}{BETWEEN}{more}", extra=json.dumps({_INPUT: start}))


def parts(content: str, extra: str | None) -> tuple[str, str]:
    """Return the instruction and the input of a message's content; the input may be "".

    >>> message = instruction("Translate this.", "Guten Tag")
    >>> parts(message.content, message.extra)
    ('Translate this.', 'Guten Tag')
    """
    start = json.loads(extra).get(_INPUT) if extra else None
    if not isinstance(start, int):
        return content, ""
    return content[: start - len(BETWEEN)], content[start:]


def dolly(record: Record) -> Iterator[Conversation]:
    """Yield the conversation of a record of databricks-dolly-15k.

    Raises
    ------
    ExtractionError
        A field is missing, or no text.
    """
    asked = instruction(
        fields.text(record, "instruction"), fields.text(record, "context", optional=True)
    )
    answer = Message(ASSISTANT, fields.text(record, "response"))
    yield Conversation((asked, answer), metadata=fields.metadata(record, subset="category"))


def alpaca(record: Record) -> Iterator[Conversation | Left]:
    """Yield the conversations of a record in the forms of Alpaca.

    Stanford's records have instruction, input and output. Those of Alpaca Libre's work files have a
    `status` too: other than `ok` it is the reason to leave the record out. Seed tasks have several
    `instances` of input and output.

    Raises
    ------
    ExtractionError
        A field is missing, or no text.
    """
    status = record.get("status")
    if isinstance(status, str) and status != _OK:
        slug = _NOT_IN_A_REASON.sub("-", status.lower())[:40].strip("-")
        yield Left(f"status-{slug or 'other'}")
        return
    asked = fields.text(record, "instruction")
    license_ = "MIT" if status == _OK else None
    instances = record.get("instances")
    known = fields.metadata(record, "name", "is_classification", task="id")
    for instance in instances if isinstance(instances, list) else [record]:
        answered = instance if isinstance(instance, Mapping) else {}
        more = fields.text(answered, "input", optional=True)
        answer = Message(ASSISTANT, fields.text(answered, "output"))
        yield Conversation((instruction(asked, more), answer), license=license_, metadata=known)


def longform(record: Record) -> Iterator[Conversation]:
    """Yield the conversation of a record of LongForm.

    Raises
    ------
    ExtractionError
        A field is missing, or no text.
    """
    messages = (
        Message(USER, fields.text(record, "input")),
        Message(ASSISTANT, fields.text(record, "output")),
    )
    yield Conversation(messages, metadata=fields.metadata(record, "source", "subset"))
