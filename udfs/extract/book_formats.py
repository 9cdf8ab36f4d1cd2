"""Read books in HTML and EPUB: their text, a line a paragraph, and what an EPUB says of itself."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from typing import Any, NamedTuple
from urllib.parse import unquote

from lxml import etree

from udfs.extract import book, html
from udfs.extract.book import Book
from udfs.extract.errors import ExtractionError
from udfs.extract.gutenberg_header import Header

BROKEN_EPUB = "broken-epub"
TOO_LARGE = "record-too-large"
_PACKED = r"(?:\.(?:gz|bz2|xz|zst))?"
_HTML_NAME = re.compile(rf"\.x?html?{_PACKED}$", re.IGNORECASE)
_EPUB_NAME = re.compile(r"\.epub$", re.IGNORECASE)
_CONTAINER = "META-INF/container.xml"
_DOCUMENT = "application/xhtml+xml"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
_DATE = re.compile(r"[12]\d{3}(?:-\d\d(?:-\d\d)?)?")


class FormattedBook(NamedTuple):
    """The text of a book in HTML or EPUB; the other values are None where the file lacks them.

    Attributes
    ----------
    encoding
        The encoding of an HTML file.
    """

    text: str
    encoding: str | None = None
    title: str | None = None
    author: str | None = None
    language: str | None = None
    date: str | None = None


def is_formatted(path: str) -> bool:
    """Return whether a file is HTML or EPUB, by its name."""
    return bool(_HTML_NAME.search(path) or _EPUB_NAME.search(path))


def read(path: str, content: bytes, max_bytes: int) -> Book:
    """Return the book in a text, HTML or EPUB file, by its name, without what a library added.

    Raises
    ------
    ExtractionError
        As `udfs.extract.book.from_bytes`, `from_html` and `from_epub`.
    """
    if _EPUB_NAME.search(path):
        formatted = from_epub(content, max_bytes)
    elif _HTML_NAME.search(path):
        formatted = from_html(content)
    else:
        return book.from_bytes(content)
    parsed = book.from_text(formatted.text)
    header = parsed.header or Header(
        formatted.title, formatted.author, formatted.language, formatted.date, None, False
    )
    return parsed._replace(encoding=formatted.encoding, header=header)


def from_html(content: bytes) -> FormattedBook:
    """Return the book in an HTML file.

    Raises
    ------
    ExtractionError
        The page cannot be read, as `udfs.extract.html.extract` says.
    """
    page = html.extract(content, None, extractor="body")
    return FormattedBook(page.text, page.encoding, page.title)


def from_epub(content: bytes, max_bytes: int) -> FormattedBook:
    """Return the book in an EPUB file: its documents in the order of the spine, without the navigation.

    Raises
    ------
    ExtractionError
        `broken-epub`: it is no ZIP file, or lacks the list of its parts. `record-too-large`: its parts
        have more than `max_bytes` bytes. Or a part cannot be read.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = _Parts(archive, max_bytes)
            container: Any = etree.fromstring(parts.read(_CONTAINER), _PARSER)
            [path, *_] = container.xpath("//*[local-name()='rootfile']/@full-path")
            package: Any = etree.fromstring(parts.read(path), _PARSER)
            names = _spine(package, posixpath.dirname(path))
            texts = [html.extract(parts.read(name), None, extractor="body").text for name in names]
    except ExtractionError:
        raise
    except Exception as error:  # zipfile and lxml raise many types of exceptions for damaged files
        raise ExtractionError(BROKEN_EPUB, f"{type(error).__name__}: {error}") from error
    date = _DATE.match(_metadata(package, "date") or "")
    return FormattedBook(
        "\n\n".join(text for text in texts if text.strip()),
        title=_metadata(package, "title"),
        author=_metadata(package, "creator"),
        language=(_metadata(package, "language") or "").partition("-")[0].lower() or None,
        date=date and date[0],
    )


class _Parts:
    """Reads files of an archive, up to a number of bytes together."""

    def __init__(self, archive: zipfile.ZipFile, max_bytes: int) -> None:
        self._archive = archive
        self._remaining = max_bytes
        self._max_bytes = max_bytes

    def read(self, name: str) -> bytes:
        with self._archive.open(name) as file:
            content = file.read(self._remaining + 1)
        self._remaining -= len(content)
        if self._remaining < 0:
            raise ExtractionError(
                TOO_LARGE, f"the parts of the EPUB have more than {self._max_bytes} bytes"
            )
        return content


def _spine(package: Any, folder: str) -> list[str]:
    """Return the names of the documents in their order, each once."""
    items: dict[str, str] = {}
    for item in package.xpath("//*[local-name()='manifest']/*[local-name()='item']"):
        if (
            item.get("media-type") == _DOCUMENT
            and "nav" not in (item.get("properties") or "").split()
        ):
            path = unquote(item.get("href") or "")
            items[item.get("id")] = posixpath.normpath(posixpath.join(folder, path))
    order = package.xpath("//*[local-name()='spine']/*[local-name()='itemref']/@idref")
    return list(dict.fromkeys(items[name] for name in order if name in items))


def _metadata(package: Any, name: str) -> str | None:
    values: list[str] = package.xpath(
        f"//*[local-name()='metadata']/*[local-name()='{name}']/text()"
    )
    return " ".join(values[0].split()) or None if values else None
