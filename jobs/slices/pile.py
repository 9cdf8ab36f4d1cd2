"""The Pile: JSON lines with the name of one of its 22 sets, or of its deduplicated form with text alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jobs.slices.names import hashed_name
from jobs.slices.outcome_batches import Document, Dropped, Outcome, Quarantined
from jobs.slices.raw import lines as raw_lines
from jobs.slices.raw.record import Place, RawRecord
from jobs.slices.slice import Slice
from jobs.sources import lines
from jobs.sources.splits import ByteRange, Split
from jobs.storage import ObjectInfo
from schemas.settings.ingest_pile import WITHDRAWN, PileConfig
from udfs.extract import json_line
from udfs.extract.errors import ExtractionError

NAME = "pile"
EMPTY = "empty"

_NOT_IN_A_REASON = re.compile(r"[^a-z0-9]+")


class Pile(Slice[PileConfig]):
    """One document a line; `subset` in its metadata names the set.

    Its licence is null: each set has its own, and most hold documents of many owners.
    """

    config = PileConfig

    def splits(self, objects: Sequence[ObjectInfo], config: PileConfig) -> list[Split]:
        """Return compressed files whole, and byte ranges of plain ones."""
        return lines.plan(objects)

    def outcomes(self, byte_range: ByteRange, config: PileConfig) -> Iterator[Outcome]:
        """Yield the outcome of each line of a file."""
        uri = byte_range.uri
        for offset, line, fault in lines.line_bytes(byte_range, config.max_record_bytes):
            if fault:
                yield Quarantined.unread(uri, offset, fault)
            elif line.strip():
                try:
                    yield _outcome(json_line.parse(line), uri, offset, config.sets)
                except ExtractionError as error:
                    yield Quarantined(uri, offset, "parse", error.error, error.message)

    def raw_record(self, place: Place) -> RawRecord:
        """Return the line of JSON of a document."""
        return raw_lines.read(place, lambda *_: _id(place.uri, place.offset), "text")


def _id(uri: str, offset: int) -> str:
    return f"{NAME}/{hashed_name(uri, offset)}"


def _outcome(record: Mapping[str, Any], uri: str, offset: int, sets: Sequence[str]) -> Outcome:
    text = json_line.storable(record.get("text"))
    if text is None:
        return Quarantined(uri, offset, "parse", json_line.BAD_RECORD, "the record has no text")
    name = set_of(record)
    if name is not None and name not in sets:
        slug = _NOT_IN_A_REASON.sub("-", name.lower()).strip("-")
        reason = f"withdrawn-{slug}" if name in WITHDRAWN else f"set-{slug}"
        return Dropped(uri, reason)
    if not text.strip():
        return Dropped(uri, EMPTY)
    metadata = {"subset": name} if name else None
    return Document(_id(uri, offset), text, uri, offset, metadata=metadata)


def set_of(record: Mapping[str, Any]) -> str | None:
    """Return the set that a record names; None for the deduplicated Pile, which does not say.

    `meta` and its copies' `metadata` hold the name, some as a list of one.
    """
    about = record.get("meta", record.get("metadata"))
    name = about.get("pile_set_name") if isinstance(about, Mapping) else None
    if isinstance(name, list):
        name = name[0] if name else None
    return json_line.storable(name)


SLICE = Pile()
