"""C4: JSON lines of allenai/c4, multilingual or not, and the same as RedPajama-V1 wrote them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from jobs.slices.document_columns import Documents
from jobs.slices.names import domain, hashed_name, hashed_names
from jobs.slices.outcome_batches import Counted, Outcome, Quarantined
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
    """One line a page.

    A page's name is a hash of file, offset, URL and date, since C4 has no other. Its licence is
    null: ODC-By, under which C4 is given away, is the database's and leaves the rights in the
    pages as they are.
    """

    config = C4Config
    traits = Traits(llama=Llama(15.0, 1.06), v1_meta=redpajama_v1.c4)

    def snapshot(self, uri: str) -> str | None:
        """Return the variant that a file's folder names."""
        return variant_of(uri)

    def splits(self, objects: Sequence[ObjectInfo], config: C4Config) -> list[Split]:
        """Return compressed files whole, runs of plain ones."""
        return lines.plan(objects)

    def outcomes(self, byte_range: ByteRange, config: C4Config) -> Iterator[Outcome]:
        """Yield what became of each line of a file, the pages of a block of lines together."""
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
                            yield Counted(byte_range.uri, EMPTY)
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
    """Return what a line holds; None for a page without text."""
    text, url, timestamp, language = fields(json_line.parse(line))
    content = text.encode("utf-8", "replace")
    if b"\0" in content:
        text, content = text.replace("\0", ""), content.replace(b"\0", b"")
    if not text or text.isspace():
        return None
    return offset, content, len(text), url, timestamp, language


def _documents(
    uri: str, offsets: Sequence[int], pages: Pages, ordered: str | None, language: str | None
) -> Documents:
    """Return the documents of some pages, which come in columns."""
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
            "metadata": _metadata(pages.languages, ordered, language),
        },
    )


def _addresses(urls: Sequence[str | None]) -> Sequence[str | None]:
    """Return `target_url` of each; that nothing is to be done is cheap to see of all at once."""
    if all(urls):
        joined = "".join(urls)  # type: ignore[arg-type]
        if joined.isprintable() and " " not in joined and "<" not in joined:
            return urls
    return [target_url(url) for url in urls]


def _metadata(
    own: Sequence[str | None], ordered: str | None, language: str | None
) -> list[dict[str, str] | None]:
    """Return the metadata of pages by their languages: the ordered one, a page's own, or the file's."""
    made = {
        spoken: {"language": spoken} if spoken else None for spoken in {*own, ordered, language}
    }
    return [made[ordered or each or language] for each in own]


SLICE = C4()
