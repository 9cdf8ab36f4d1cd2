"""The raw record of a conversation: a line, an element of an array or a row, and the message in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import orjson

from jobs.slices.chat import records
from jobs.slices.chat.documents import name_of
from jobs.slices.chat.records import Record
from jobs.slices.raw import lines as raw_lines
from jobs.slices.raw import parquet as raw_parquet
from jobs.slices.raw import streams
from jobs.slices.raw.record import BEGINNING, Pairs, Place, RawRecord, RecordNotFound, in_memory
from jobs.sources import json_array
from udfs.chat.conversation import Conversation, Message
from udfs.extract import json_line
from udfs.extract.errors import ExtractionError

Made = Callable[[Record], Iterable[Conversation]]
"""Returns the conversations that a record makes."""


def read(place: Place, conversations_of: Made, columns: Sequence[str]) -> RawRecord:
    """Return the record at a place, whose headers have its fields and its last message's.

    Raises
    ------
    RecordNotFound
        The place has another record, or none.
    """
    form = records.kind(place.uri)
    if form == records.PARQUET:
        row = raw_parquet.row_at(place)
        values = {name: value for name, value in row.items() if name in columns}
        content, notes = orjson.dumps(row, default=str), [raw_parquet.NOTE]
    else:
        packed = streams.packing(place.uri)
        chunks = streams.from_byte(place.uri, place.offset, packed, place.report)
        if form == records.ARRAY:
            element = json_array.element_at(chunks, place.max_bytes)
            if element is None:
                raise RecordNotFound("no element of the array begins there")
            content = element
        else:
            content = raw_lines.line_at(chunks, place)
        notes = streams.read_to(place.offset, packed)
    try:
        if form != records.PARQUET:
            values = json_line.parse(content)
        conversation = _conversation(place, conversations_of, Record(place.offset, values))
    except ExtractionError as error:
        raise RecordNotFound(f"the record there cannot be used: {error.message}") from error
    return RawRecord(
        form,
        len(content),
        {"record": list(raw_lines.pairs(values)), "message": _pairs(conversation.messages[-1])},
        conversation.messages[-1].content[:BEGINNING],
        in_memory(content),
        notes,
    )


def _conversation(place: Place, conversations_of: Made, record: Record) -> Conversation:
    for number, conversation in enumerate(conversations_of(record)):
        name = name_of(conversation, place.uri, place.offset, number)
        if f"{place.slice}/{name}" == place.id:
            return conversation
    raise RecordNotFound(f"the record there makes no {place.id}")


def _pairs(message: Message) -> Pairs:
    fields = message._asdict().items()
    return [(name, raw_lines.shortened(value)) for name, value in fields if value is not None]
