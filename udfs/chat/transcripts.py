"""Sets whose conversations are one text with markers: HH-RLHF's and OIG's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from udfs.chat import fields
from udfs.chat.conversation import ASSISTANT, SYSTEM, USER, Conversation, Left, Message
from udfs.extract.errors import ExtractionError
from udfs.extract.json_line import BAD_RECORD

# a marker is what its set's own files have, at the places where they have it
_HH = re.compile(r"(?:\A|\n\n)(Human|Assistant):[ ]?")
_OIG = re.compile(r"(?:\A|(?<=\n))[ \t]*<(human|bot)>:[ ]?")
_ROLES = {"Human": USER, "human": USER, "Assistant": ASSISTANT, "bot": ASSISTANT}

EQUAL = "equal-pair"
PREFIX = "prefix-pair"

Record = Mapping[str, Any]


def turns(text: str, marker: re.Pattern[str]) -> list[Message]:
    """Return the turns of a transcript; what precedes the first marker is a message of the system.

    Roles alternate. A marker of the role that speaks already is text of that turn.
    """
    messages: list[Message] = []
    role, start = SYSTEM, 0
    for match in marker.finditer(text):
        if _ROLES[match[1]] == role:
            continue
        _add(messages, role, text[start : match.start()])
        role, start = _ROLES[match[1]], match.end()
    _add(messages, role, text[start:])
    return messages


def _add(messages: list[Message], role: str, content: str) -> None:
    if role != SYSTEM or content.strip():
        messages.append(Message(role, content.strip()))


def transcript(text: str, marker: re.Pattern[str]) -> list[Message]:
    """Return the turns of a transcript.

    Raises
    ------
    ExtractionError
        `bad-record`: it has no marker of a turn.
    """
    messages = turns(text, marker)
    if not any(message.role != SYSTEM for message in messages):
        raise ExtractionError(BAD_RECORD, "the text has no marker of a turn")
    return messages


def hh_rlhf(record: Record) -> Iterator[Conversation | Left]:
    """Yield the choice between two answers, or the conversation, of a record of HH-RLHF.

    A pair is equal up to where the two answers begin. Records of red_team_attempts have one
    `transcript`. Pairs in the forms that TRL reads, texts or messages with or without a `prompt`, are
    read too.

    Raises
    ------
    ExtractionError
        A field is missing, or the two have no turn in common.
    """
    if "transcript" in record:
        known = fields.metadata(
            record, "rating", "model_type", "num_params", "task_description", "is_upworker"
        )
        yield Conversation(
            tuple(transcript(fields.text(record, "transcript"), _HH)), metadata=known
        )
        return
    chosen, rejected = (_side(record, key) for key in ("chosen", "rejected"))
    length = min(len(chosen), len(rejected))
    if chosen[:length] == rejected[:length]:
        # one side goes on where the other ends: there are no two answers to one prompt
        yield Left(EQUAL if len(chosen) == len(rejected) else PREFIX)
        return
    yield Conversation(choice(chosen, rejected))


def _side(record: Record, key: str) -> list[Message]:
    from udfs.chat.message_lists import messages_of

    prompt, answer = record.get("prompt"), record.get(key)
    if isinstance(answer, list):
        before = messages_of(prompt) if isinstance(prompt, list) else []
        return [*before, *messages_of(answer)]
    text = fields.text(record, key)
    if prompt is None:
        return transcript(text, _HH)
    asked = fields.text(record, "prompt")
    if _HH.search(asked):
        return transcript(asked + text, _HH)
    return [Message(USER, asked), Message(ASSISTANT, text)]


def choice(chosen: Sequence[Message], rejected: Sequence[Message]) -> tuple[Message, ...]:
    """Return the messages of a choice: the turns that both sides share, then those of each side.

    Ids are positions and sides, as the sets have none; the caller makes them unique.

    Raises
    ------
    ExtractionError
        `bad-record`: the sides share no turn.
    """
    shared = 0
    for one, other in zip(chosen, rejected, strict=False):
        if one != other:
            break
        shared += 1
    if not shared:
        raise ExtractionError(BAD_RECORD, "the two answers are to different conversations")
    named = [
        message._replace(id=str(i), parent=str(i - 1) if i else None)
        for i, message in enumerate(chosen[:shared])
    ]
    for rank, (side, messages) in enumerate((("chosen", chosen), ("rejected", rejected))):
        parent = named[shared - 1].id
        for i, message in enumerate(messages[shared:]):
            id_ = f"{side}/{i}" if i else side
            named.append(message._replace(id=id_, parent=parent, rank=None if i else rank))
            parent = id_
    return tuple(named)


def oig(record: Record) -> Iterator[Conversation]:
    """Yield the conversation of a record of OIG, or of OpenChatKit's files for fine-tuning.

    Raises
    ------
    ExtractionError
        The record has no text, or its text no turn.
    """
    messages = tuple(transcript(fields.text(record, "text"), _OIG))
    about = record.get("metadata", record.get("meta"))
    known = fields.metadata(about if isinstance(about, Mapping) else {}, "source", "license")
    yield Conversation(messages, license=known.pop("license", None), metadata=known)
