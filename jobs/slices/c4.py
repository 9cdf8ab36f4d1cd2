"""C4: JSON lines of allenai/c4, multilingual or not, and the same as RedPajama-V1 wrote them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jobs.slices.names import domain, hashed_name
from jobs.slices.outcome_batches import Counted, Document, Outcome, Quarantined
from jobs.slices.slice import Slice
from jobs.sources import lines
from jobs.sources.splits import Piece, Split
from jobs.sources.warc_rows import target_url, utc_date
from jobs.storage import ObjectInfo
from schemas.slices import C4Config
from udfs.extract import json_line
from udfs.extract.c4 import fields, language_of, variant_of
from udfs.extract.errors import ExtractionError

NAME = "c4"
EMPTY = "empty"


class C4(Slice[C4Config]):
    """One line a page.

    A page's name is a hash of file, offset, URL and date, since C4 has no other. Its licence is
    null: ODC-By, under which C4 is given away, is the database's and leaves the rights in the
    pages as they are.
    """

    name = NAME

    def snapshot(self, uri: str) -> str | None:
        """Return the variant that a file's folder names."""
        return variant_of(uri)

    def splits(self, objects: Sequence[ObjectInfo], config: C4Config) -> list[Split]:
        """Return compressed files whole, runs of plain ones."""
        return lines.plan(objects)

    def outcomes(self, piece: Piece, config: C4Config) -> Iterator[Outcome]:
        """Yield what became of each line of a file."""
        language = config.language or language_of(piece.uri.rpartition("/")[2])
        for offset, line, fault in lines.line_bytes(piece, config.max_record_bytes):
            if fault:
                message = " ".join(fault.message.split())
                yield Quarantined(piece.uri, offset, "read", fault.error, message)
            elif line.strip():
                yield _outcome(piece.uri, offset, line, config.language, language)


def _outcome(
    uri: str, offset: int, line: bytes, ordered: str | None, language: str | None
) -> Outcome:
    """Return what becomes of a line; its language is the ordered one, its own, or the file's."""
    try:
        text, url, timestamp, own = fields(json_line.parse(line))
    except ExtractionError as error:
        return Quarantined(uri, offset, "parse", error.error, error.message)
    if not text or text.isspace():
        return Counted(uri, EMPTY)
    url, date = target_url(url), utc_date(timestamp)
    spoken = ordered or own or language
    return Document(
        f"{NAME}/{hashed_name(uri, offset, url, date)}",
        text,
        uri,
        offset,
        url,
        date=date,
        source_domain=domain(url) if url else None,
        metadata={"language": spoken} if spoken else None,
    )


SLICE = C4()
