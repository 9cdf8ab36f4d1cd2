"""C4: JSON lines of allenai/c4, English or multilingual, also in RedPajama-V1's form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from jobs.slices.document_columns import Documents
from jobs.slices.names import domain, hashed_name, hashed_names
from jobs.slices.outcome_batches import Dropped, Outcome, Quarantined
from jobs.slices.raw import lines as raw_lines
from jobs.slices.raw.record import Place, RawRecord
from jobs.slices.slice import Slice
from jobs.slices.traits import Llama, Traits
from jobs.sources import lines
from jobs.sources.faults import Fault
from jobs.sources.splits import ByteRange, Split
from jobs.sources.warc_rows import target_url, utc_date
from jobs.storage import ObjectInfo
from schemas.settings.ingest import C4Config
from udfs.extract import json_line
from udfs.extract.c4 import fields, language_of, variant_of
from udfs.extract.c4_lines import Pages, plain_pages
from udfs.extract.errors import ExtractionError
from udfs.formats import redpajama_v1

NAME = "c4"
EMPTY = "empty"


class C4(Slice[C4Config]):
    """One page per line.

    A page's name is a hash of file, offset, URL and date, since C4 has no names. Its licence is null:
    C4's licence, ODC-By, is that of the database and does not cover the rights in the pages.
    """

    config = C4Config
    traits = Traits(llama=Llama(15.0, 1.06), v1_meta=redpajama_v1.c4)

    def snapshot(self, uri: str) -> str | None:
        """Return the variant that a file's folder names."""
        return variant_of(uri)

    def splits(self, objects: Sequence[ObjectInfo], config: C4Config) -> list[Split]:
        """Return compressed files whole, and byte ranges of plain ones."""
        return lines.plan(objects)

    def outcomes(self, byte_range: ByteRange, config: C4Config) -> Iterator[Outcome]:
        """Yield the outcome of each line of a file, the pages of a block of lines together."""
        language = config.language or language_of(byte_range.uri.rpartition("/")[2])
        for block in lines.line_blocks(byte_range, config.max_record_bytes):
            if isinstance(block, Fault):
                yield Quarantined.unread(byte_range.uri, block.offset, block)
                continue
            plain = plain_pages(block.lines)
            if plain:
                yield _documents(byte_range.uri, block.offsets, plain, config.language, language)
                continue
            pages: list[_Page] = []
            for offset, line in zip(*block, strict=True):
                if line is None:
                    fault = lines.too_long(config.max_record_bytes)
                    yield Quarantined.unread(byte_range.uri, offset, fault)
                elif line.strip():
                    try:
                        page = _page(offset, lines.without_end(line))
                    except ExtractionError as error:
                        yield Quarantined(
                            byte_range.uri, offset, "parse", error.error, error.message
                        )
                    else:
                        if page:
                            pages.append(page)
                        else:
                            yield Dropped(byte_range.uri, EMPTY)
            if pages:
                offsets, *columns = zip(*pages, strict=True)
                yield _documents(
                    byte_range.uri, offsets, Pages(*columns), config.language, language
                )

    def raw_record(self, place: Place) -> RawRecord:
        """Return the line of JSON of a page."""

        def id_of(record: dict[str, Any], line: bytes) -> str:
            _, url, timestamp, _ = fields(record)
            name = hashed_name(place.uri, place.offset, target_url(url), utc_date(timestamp))
            return f"{NAME}/{name}"

        return raw_lines.read(place, id_of, "text")


# offset, text in UTF-8 and its length, URL, timestamp and language
_Page = tuple[int, bytes, int, str | None, str | None, str | None]


def _page(offset: int, line: bytes) -> _Page | None:
    """Return the page of a line; None for a page without text."""
    text, url, timestamp, language = fields(json_line.parse(line))
    content = text.encode("utf-8", "replace")
    if b"\0" in content:
        text, content = text.replace("\0", ""), content.replace(b"\0", b"")
    if not text or text.isspace():
        return None
    return offset, content, len(text), url, timestamp, language


def _documents(
    uri: str, offsets: Sequence[int], pages: Pages, configured: str | None, language: str | None
) -> Documents:
    """Return the documents of pages; arguments as `_metadata`'s."""
    addresses = _addresses(pages.urls)
    dates = [utc_date(timestamp) for timestamp in pages.timestamps]
    names = hashed_names(uri, offsets, addresses, dates)
    return Documents(
        pages.contents,
        pages.lengths,
        {
            "id": [f"{NAME}/{name}" for name in names],
            "uri": [uri] * len(offsets),
            "offset": offsets,
            "url": addresses,
            "date": dates,
            "source_domain": [domain(url) if url else None for url in addresses],
            "metadata": _metadata(pages.languages, configured, language),
        },
    )


def _addresses(urls: Sequence[str | None]) -> Sequence[str | None]:
    """Return `target_url` of each URL; URLs that need no change are recognised all at once."""
    if all(urls):
        joined = "".join(urls)  # type: ignore[arg-type]
        if joined.isprintable() and " " not in joined and "<" not in joined:
            return urls
    return [target_url(url) for url in urls]


def _metadata(
    recorded: Sequence[str | None], configured: str | None, language: str | None
) -> list[dict[str, str] | None]:
    """Return the metadata of pages: the configured language, else the page's own, else the file's."""
    metadata = {
        code: {"language": code} if code else None for code in {*recorded, configured, language}
    }
    return [metadata[configured or code or language] for code in recorded]


SLICE = C4()
