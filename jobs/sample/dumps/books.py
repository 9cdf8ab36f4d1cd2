"""Sample of books: Project Gutenberg's old and new forms, two editions of one book, lines of PG19."""

from __future__ import annotations

import gzip
import json
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jobs.sample.draw import Draw
from jobs.sample.pages import Writer

INPUTS = ("*/*.txt", "*/*.txt.gz", "*.jsonl")
_CHARACTERS = 32_000  # per book: enough for a distinct SimHash
_PARAGRAPHS = 8  # per chapter

_OLD_HEADER = """**The Project Gutenberg Etext of {title}, by {author}**
******This file should be named {name}10.txt or {name}10.zip******

This header was made up for a small sample, in the form of the first years.

{month}, {year}  [Etext #{number}]

***START**THE SMALL PRINT!**FOR PUBLIC DOMAIN ETEXTS**START***
Whoever reads this book may copy it, read it aloud and give it away, since
nobody owns it. Nobody promises that it is free of errors, either.
*END*THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*Ver.04.29.93*END*
"""
_OLD_FOOTER = "End of the Project Gutenberg Etext of {title}, by {author}"
_HEADER = """The Project Gutenberg EBook of {title}, by {author}

This book is nobody's, so that everybody may have it. It was written for a
small sample; only the lines with asterisks are as they are elsewhere.

Title: {title}

Author: {author}

Release Date: {month} {day}, {year} [EBook #{number}]

Language: {language}

Character set encoding: {charset}

*** START OF THIS PROJECT GUTENBERG EBOOK {upper} ***




Produced by the makers of this sample
"""
_FOOTER = """End of the Project Gutenberg EBook of {title}, by {author}

*** END OF THIS PROJECT GUTENBERG EBOOK {upper} ***

***** This file should be named {number}.txt *****

How Project Gutenberg came to be, who pays for it and what may be done with
its books would follow here, at some length.
"""


@dataclass(frozen=True)
class _Book:
    """A book; each chapter is a tuple of paragraphs."""

    number: int
    title: str
    author: str
    chapters: tuple[tuple[str, ...], ...]

    def text(self, width: int) -> str:
        """Return the book with lines of at most `width` characters."""
        parts = [f"{self.title.upper()}\n\nby {self.author}"]
        for number, paragraphs in enumerate(self.chapters, 1):
            parts.append(f"\n\n{number}.")
            parts += [textwrap.fill(paragraph, width) for paragraph in paragraphs]
        return "\n\n".join(parts)


def write(folder: Path, seed: int) -> list[dict[str, Any]]:
    """Write the files; return the outcome of each file and line."""
    town = _book(seed, 9001, "en", chronicle=3, news=2)
    files = {
        "9001/town10.txt": _gutenberg(town, 65, "ISO-8859-1", "English", old=True),
        "9001/9001-0.txt": _gutenberg(_corrected(town), 72, "UTF-8", "English"),
        "9002/9002-8.txt": _gutenberg(
            _book(seed, 9002, "es", chronicle=3, event=1), 70, "ISO-8859-1", "Spanish"
        ),
        "9003/9003.txt.gz": gzip.compress(
            _gutenberg(_book(seed, 9003, "en", recipe_intro=2, step=4), 72, "UTF-8", "English"),
            mtime=0,
        ),
        "attic/letters.txt": _book(seed, 9004, "de", question=2, answer=3).text(80).encode(),
        "attic/empty.txt": b"",
        "attic/cover.txt": bytes(range(256)) * 4,
    }
    reasons = {"attic/empty.txt": "empty", "attic/cover.txt": "not-text"}
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    planted = [{"record": name, "outcome": reasons.get(name, "kept")} for name in files]
    planted[1]["edition_of"] = planted[0]["record"]
    return planted + _write_lines(folder / "pg19.jsonl", seed)


def _write_lines(path: Path, seed: int) -> list[dict[str, Any]]:
    """Write lines of PG19: one in RedPajama-V1's form, and one that is cut."""
    records = []
    for number, language, rules in (
        (9005, "en", {"weather": 3, "event": 2}),
        (9006, "fr", {"chronicle": 3, "news": 2}),
        (9007, "it", {"product_text": 2, "review": 2}),
    ):
        book = _book(seed, number, language, **rules)
        meta = {
            "short_book_title": f"{book.title} by {book.author}",
            "publication_date": Draw(seed, "books", number, "year").number(1820, 1919),
            "url": f"http://www.gutenberg.org/ebooks/{number}",
        }
        record = {"text": book.text(72), **meta}
        records.append({"meta": meta, "text": record["text"]} if language == "fr" else record)
    lines = [json.dumps(record, ensure_ascii=False) for record in records]
    lines.insert(1, lines[0][:500])
    path.write_bytes("".join(f"{line}\n" for line in lines).encode())
    kept = [{"record": f"pg19/{number}", "outcome": "kept"} for number in (9005, 9006, 9007)]
    return [*kept, {"record": "a line that is cut", "outcome": "broken-json"}]


def _book(seed: int, number: int, language: str, **rules: int) -> _Book:
    """Return a book whose paragraphs have the given number of sentences per rule."""
    writer = Writer(language, Draw(seed, "books", number))
    title, author = writer.line("chronicle_title"), writer.line("person")
    chapters = []
    size = 0
    while size < _CHARACTERS:
        paragraphs = tuple(writer.block(**rules).lines[0] for _ in range(_PARAGRAPHS))
        size += sum(map(len, paragraphs))
        chapters.append(paragraphs)
    return _Book(number, title, author, tuple(chapters))


def _corrected(book: _Book) -> _Book:
    """Return a later edition with a paragraph added to the first chapter."""
    first, *rest = book.chapters
    first = (*first, "Here the first printing broke off \u2014 the page was lost and found again.")
    return _Book(book.number, book.title, book.author, (first, *rest))


def _gutenberg(book: _Book, width: int, charset: str, language: str, *, old: bool = False) -> bytes:
    """Return a file in Project Gutenberg's form before 2002 (`old`) or since."""
    draw = Draw("books", book.number, "release")
    fields = {
        "title": book.title,
        "upper": book.title.upper(),
        "author": book.author,
        "number": book.number,
        "name": "town",
        "month": draw.pick(("March", "June", "October")),
        "day": draw.number(1, 28),
        "year": draw.number(1993, 2001) if old else draw.number(2003, 2019),
        "language": language,
        "charset": charset,
    }
    header, footer = (_OLD_HEADER, _OLD_FOOTER) if old else (_HEADER, _FOOTER)
    parts = [header.format(**fields), book.text(width), footer.format(**fields)]
    text = "\n\n\n\n".join(parts) + "\n"
    mark = "\ufeff" if charset == "UTF-8" else ""
    return (mark + text.replace("\n", "\r\n")).encode(charset.lower())
