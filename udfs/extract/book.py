"""Extract a book from a text file: decode and clean it, remove what the library added.

Project Gutenberg's header and footer are removed by `udfs.extract.gutenberg`, Aozora Bunko's notation by
`udfs.extract.aozora`. Books of other sources are decoded and cleaned only.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from udfs.extract import aozora, encoding, gutenberg, gutenberg_header
from udfs.extract.errors import ExtractionError
from udfs.extract.gutenberg_header import Header
from udfs.extract.gutenberg_notes import NEAR_ENDS
from udfs.extract.gutenberg_notices import without_notices

NOT_TEXT = "not-text"
EMPTY = "empty"

# C0 controls other than white space, ^Z (which ended files of CP/M and DOS) and ISO 2022's shifts
_CONTROL_BYTES = bytes({*range(32), 127} - {*b"\t\n\v\f\r\x1a\x1b\x0e\x0f"})
_MAX_CONTROLS = 0.02  # as a share of bytes; compressed data have 0.08
_MAX_UNDECODABLE = 0.1  # as a share of characters
_OTHER_FORMATS = (b"%PDF-", b"PK\x03\x04", b"{\\rtf", b"\xd0\xcf\x11\xe0")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_LABEL = re.compile(rb"^Character set encoding:[ \t]*([A-Za-z0-9_.:\-]{2,40})", re.MULTILINE)
_LABEL_WITHIN = NEAR_ENDS  # bytes from the file's start
# Project Gutenberg's older files have no label and are in Latin-1; a detector often misses that, since
# they have few accents
_UNLABELLED = "ISO-8859-1"
_PROJECT = b"Project Gutenberg"
_NON_ASCII_BYTES = bytes(range(128, 256))
_MAX_ACCENTS = 0.1  # as a share of bytes; text of other scripts has 0.5 and more
_SURROGATES = re.compile("[\ud800-\udfff]")
_CRLF = re.compile(rb"\r\r?\n")  # the second form is a CR LF that was converted twice
# in UTF-8: line ends, and control characters of ASCII and beyond
_TO_LINE_FEED = bytes.maketrans(b"\r\v\f", b"\n\n\n")
_CONTROLS = bytes({*range(32), 127} - {*b"\t\n\v\f\r"})
_WIDE_LINE_ENDS = tuple(line_end.encode() for line_end in ("\x85", "\u2028", "\u2029"))
_WIDE_CONTROL = re.compile(rb"\xc2[\x80-\x9f]")
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"


class Book(NamedTuple):
    """The text of a book.

    Attributes
    ----------
    encoding
        The encoding of its bytes; None for a book given as text.
    header
        The metadata of the header that was removed; None without a header.
    stripped
        Whether a header or a footer was removed.
    has_markers
        Whether the file has markers of a header or a footer. Where they enclose no book, the text is
        kept whole.
    """

    text: str
    encoding: str | None
    header: Header | None
    stripped: bool
    has_markers: bool


def from_bytes(content: bytes) -> Book:
    """Return the book in a text file.

    The encoding is the first of these that applies: the byte order mark's; UTF-8, if the bytes are
    valid; the one named by the header of a Project Gutenberg file; Latin-1, for such a file with few
    bytes beyond ASCII; the one detected from the bytes; windows-1252. Latin-1 is decoded as its
    superset windows-1252.

    Raises
    ------
    ExtractionError
        `not-text`: the file has another format, or binary data.
    """
    _check_bytes(content)
    label = _label(content)
    text, name = encoding.decode(content, label and f"text/plain; charset={label}")
    undecodable = text.count(_REPLACEMENT)
    if undecodable > _MAX_UNDECODABLE * len(text):
        raise ExtractionError(
            NOT_TEXT, f"{undecodable} of {len(text)} characters are not valid in any encoding"
        )
    return from_text(text)._replace(encoding=name)


def from_text(text: str) -> Book:
    """Return the book in a decoded text, after `clean`."""
    text = clean(text)
    if aozora.is_book(text):
        header, body = aozora.parse(text)
        return Book(_trimmed(body), None, header, stripped=True, has_markers=True)
    parts = gutenberg.split(text)
    metadata = gutenberg_header.parse(parts.header) if parts.header else None
    stripped = bool(parts.header or parts.footer)
    body = parts.body
    if stripped or not parts.has_markers:
        body = without_notices(gutenberg.without_inner_markers(body))
    return Book(_trimmed(body), None, metadata, stripped, parts.has_markers)


def clean(text: str) -> str:
    """Return a text with line feeds for all line ends, form feeds and line separators.

    Control characters and a byte order mark are deleted; lone surrogates become U+FFFD.
    """
    text = text.removeprefix(_BYTE_ORDER_MARK)
    try:
        content = text.encode()
    except UnicodeEncodeError:
        content = _SURROGATES.sub(_REPLACEMENT, text).encode()
    # one `bytes.translate` does most of the work
    deleted = _CONTROLS
    if content.count(b"\r") == content.count(b"\r\n"):
        deleted += b"\r"
    else:
        content = _CRLF.sub(b"\n", content)
    content = content.translate(_TO_LINE_FEED, deleted)
    if not content.isascii():
        for line_end in _WIDE_LINE_ENDS:
            content = content.replace(line_end, b"\n")
        content = _WIDE_CONTROL.sub(b"", content)
    return content.decode()


def _label(content: bytes) -> str | None:
    """Return the encoding that a Project Gutenberg header names or implies."""
    head = content[:_LABEL_WITHIN]
    label = _LABEL.search(head.replace(b"\r", b"\n"))
    if label:
        return label[1].decode("ascii")
    if _PROJECT not in head or content.isascii():
        return None
    accents = len(content) - len(content.translate(None, _NON_ASCII_BYTES))
    return _UNLABELLED if accents <= _MAX_ACCENTS * len(content) else None


def _check_bytes(content: bytes) -> None:
    """Raise `not-text` for the start of another format and for binary data."""
    if content.startswith(_OTHER_FORMATS):
        raise ExtractionError(
            NOT_TEXT, f"the file starts with the signature of another format: {content[:5]!r}"
        )
    if content.startswith(_UTF16):
        return
    controls = len(content) - len(content.translate(None, _CONTROL_BYTES))
    if controls > _MAX_CONTROLS * len(content):
        raise ExtractionError(
            NOT_TEXT, f"{controls} of {len(content)} bytes are control characters"
        )


def _trimmed(text: str) -> str:
    """Return a text without leading and trailing blank lines; the first line keeps its indent."""
    text = text.rstrip()
    first_character = len(text) - len(text.lstrip())
    return text[text.rfind("\n", 0, first_character) + 1 :]
