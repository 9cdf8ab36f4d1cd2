"""Sets whose records have a list of messages: OpenAI's form, which the Hub has too, and ShareGPT's."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from udfs.chat import fields
from udfs.chat.conversation import ASSISTANT, SYSTEM, Conversation, Left, Message
from udfs.chat.roles import role_of
from udfs.extract.errors import ExtractionError
from udfs.extract.json_line import BAD_RECORD, storable

EMPTY = "empty"
NOT_TEXT = "not-text"

# further keys of OpenAI's messages, which an export in its form has again
_EXTRA = ("name", "tool_calls", "tool_call_id", "function_call", "refusal", "weight")
_LISTS = ("messages", "conversations", "conversation", "items")

Record = Mapping[str, Any]


def openai_messages(record: Record) -> Iterator[Conversation | Left]:
    """Yield the conversation of a record with `messages`, a list of role and content.

    Raises
    ------
    ExtractionError
        There is no such list, or a message in it has no role or content.
    """
    yield from _of_list(record, fields.listed(record, *_LISTS))


def sharegpt(record: Record) -> Iterator[Conversation | Left]:
    """Yield the conversation of a record of ShareGPT: `conversations`, a list of from and value.

    Raises
    ------
    ExtractionError
        As for `openai_messages`.
    """
    yield from _of_list(record, fields.listed(record, "conversations", *_LISTS))


def _of_list(record: Record, items: Sequence[Any]) -> Iterator[Conversation | Left]:
    if any(_is_other_media(item) for item in items):
        yield Left(NOT_TEXT)
        return
    messages = messages_of(items)
    system = storable(record.get("system", record.get("system_prompt")))
    if system and messages and messages[0].role != SYSTEM:
        messages.insert(0, Message(SYSTEM, system))
    if not any(message.content.strip() or message.extra for message in messages):
        yield Left(EMPTY)
        return
    known = fields.metadata(record, "source", "category", "model", conversation="id")
    license_ = storable(record.get("license"))
    yield Conversation(tuple(messages), license=license_, metadata=known)


def messages_of(items: Sequence[Any]) -> list[Message]:
    """Return the messages of a list in OpenAI's or ShareGPT's form.

    Raises
    ------
    ExtractionError
        `bad-record`: a message has no content, or is none; `unknown-role`.
    """
    return [_message(item) for item in items]


def _message(item: Any) -> Message:
    if not isinstance(item, Mapping):
        raise ExtractionError(BAD_RECORD, "a message is not an object")
    role = role_of(item["role"] if item.get("role") is not None else item.get("from"))
    extra = {key: item[key] for key in _EXTRA if item.get(key) is not None}
    content = item.get("content", item.get("value", item.get("text")))
    if content is None and role == ASSISTANT and extra:
        content = ""  # a call of tools alone
    if isinstance(content, list):
        content = "".join(_text_of(part) for part in content)
    text = storable(content)
    if text is None:
        raise ExtractionError(BAD_RECORD, "a message has no content")
    stored = json.dumps(extra, ensure_ascii=False, sort_keys=True, default=str) if extra else None
    return Message(role, text, extra=stored)


def _text_of(part: Any) -> str:
    if isinstance(part, Mapping):
        part = part.get("text")
    return part if isinstance(part, str) else ""


def _is_other_media(item: Any) -> bool:
    """Return whether a message has parts that are no text, as images."""
    content = item.get("content") if isinstance(item, Mapping) else None
    return isinstance(content, list) and any(
        isinstance(part, Mapping) and part.get("type", "text") not in ("text", "input_text")
        for part in content
    )
