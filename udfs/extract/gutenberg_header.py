"""What the header of a Project Gutenberg file says of the book."""

from __future__ import annotations

import datetime
import re
from typing import NamedTuple

# a field goes on in indented lines
_FIELD = re.compile(r"^([A-Z][A-Za-z ]{2,20}):[ \t]*(\S.*(?:\n[ \t]+\S.*)*)", re.MULTILINE)
_NUMBER = re.compile(r"\[[ \t]*e-?(?:text|book)[ \t]*#?[ \t]*(\d{1,6})\b", re.IGNORECASE)
# "[frank10x.xxx] 84": the entry of the first lists of books, as headers of their time repeat it
_LIST_NUMBER = re.compile(r"\[\w{1,12}\.\w{3}\][ \t]*(\d{1,5})[ \t]*$", re.MULTILINE)
_FIRST_LINE = re.compile(
    r"""^\W*(?:The[ ])?Project[ ]Gutenberg(?:'s|\u2019s)?[ ]
        (?:e-?(?:text|book)(?:,|[ ]of)[ ]|(?<=s[ ]))
        (?P<title>[^\n]*[^\s*_.])""",
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
_RELEASED = re.compile(
    r"^Official release date:?[ \t]+([^\n]+)|^([A-Z][a-z]+,?[ \t]+\d{4})[ \t]+\[e-?text",
    re.IGNORECASE | re.MULTILINE,
)
_DATE = re.compile(
    r"(?:(?P<first>\d{1,2})[ ])?(?P<month>[A-Z][a-z]{2,8})?\.?[ ]?(?:(?P<second>\d{1,2}))?,?[ ]?"
    r"\b(?P<year>\d{4})\b"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FIRST_YEAR = 1971  # of Project Gutenberg
_PROTECTED = re.compile(
    r"COPYRIGHTED[ ]Project[ ]Gutenberg|COPYRIGHT[ ]PROTECTED|Creative[ ]Commons",
    re.IGNORECASE | re.VERBOSE,
)
# the languages with more than a handful of books, by ISO 639-1
_LANGUAGES = {
    "afrikaans": "af",
    "arabic": "ar",
    "bulgarian": "bg",
    "catalan": "ca",
    "chinese": "zh",
    "czech": "cs",
    "danish": "da",
    "dutch": "nl",
    "english": "en",
    "esperanto": "eo",
    "estonian": "et",
    "finnish": "fi",
    "french": "fr",
    "galician": "gl",
    "german": "de",
    "greek": "el",
    "hebrew": "he",
    "hungarian": "hu",
    "icelandic": "is",
    "irish": "ga",
    "italian": "it",
    "japanese": "ja",
    "korean": "ko",
    "latin": "la",
    "norwegian": "no",
    "polish": "pl",
    "portuguese": "pt",
    "romanian": "ro",
    "russian": "ru",
    "serbian": "sr",
    "slovenian": "sl",
    "spanish": "es",
    "swedish": "sv",
    "tagalog": "tl",
    "turkish": "tr",
    "ukrainian": "uk",
    "welsh": "cy",
}


class Header(NamedTuple):
    """What a header says; None where it says nothing, or nothing clear.

    Attributes
    ----------
    language
        As ISO 639-1; None for a book in several.
    released
        ISO 8601: a day, a month or a year, as far as it is known.
    number
        The book's, as in `https://www.gutenberg.org/ebooks/84`.
    public_domain
        Whether it is free of copyright in the United States: not where the header says otherwise.
    """

    title: str | None
    author: str | None
    language: str | None
    released: str | None
    number: str | None
    public_domain: bool


def parse(header: str) -> Header:
    """Return what a header, as `gutenberg.split` cuts it, says of its book."""
    fields: dict[str, str] = {}
    for found in _FIELD.finditer(header):
        fields.setdefault(found[1].lower(), " ".join(found[2].split()))
    title, author = fields.get("title"), fields.get("author")
    if not title:
        title, author = _from_first_line(header, author)
    number = _NUMBER.search(header) or _LIST_NUMBER.search(header)
    released = _RELEASED.search(header)
    return Header(
        title=title,
        author=author,
        language=language_code(fields.get("language", "")),
        released=iso_date(
            fields.get("release date")
            or (released and (released[1] or released[2]))
            or fields.get("posting date", "")
        ),
        number=number and number[1],
        public_domain=not _PROTECTED.search(header),
    )


def language_code(name: str) -> str | None:
    """Return the ISO 639-1 code of one language's English name; None for others, and for several.

    >>> language_code("Spanish"), language_code("English and Latin")
    ('es', None)
    """
    return _LANGUAGES.get(name.strip().lower())


def iso_date(said: str) -> str | None:
    """Return a header's date in ISO 8601, as exact as it is; None where it says no year since 1971.

    >>> iso_date("June 17, 2008 [EBook #84]"), iso_date("Jun, 1998"), iso_date("1998")
    ('2008-06-17', '1998-06', '1998')
    """
    found = _DATE.search(said)
    if not found or int(found["year"]) < _FIRST_YEAR:
        return None
    year, month = found["year"], (found["month"] or "")[:3].lower()
    if month not in _MONTHS:
        return year
    number = _MONTHS.index(month) + 1
    day = found["second"] or found["first"]
    try:
        return datetime.date(int(year), number, int(day or 0)).isoformat()
    except ValueError:
        return f"{year}-{number:02}"


def _from_first_line(header: str, author: str | None) -> tuple[str | None, str | None]:
    """Return title and author of "The Project Gutenberg Etext of TITLE, by AUTHOR"."""
    found = _FIRST_LINE.search(header)
    if not found:
        return None, author
    title, by, name = found["title"].rpartition(" by ")
    if not by:
        return name, author
    return title.rstrip(", "), author or name
