"""A slice of one set of conversations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jobs.slices.chat import raw, records
from jobs.slices.chat.documents import document
from jobs.slices.chat.records import Record
from jobs.slices.outcome_batches import Dropped, Outcome, Quarantined
from jobs.slices.raw.record import Place, RawRecord
from jobs.slices.slice import Slice
from jobs.sources import lines, splits
from jobs.sources.splits import ByteRange, Split
from jobs.storage import ObjectInfo
from schemas.settings.ingest_chat import ChatConfig
from udfs.chat.conversation import Conversation, Left
from udfs.extract.errors import ExtractionError
from udfs.extract.time_limit import Limited

Read = Callable[[Mapping[str, Any]], Iterable[Conversation | Left]]
"""Returns the conversations of a record; raises ExtractionError for one that is broken."""


@dataclass(frozen=True)
class ChatSet(Slice[ChatConfig]):
    """A set whose records are independent of each other.

    Attributes
    ----------
    config
        Its settings.
    conversations
        Its reader.
    columns
        Columns of Parquet to read, and of JSON those that a trace may show.
    needed
        Columns without which a Parquet file is not of this set.
    license
        The set's licence in SPDX, for records that name none; None where it has no single one.
    """

    config: type[ChatConfig]
    conversations: Read
    columns: Sequence[str]
    needed: Sequence[str]
    license: str | None = None

    def splits(self, objects: Sequence[ObjectInfo], config: ChatConfig) -> list[Split]:
        """Return byte ranges of Parquet and plain files, and compressed files whole."""
        parquet = [info for info in objects if records.named_parquet(info.uri)]
        others = [info for info in objects if not records.named_parquet(info.uri)]
        return [*splits.ranges(parquet), *lines.plan(others)]

    def outcomes(self, byte_range: ByteRange, config: ChatConfig) -> Iterator[Outcome]:
        """Yield the outcomes of each record of a file."""
        read = records.read(byte_range, self.columns, self.needed, config.max_record_bytes)
        for record in read:
            unusable = unusable_record(byte_range.uri, record)
            if unusable:
                yield unusable
                continue
            yield from self._outcomes(record, byte_range.uri, config)

    def _outcomes(self, record: Record, uri: str, config: ChatConfig) -> Iterator[Outcome]:
        try:
            with Limited():
                items = list(self.conversations(record.values or {}))
        except ExtractionError as error:
            yield Quarantined(uri, record.offset, "extract", error.error, error.message)
            return
        number = 0
        for item in items:
            if isinstance(item, Left):
                yield Dropped(uri, item.reason, item.n)
                continue
            yield document(item, self.name, uri, record.offset, number, self.license_of(config))
            number += 1

    def license_of(self, config: ChatConfig) -> str | None:
        """Return the licence of documents whose record names none."""
        return config.license or self.license

    def raw_record(self, place: Place) -> RawRecord:
        """Return the record that a conversation was made from, and its last message."""

        def made(record: Record) -> Iterator[Conversation]:
            items = self.conversations(record.values or {})
            return (item for item in items if isinstance(item, Conversation))

        return raw.read(place, made, self.columns)


def unusable_record(uri: str, record: Record) -> Quarantined | None:
    """Return the outcome of a record that could not be read or parsed; None for another one."""
    if record.unread:
        return Quarantined.unread(uri, record.offset, record.unread)
    if record.broken:
        error = record.broken
        return Quarantined(uri, record.offset, "parse", error.error, error.message)
    return None
