"""Books: text, HTML and EPUB files, one per book, also Project Gutenberg's, and JSON lines in PG19's form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from jobs.slices.names import domain, hashed_name
from jobs.slices.outcome_batches import Document, Dropped, Outcome, Quarantined
from jobs.slices.raw import lines as raw_lines
from jobs.slices.raw import text_file as raw_text_file
from jobs.slices.raw.record import Place, RawRecord
from jobs.slices.slice import Slice
from jobs.slices.traits import Llama, Traits
from jobs.sources import lines, splits
from jobs.sources.faults import Fault
from jobs.sources.splits import ByteRange, Split
from jobs.sources.text_files import read_whole
from jobs.storage import ObjectInfo
from schemas.settings.ingest import BooksConfig
from udfs.extract import book, book_formats, json_line
from udfs.extract.book import EMPTY, Book
from udfs.extract.errors import ExtractionError
from udfs.extract.time_limit import Limited
from udfs.formats import redpajama_v1

NAME = "books"
PUBLIC_DOMAIN = "LicenseRef-US-Public-Domain"
NO_TEXT = "no-text"
_PACKED = r"(?:\.(?:gz|bz2|xz|zst))?"
_TEXT_NAME = re.compile(rf"\.(?:txt|text){_PACKED}$", re.IGNORECASE)
_LINES_NAME = re.compile(rf"\.(?:jsonl|ndjson|json){_PACKED}$", re.IGNORECASE)
_GUTENBERG_URL = re.compile(
    r"^https?://(?:www\.)?gutenberg\.org/(?:ebooks|etext|files)/(\d+)(?!\d)", re.IGNORECASE
)
_ISO_DATE = re.compile(r"[12]\d{3}(?:-\d\d(?:-\d\d)?)?")


class Books(Slice[BooksConfig]):
    """One book per text file or per line of JSON, by the ending of the file's name."""

    config = BooksConfig
    traits = Traits(
        simhash=True, llama=Llama(4.5, 2.23), v1_subset="book", v1_meta=redpajama_v1.books
    )

    def chosen(
        self, objects: Sequence[ObjectInfo], config: BooksConfig
    ) -> tuple[list[ObjectInfo], dict[str, list[str]]]:
        """Return the books and files of JSON lines; the others by their kind."""
        chosen: list[ObjectInfo] = []
        left_out: dict[str, list[str]] = {}
        for info in objects:
            if _is_book(info.uri) or _LINES_NAME.search(_path(info.uri)):
                chosen.append(info)
            else:
                reason = "their names are not .txt, .html, .epub or .jsonl"
                left_out.setdefault(reason, []).append(info.uri)
        return chosen, left_out

    def splits(self, objects: Sequence[ObjectInfo], config: BooksConfig) -> list[Split]:
        """Return splits of text files, small ones together, and byte ranges of JSON lines."""
        texts = [info for info in objects if _is_book(info.uri)]
        line_files = [info for info in objects if not _is_book(info.uri)]
        return [*splits.whole(texts, pack=splits.SPLIT_BYTES), *lines.plan(line_files)]

    def outcomes(self, byte_range: ByteRange, config: BooksConfig) -> Iterator[Outcome]:
        """Yield the outcome of a text file, or of each line."""
        if _is_book(byte_range.uri):
            yield text_file(byte_range.uri, config.max_record_bytes)
            return
        for offset, line, fault in lines.line_bytes(byte_range, config.max_record_bytes):
            if fault:
                yield Quarantined.unread(byte_range.uri, offset, fault)
            elif line.strip():
                yield json_book(byte_range.uri, offset, line)

    def raw_record(self, place: Place) -> RawRecord:
        """Return the text file of a book, or its line of JSON."""
        if place.id == f"{NAME}/{file_name(place.uri)}":
            return raw_text_file.read(place)

        def id_of(record: Mapping[str, Any], line: bytes) -> str:
            return getattr(json_book(place.uri, place.offset, line), "id", "no book")

        return raw_lines.read(place, id_of, "text")


