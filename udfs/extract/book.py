"""A book from the bytes or the text of a dump: decoded, cleaned, without its library's parts."""

from __future__ import annotations

import re
from typing import NamedTuple

from udfs.extract import aozora, encoding, gutenberg, gutenberg_header
from udfs.extract.errors import ExtractionError
from udfs.extract.gutenberg_header import Header

NOT_TEXT = "not-text"
EMPTY = "empty"

# C0 but for white space, ^Z (which ended files of CP/M and DOS), and the shifts of ISO 2022
_CONTROL_BYTES = bytes({*range(32), 127} - {*b"\t\n\v\f\r\x1a\x1b\x0e\x0f"})
_MOST_CONTROLS = 0.02  # share; compressed data have 8 %
_MOST_BAD = 0.1  # share of characters that no encoding explains
_OTHER_FORMATS = (b"%PDF-", b"PK\x03\x04", b"{\\rtf", b"\xd0\xcf\x11\xe0")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_LABEL = re.compile(rb"^Character set encoding:[ \t]*([A-Za-z0-9_.:\-]{2,40})", re.MULTILINE)
_LABEL_WITHIN = gutenberg.NEAR_ENDS  # bytes
# Project Gutenberg's files before labels: Latin-1, which a guess from a few accents often misses
_UNLABELLED = "ISO-8859-1"
_PROJECT = b"Project Gutenberg"
_BEYOND_ASCII = bytes(range(128, 256))
_MOST_ACCENTS = 0.1  # share of bytes; other scripts have half and more
_SURROGATES = re.compile("[\ud800-\udfff]")
_CRLF = re.compile(rb"\r\r?\n")  # or what is left where line ends were converted twice
# in UTF-8: what ends a line, and the control characters beyond ASCII
_TO_LINE_END = bytes.maketrans(b"\r\v\f", b"\n\n\n")
_DROPPED = bytes({*range(32), 127} - {*b"\t\n\v\f\r"})
_WIDE_LINE_ENDS = tuple(each.encode() for each in ("\x85", "\u2028", "\u2029"))
_WIDE_CONTROL = re.compile(rb"\xc2[\x80-\x9f]")
_BAD = "\N{REPLACEMENT CHARACTER}"
_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"  # a byte order mark


class Book(NamedTuple):
    """A book's text.

    Attributes
    ----------
    encoding
        What its bytes were decoded from; None where it came as text.
    header
        What the header said that was cut off; None where there was none.
    bare
        Whether a header or a footer was cut off.
    marked
        Whether there were markers, between which there may have been no book to cut out.
    """

    text: str
    encoding: str | None
    header: Header | None
    bare: bool
    marked: bool


def from_bytes(content: bytes) -> Book:
    """Return the book in a text file.

    The encoding is what a byte order mark says, else UTF-8 where the bytes are, else what the
    header of a Project Gutenberg file says, else Latin-1 for such a file that is nearly ASCII, else
    what the bytes look like, else windows-1252. Latin-1 is read as windows-1252, which contains it.

    Raises
    ------
    ExtractionError
        `not-text`: another format, or data.
    """
    _check_bytes(content)
    label = _label(content)
    text, name = encoding.decode(content, label and f"text/plain; charset={label}")
    bad = text.count(_BAD)
    if bad > _MOST_BAD * len(text):
        raise ExtractionError(NOT_TEXT, f"{bad} of {len(text)} characters are in no encoding")
    return from_text(text)._replace(encoding=name)


def from_text(text: str) -> Book:
    """Return the book in a text, cleaned as `clean` does; Aozora Bunko's as `aozora.parse` does."""
    text = clean(text)
    if aozora.is_book(text):
        said, body = aozora.parse(text)
        return Book(_trimmed(body), None, said, bare=True, marked=True)
    parts = gutenberg.split(text)
    header = gutenberg_header.parse(parts.header) if parts.header else None
    bare = bool(parts.header or parts.footer)
    return Book(_trimmed(parts.body), None, header, bare, parts.marked)


def clean(text: str) -> str:
    """Return a text whose line ends, form feeds and line separators are line feeds.

    Control characters and a byte order mark are left out, lone surrogates become U+FFFD.
    """
    text = text.removeprefix(_MARK)
    try:
        content = text.encode()
    except UnicodeEncodeError:
        content = _SURROGATES.sub(_BAD, text).encode()
    # bytes, since one pass over them does most of it
    dropped = _DROPPED
    if content.count(b"\r") == content.count(b"\r\n"):
        dropped += b"\r"
    else:
        content = _CRLF.sub(b"\n", content)
    content = content.translate(_TO_LINE_END, dropped)
    if not content.isascii():
        for each in _WIDE_LINE_ENDS:
            content = content.replace(each, b"\n")
        content = _WIDE_CONTROL.sub(b"", content)
    return content.decode()


def _label(content: bytes) -> str | None:
    """Return the encoding that a file's header says or implies."""
    head = content[:_LABEL_WITHIN]
    label = _LABEL.search(head.replace(b"\r", b"\n"))
    if label:
        return label[1].decode("ascii")
    if _PROJECT not in head or content.isascii():
        return None
    accents = len(content) - len(content.translate(None, _BEYOND_ASCII))
    return _UNLABELLED if accents <= _MOST_ACCENTS * len(content) else None


def _check_bytes(content: bytes) -> None:
    if content.startswith(_OTHER_FORMATS):
        raise ExtractionError(NOT_TEXT, f"it begins as another format: {content[:5]!r}")
    if content.startswith(_UTF16):
        return
    controls = len(content) - len(content.translate(None, _CONTROL_BYTES))
    if controls > _MOST_CONTROLS * len(content):
        raise ExtractionError(
            NOT_TEXT, f"{controls} of {len(content)} bytes are control characters"
        )


def _trimmed(text: str) -> str:
    """Return a text without blank lines before and behind; the first line keeps its indent."""
    text = text.rstrip()
    begin = len(text) - len(text.lstrip())
    return text[text.rfind("\n", 0, begin) + 1 :]
