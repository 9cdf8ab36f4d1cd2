"""The document of a conversation."""

from __future__ import annotations

from jobs.slices.names import hashed_name
from jobs.slices.outcome_batches import Document
from jobs.sources.warc_rows import utc_date
from udfs.chat.conversation import Conversation, Message, plain_text


def name_of(conversation: Conversation, uri: str, offset: int, number: int) -> str:
    """Return the name of a conversation in its slice.

    A set without names has the hash of file, offset and text: an id that is a number in one file would be
    another conversation's in the next, and files of many sets have one name.

    Parameters
    ----------
    offset, number
        Of the record in its file, and of the conversation in its record.
    """
    if conversation.key is not None:
        return conversation.key
    text = plain_text(message.content for message in conversation.messages)
    name = hashed_name(uri, offset, text)
    return f"{name}/{number}" if number else name


def document(
    conversation: Conversation,
    slice_: str,
    uri: str,
    offset: int,
    number: int,
    license_: str | None,
) -> Document:
    """Return the document of a conversation; its text holds the contents of all messages.

    Parameters
    ----------
    number
        Of the conversation in its record, from 0.
    license_
        The licence where the record names none.
    """
    name = name_of(conversation, uri, offset, number)
    messages = conversation.messages
    if conversation.key is None:  # ids of the set are unique, others only in their conversation
        messages = tuple(_below(name, message) for message in messages)
    return Document(
        id=f"{slice_}/{name}",
        text=plain_text(message.content for message in messages),
        uri=uri,
        offset=offset if conversation.offset is None else conversation.offset,
        date=utc_date(conversation.date),
        license=conversation.license or license_,
        metadata=dict(conversation.metadata) if conversation.metadata else None,
        messages=[message.to_row() for message in messages],
    )


def _below(name: str, message: Message) -> Message:
    if message.id is None:
        return message
    parent = None if message.parent is None else f"{name}/{message.parent}"
    return message._replace(id=f"{name}/{message.id}", parent=parent)