def text_file(uri: str, max_bytes: int) -> Outcome:
    """Return the outcome of a text, HTML or EPUB file."""
    try:
        content = read_whole(uri, max_bytes)
        with Limited():
            parsed = book_formats.read(_path(uri), content, max_bytes)
    except Fault as fault:
        return Quarantined.unread(uri, 0, fault)
    except ExtractionError as error:
        return Quarantined(uri, 0, "extract", error.error, error.message)
    if not parsed.text:
        return Dropped(uri, EMPTY)
    header = parsed.header
    url = header and header.number and gutenberg_url(header.number)
    return Document(
        id=f"{NAME}/{file_name(uri)}",
        text=parsed.text,
        uri=uri,
        offset=0,
        url=url,
        title=header and header.title,
        date=header and header.released,
        license=PUBLIC_DOMAIN if header and header.public_domain else None,
        metadata=_metadata(parsed),
        source_domain=domain(url) if url else None,
    )


def json_book(uri: str, offset: int, line: bytes) -> Outcome:
    """Return the outcome of a line: an object with `text`, and other fields next to it or in `meta`.

    The other fields are PG19's: `short_book_title` (or `title`), `publication_date` and `url`.
    """
    try:
        record = json_line.parse(line)
        text = record.get("text")
        if not isinstance(text, str):
            return Quarantined(uri, offset, "parse", NO_TEXT, "the object has no text")
        with Limited():
            parsed = book.from_text(text)
    except ExtractionError as error:
        return Quarantined(uri, offset, "parse", error.error, error.message)
    if not parsed.text:
        return Dropped(uri, EMPTY)
    meta = record.get("meta")
    fields = meta if isinstance(meta, dict) else record
    header = parsed.header
    url = _field(fields, "url")
    number = url and _GUTENBERG_URL.match(url)
    pg19 = number and number[1]
    free = header.public_domain if header else bool(pg19)
    return Document(
        id=f"{NAME}/pg19/{pg19}" if pg19 else f"{NAME}/{hashed_name(uri, offset, url)}",
        text=parsed.text,
        uri=uri,
        offset=offset,
        url=gutenberg_url(pg19) if pg19 else url,
        title=_field(fields, "short_book_title")
        or _field(fields, "title")
        or (header and header.title),
        date=_date(fields) or (header and header.released),
        license=PUBLIC_DOMAIN if free else None,
        metadata=_metadata(parsed, pg19),
        source_domain=domain(url) if url else None,
    )


def file_name(uri: str) -> str:
    """Return a text file's folder and name without `.txt`; a compressed file's name is unchanged.

    So `a.txt` and `a.txt.gz` in one folder are two books, until dedup compares their texts.

    >>> file_name("s3://bucket/books/84/frank10.txt"), file_name("/84/frank10.txt.gz")
    ('84/frank10', '84/frank10.txt.gz')
    """
    folder, _, name = _path(uri).rpartition("/")
    return f"{folder.rpartition('/')[2]}/{name.removesuffix('.txt')}".lstrip("/")


def gutenberg_url(number: str) -> str:
    """Return the address of a book's page."""
    return f"https://www.gutenberg.org/ebooks/{number}"


def _is_book(uri: str) -> bool:
    """Return whether a file is one book, by its name: text, HTML or EPUB."""
    path = _path(uri)
    return _TEXT_NAME.search(path) is not None or book_formats.is_formatted(path)


def _path(uri: str) -> str:
    """Return an address without the query of a URL."""
    if not uri.startswith(("http://", "https://")):
        return uri
    return unquote(uri.partition("?")[0])


def _field(fields: Mapping[str, Any], name: str) -> str | None:
    value = fields.get(name)
    if not isinstance(value, str):
        return None
    return " ".join(book.clean(value).split()) or None


def _date(fields: Mapping[str, Any]) -> str | None:
    """Return the date of publication: a year, as a number or a text, or a date in ISO 8601."""
    value = fields.get("publication_date")
    if not isinstance(value, int | str) or isinstance(value, bool):
        return None
    date = str(value).strip()
    return date if _ISO_DATE.fullmatch(date) else None


def _metadata(parsed: Book, number: str | None = None) -> dict[str, str]:
    header = parsed.header
    fields = {
        "author": header and header.author,
        "gutenberg_id": number or (header and header.number),
        "language": header and header.language,
        "charset": parsed.encoding,
        "boilerplate": "removed" if parsed.stripped else "kept" if parsed.has_markers else None,
    }
    return {name: value for name, value in fields.items() if value}


SLICE = Books()
