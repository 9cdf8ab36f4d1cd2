"""What Project Gutenberg puts around a book: its header, its licence, and where the book itself is.

There are two forms. Since about 2002 a line `*** START OF THE PROJECT GUTENBERG EBOOK ... ***` ends
the header and `*** END OF ...` begins the footer, in many spellings. Before, the header ended with
the "small print", whose last line is `*END*THE SMALL PRINT! ...`, and the footer is no more than
`End of Project Gutenberg's ...`. Both are as long as a short story and differ from edition to edition:
with them, editions of one book may be farther apart than near duplicates are.
"""

from __future__ import annotations

import re
from typing import NamedTuple

# the longest headers and footers have half of it
NEAR_ENDS = 40_000
"""Characters from the start or the end of a file within which a marker counts."""

_BOOK = r"(?:TH(?:E|IS)[ \t]+)?(?:COPYRIGHTED[ \t]+)?PROJECT[ \t]+GUTENBERG"
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
    r"|[*_\[]*(?:END|ENDE|FIN|FINE|FIM|EINDE)\b(?:[ \t]+\w+){0,3}[ \t]+PROJE[CK]T[ \t]+GUTENBERG"
    r"|\*[* \t]*START:[ \t]*FULL[ \t]+LICENSE\b)",
    re.IGNORECASE | re.MULTILINE,
)
# what stands above a marker that ends a header, and below one that begins a footer
_HEADER_SIGN = re.compile(
    r"^(?:Title|Author|Language|Release[ ]Date|Posting[ ]Date)[ \t]*:|\[e-?(?:text|book)[ \t]*\#"
    r"|for[ ]the[ ]use[ ]of[ ]anyone|should[ ]be[ ]named|SMALL[ ]PRINT"
    r"|^\W*(?:The[ ])?Project[ ]Gutenberg",
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
_SIGN_WITHIN = 5000  # characters
_LAST_LINES = 12
# who made the file, as it stands behind the header; and the notes of who did
_CREDIT = re.compile(
    r"""\W{0,3}(?:
        (?:Produced|Prepared|Scanned|Transcribed|Digiti[sz]ed|Proofread|Typed)\b
         [^\n]{0,80}?\b(?:by|from|for)\b
        |Credits?[ ]?:
        |(?:This[ ]|The[ ])?(?:Project[ ]Gutenberg[ ])?(?:e-?text|e-?book|file|HTML)[ ]
         (?:version[ ]|edition[ ])?(?:was[ ])?(?:first[ ])?
         (?:produced|prepared|scanned|transcribed|created|typed|converted|by)\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_NOTE = re.compile(r"\W{0,3}Transcriber['\u2019]?s?['\u2019]?[ ]notes?\b", re.IGNORECASE)
_HEADING = 60  # characters, at most, of a note's first paragraph that is a heading only
_CREDIT_LINES = 10  # a longer paragraph is the book's, but for its first line
_CREDITS = 6  # paragraphs


class Parts(NamedTuple):
    """A text in three: what is before the book, the book, and what is behind it.

    `marked` is whether there were markers, even if the text was left whole.
    """

    header: str
    body: str
    footer: str
    marked: bool


def split(text: str) -> Parts:
    """Return header, book and footer of a text that is clean; one without markers is all body.

    A marker counts at the start of a line, within `NEAR_ENDS` characters of the text's start or end,
    and where the text beyond it is a header's or a footer's, so that a book that speaks of Project
    Gutenberg is left whole. Right behind the header its paragraphs of credits ("Produced by ...") and
    the first transcriber's note are taken to be part of it. Where the markers leave no book, all is
    body.
    """
    start = _header_end(text)
    end = _footer_start(text, start)
    body = text[start:end]
    marked = start > 0 or end < len(text)
    if not body.strip():
        return Parts("", text, "", marked)
    return Parts(text[:start], body, text[end:], marked)


def _header_end(text: str) -> int:
    """Return where the book starts: behind the header's last marker and the credits; 0 without."""
    near = min(len(text), NEAR_ENDS)
    start = _marker_end(text, _START, 0, near)
    # small print is also part of newer headers, and of footers: those are behind the book's end
    old = _marker_end(text, _SMALL_PRINT_END, start, near)
    if old and not _END.search(text, start, old):
        start = old
    return _behind_credits(text, start) if start else 0


def _marker_end(text: str, marker: re.Pattern[str], begin: int, near: int) -> int:
    """Return where the lines of the first such marker end; 0 where there is none with a header."""
    found = marker.search(text, begin, near)
    if not found:
        return 0
    above = text[: found.start()]
    if above.strip() and not _HEADER_SIGN.search(above[:_SIGN_WITHIN]):
        return 0
    return _closed(text, found)


def _closed(text: str, marker: re.Match[str]) -> int:
    """Return the end of a marker that may go on in the next lines, to one with a * at its end."""
    if marker[0].rstrip().endswith("*"):
        return marker.end()
    at = marker.end()
    for _ in range(3):
        end = _line_end(text, at + 1)
        line = text[at + 1 : end].strip()
        if not line:
            break
        if line.endswith("*"):
            return end
        at = end
    return marker.end()


def _behind_credits(text: str, start: int) -> int:
    noted = False
    for _ in range(_CREDITS):
        begin, lines = _paragraph(text, start)
        if not lines:
            return start
        note = not noted and _NOTE.match(lines[0])
        if not note and not _CREDIT.match(lines[0]):
            return start
        if note:
            noted = True
            if len(lines) == 1 and len(lines[0]) <= _HEADING:
                begin, lines = _paragraph(text, begin + len(lines[0]))
        if len(lines) > _CREDIT_LINES and not note:
            lines = lines[:1]
        start = begin + sum(map(len, lines)) + max(0, len(lines) - 1)
    return start


def _paragraph(text: str, at: int) -> tuple[int, list[str]]:
    """Return where the next lines without a blank one between them begin, and these lines."""
    near = text[at : at + NEAR_ENDS]
    begin = at + len(near) - len(near.lstrip())
    begin = text.rfind("\n", at, begin) + 1 or begin
    lines = []
    position = begin
    while position < min(len(text), begin + NEAR_ENDS):
        end = _line_end(text, position)
        line = text[position:end]
        if not line.strip():
            break
        lines.append(line)
        position = end + 1
    return begin, lines


def _footer_start(text: str, start: int) -> int:
    """Return where the footer starts; the text's end where there is none."""
    for found in _END.finditer(text, max(start, len(text) - NEAR_ENDS)):
        below = text[_line_end(text, found.end()) :]
        few = sum(1 for line in below.splitlines() if line.strip()) <= _LAST_LINES
        if few or "gutenberg" in below[:_SIGN_WITHIN].lower():
            return found.start()
    return len(text)


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end
