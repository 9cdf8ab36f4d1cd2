"""Split a Project Gutenberg file into header, book and footer.

Files have one of two forms. Since about 2002 a line `*** START OF THE PROJECT GUTENBERG EBOOK ... ***`
ends the header and `*** END OF ...` begins the footer, in many spellings. In older files the header ends
with the "small print", whose last line is `*END*THE SMALL PRINT! ...`, and the footer is a line such as
`End of Project Gutenberg's ...`. Header and footer are as long as a short story and differ between
editions: if they were kept, two editions of a book might not be found as near duplicates.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from udfs.extract.gutenberg_notes import NEAR_ENDS, notes_end, notes_start

_BOOK = r"(?:TH(?:E|IS)[ \t]+)?(?:COPYRIGHTED[ \t]+)?PROJECT[ \t]+GUTENBERG"
_PROJECT = r"(?:PROJE[CK]T|PROJET|PROYECTO|PROJETO|PROGETTO)"
_START = re.compile(
    rf"^[ \t]*(?:\*[* \t]*START[ \t]+OF[ \t]+{_BOOK}\b"
    rf"|START[ \t]+OF[ \t]+{_BOOK}[ \t]+E-?(?:BOOK|TEXT)\b)[^\n]*",
    re.IGNORECASE | re.MULTILINE,
)
_SMALL_PRINT_END = re.compile(
    r"^[ \t]*\*[* \t]*END[* \t]*(?:OF[ \t]+)?(?:THE[ \t]+)?SMALL[ \t]?PRINT[^\n]*",
    re.IGNORECASE | re.MULTILINE,
)
_END = re.compile(
    rf"^[ \t]*(?:\*[* \t]*END[ \t]+OF[ \t]+{_BOOK}\b"
    r"|[*_\[ \t]*(?:END|ENDE|FIN|FINE|FIM|EINDE|LOPPU|SLUT|KONIEC)\b:?"
    r"(?:[ \t]+[\w'\u2019-]+){0,6}"
    rf"[ \t]+{_PROJECT}[ \t]+GUTENBERG"
    r"|\*[* \t]*START:[ \t]*FULL[ \t]+LICENSE\b)",
    re.IGNORECASE | re.MULTILINE,
)
# lines of a header, one of which must precede the marker that ends it
_HEADER_SIGN = re.compile(
    r"^(?:Title|Author|Language|Release[ ]Date|Posting[ ]Date)[ \t]*:|\[e-?(?:text|book)[ \t]*\#"
    r"|for[ ]the[ ]use[ ]of[ ]anyone|should[ ]be[ ]named|SMALL[ ]PRINT"
    r"|^\W*(?:The[ ])?Project[ ]Gutenberg",
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
_SIGN_WITHIN = 5000  # characters
_LAST_LINES = 12  # a footer marker this near to the end of the file needs no sign after it


class Parts(NamedTuple):
    """A file in three parts, whose concatenation is the file.

    Attributes
    ----------
    has_markers
        Whether the file has markers, even if they enclose no book and everything is in `body`.
    """

    header: str
    body: str
    footer: str
    has_markers: bool


def split(text: str) -> Parts:
    """Return the header, book and footer of a text after `book.clean`.

    A marker must be at the start of a line, within `NEAR_ENDS` characters of the text's start or end,
    and have header or footer text on its other side, so that a book about Project Gutenberg is not
    cut. Credits ("Produced by ...") and notes right after the header belong to the header, and the
    transcriber's notes at the end to the footer. A text with nothing between its markers is all body.
    """
    start = _header_end(text)
    end = _footer_start(text, start)
    has_markers = start > 0 or end < len(text)
    if not text[start:end].strip():
        return Parts("", text, "", has_markers)
    last = notes_start(text, start, end)
    end = last if text[start:last].strip() else end
    return Parts(text[:start], text[start:end], text[end:], has_markers)


def _header_end(text: str) -> int:
    """Return the end of the header, with its credits; 0 without a header."""
    near = min(len(text), NEAR_ENDS)
    start = _marker_end(text, _START, 0, near)
    # newer headers and footers contain the small print too: a footer's comes after the book's end
    small_print_end = _marker_end(text, _SMALL_PRINT_END, start, near)
    if small_print_end and not _END.search(text, start, small_print_end):
        start = small_print_end
    return notes_end(text, start) if start else 0


def _marker_end(text: str, marker: re.Pattern[str], begin: int, near: int) -> int:
    """Return the end of a marker with header text above it; 0 without one."""
    match = marker.search(text, begin, near)
    if not match:
        return 0
    above = text[: match.start()]
    if above.strip() and not _HEADER_SIGN.search(above[:_SIGN_WITHIN]):
        return 0
    return _continued_marker_end(text, match)


def _continued_marker_end(text: str, marker: re.Match[str]) -> int:
    """Return the end of a marker that may continue in the next lines, up to one that ends in `*`."""
    if marker[0].rstrip().endswith("*"):
        return marker.end()
    previous_end = marker.end()
    for _ in range(3):
        end = _line_end(text, previous_end + 1)
        line = text[previous_end + 1 : end].strip()
        if not line:
            break
        if line.endswith("*"):
            return end
        previous_end = end
    return marker.end()


def _footer_start(text: str, start: int) -> int:
    """Return the start of the footer; the end of the text without a footer."""
    for marker in _END.finditer(text, max(start, len(text) - NEAR_ENDS)):
        if inner_markers(text, marker.start()):
            continue
        below = text[_line_end(text, marker.end()) :]
        is_near_end = sum(1 for line in below.splitlines() if line.strip()) <= _LAST_LINES
        if is_near_end or "gutenberg" in below[:_SIGN_WITHIN].lower():
            return marker.start()
    return len(text)


def inner_markers(text: str, position: int) -> int:
    """Return the end of the markers between two parts of a book, of which one starts here; 0 for others."""
    start = _START.search(text, position, position + _SIGN_WITHIN)
    return _continued_marker_end(text, start) if start else 0


def without_inner_markers(text: str) -> str:
    """Return a book without the markers, and what is between them, that join its parts."""
    out: list[str] = []
    position = 0
    if "START OF" not in text:
        return text
    for marker in _END.finditer(text):
        end = inner_markers(text, marker.start()) if marker.start() >= position else 0
        if end:
            out.append(text[position : marker.start()])
            position = end
    return "".join((*out, text[position:])) if position else text


def _line_end(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end
