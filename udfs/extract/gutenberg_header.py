"""Parse the header of a Project Gutenberg file: title, author, language, date and number."""

from __future__ import annotations

import datetime
import re
from typing import NamedTuple

# a field continues in indented lines
_FIELD = re.compile(r"^([A-Z][A-Za-z ]{2,20}):[ \t]*(\S.*(?:\n[ \t]+\S.*)*)", re.MULTILINE)
_NUMBER = re.compile(r"\[[ \t]*e-?(?:text|book)[ \t]*#?[ \t]*(\d{1,6})\b", re.IGNORECASE)
# "[frank10x.xxx] 84", an entry of the first lists of books, which old headers quote
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
_FIRST_YEAR = 1971  # when Project Gutenberg began
_COPYRIGHTED = re.compile(
    r"COPYRIGHTED[ ]Project[ ]Gutenberg|COPYRIGHT[ ]PROTECTED|Creative[ ]Commons",
    re.IGNORECASE | re.VERBOSE,
)
# ISO 639-1 codes of the languages with more than a few books
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
    """The metadata in a book's header; None for what it does not contain.

    Attributes
    ----------
    language
        The ISO 639-1 code; None for a book in several languages.
    released
        The day, month or year of release in ISO 8601.
    number
        The book's number, as in `https://www.gutenberg.org/ebooks/84`.
    public_domain
        Whether the book is free of copyright in the United States. Books are, unless their header
        mentions a copyright or a Creative Commons licence.
    """

    title: str | None
    author: str | None
    language: str | None
    released: str | None
    number: str | None
    public_domain: bool


def parse(header: str) -> Header:
    """Return the metadata of a header that `gutenberg.split` returned."""
    fields: dict[str, str] = {}
    for field in _FIELD.finditer(header):
        fields.setdefault(field[1].lower(), " ".join(field[2].split()))
    title, author = fields.get("title"), fields.get("author")
    if not title:
        title, author = _title_and_author(header, author)
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
        public_domain=not _COPYRIGHTED.search(header),
    )


def language_code(name: str) -> str | None:
    """Return the ISO 639-1 code of a language's English name; None if unknown or several.

    >>> language_code("Spanish"), language_code("English and Latin")
    ('es', None)
    """
    return _LANGUAGES.get(name.strip().lower())


def iso_date(date: str) -> str | None:
    """Return a header's date in ISO 8601, to the day, month or year; None without a year since 1971.

    >>> iso_date("June 17, 2008 [EBook #84]"), iso_date("Jun, 1998"), iso_date("1998")
    ('2008-06-17', '1998-06', '1998')
    """
    match = _DATE.search(date)
    if not match or int(match["year"]) < _FIRST_YEAR:
        return None
    year, month = match["year"], (match["month"] or "")[:3].lower()
    if month not in _MONTHS:
        return year
    number = _MONTHS.index(month) + 1
    day = match["second"] or match["first"]
    try:
        return datetime.date(int(year), number, int(day or 0)).isoformat()
    except ValueError:
        return f"{year}-{number:02}"


def _title_and_author(header: str, author: str | None) -> tuple[str | None, str | None]:
    """Return title and author of the line "The Project Gutenberg Etext of TITLE, by AUTHOR".

    A given author, from a field of the header, is returned instead of the line's.
    """
    line = _FIRST_LINE.search(header)
    if not line:
        return None, author
    title, by, name = line["title"].rpartition(" by ")
    if not by:
        return name, author
    return title.rstrip(", "), author or name
