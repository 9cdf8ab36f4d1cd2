"""CSV files with a header: a document per row, its text in one column, its address in `url`."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from jobs.slices.names import domain, hashed_name
from jobs.slices.outcome_batches import Document, Dropped, Outcome, Quarantined
from jobs.slices.raw.record import Place, RawRecord, RecordNotFound, in_memory
from jobs.slices.slice import Slice
from jobs.sources.faults import Fault
from jobs.sources.splits import ByteRange
from jobs.sources.text_files import read_whole
from schemas.settings.ingest import IngestConfig
from schemas.settings.options import option


@dataclass(frozen=True)
class CsvTextConfig(IngestConfig):
    """CSV files with a header, a document per row."""

    slice: ClassVar[str] = "csv_text"

    text_column: str = option("text", "column of the text", metavar="NAME")


class CsvText(Slice[CsvTextConfig]):
    """One task per file; a row's number is its offset."""

    config = CsvTextConfig

    def outcomes(self, byte_range: ByteRange, config: CsvTextConfig) -> Iterator[Outcome]:
        """Yield the outcome of each row of a file."""
        try:
            rows = _rows(byte_range.uri, config.max_record_bytes)
        except Fault as fault:
            yield Quarantined.unread(byte_range.uri, 0, fault)
            return
        for number, row in enumerate(rows):
            text = row.get(config.text_column) or ""
            if not text.strip():
                yield Dropped(byte_range.uri, "empty")
                continue
            url = row.get("url") or None
            yield Document(
                id=_id(byte_range.uri, number),
                text=text,
                uri=byte_range.uri,
                offset=number,
                url=url,
                source_domain=domain(url) if url else None,
            )

    def raw_record(self, place: Place) -> RawRecord:
        """Return the row of a document."""
        rows = _rows(place.uri, place.max_bytes)
        if place.offset >= len(rows) or _id(place.uri, place.offset) != place.id:
            raise RecordNotFound(f"the file has no row {place.offset} of this document")
        row = rows[place.offset]
        content = ",".join(map(str, row.values())).encode()
        return RawRecord(
            "row of CSV", len(content), {"row": [*row.items()]}, "", in_memory(content)
        )


def _rows(uri: str, max_bytes: int) -> list[dict[str, Any]]:
    content = read_whole(uri, max_bytes).decode("utf-8", "replace")
    return list(csv.DictReader(io.StringIO(content)))


def _id(uri: str, number: int) -> str:
    return f"{CsvTextConfig.slice}/{hashed_name(uri, number)}"


SLICE = CsvText()
