"""Project Gutenberg files: spellings of the markers, headers, and texts that must not be cut."""

from __future__ import annotations

import pytest
from gutenberg_files import BODY, END, HEADER, LICENSE, OLD_HEADER, SMALL_PRINT_END, START, whole
from hypothesis import given
from hypothesis import strategies as st

from udfs.extract import book, gutenberg, gutenberg_header
from udfs.extract.book import from_text


@pytest.mark.parametrize(
    "start",
    [
        START,
        START.replace("THIS", "THE"),
        START.replace("*** ", "***"),
        START.lower(),
        START.replace(" EBOOK THE LAMP", " EBOOK, THE LAMP"),
        START.replace("THIS", "THIS COPYRIGHTED"),
        "*** START OF PROJECT GUTENBERG ETEXT 4711 ***",
        "START OF THE PROJECT GUTENBERG EBOOK THE LAMP",
        "  *** START OF THE PROJECT GUTENBERG EBOOK THE LAMP, BEING THE STORY OF\nA LIGHT ***",
        SMALL_PRINT_END,
        SMALL_PRINT_END.replace("*END*", "*END ", 1),
        "**END*THE SMALL PRINT! FOR PUBLIC DOMAIN\nETEXTS*Ver.04.29.93*END*",
        f"{START}\n\n\n{OLD_HEADER}{SMALL_PRINT_END}",
        f"{START}\n\nProduced by A. Reader and the\nOnline Proofreaders\n\nHTML version by B. Reader",
        f"{START}\nE-text prepared by A. Reader",
        f"{SMALL_PRINT_END}\n\nThis etext was prepared by A. Reader, from the edition of 1890",
        f"{START}\n\n[Transcriber's Note: Spelling is as\nin print.]",
        f"{START}\n\nProduced by A. Reader\n\nTRANSCRIBER\u2019S NOTES\n\nSpelling is\nas in print.",
    ],
)
def test_headers_are_removed(start: str) -> None:
    extracted = from_text(whole(start))
    assert extracted.text == BODY
    assert extracted.stripped
    assert extracted.has_markers


@pytest.mark.parametrize(
    "end",
    [
        END,
        END.replace("THIS", "THE"),
        END.replace("*** ", "***"),
        END.lower(),
        "End of the Project Gutenberg EBook of The Lamp, by\nAda Wick\n\n" + END,
        "End of Project Gutenberg's The Lamp, by Ada Wick",
        "End of this Project Gutenberg Etext of The Lamp",
        "Ende dieses Projekt Gutenberg Etextes The Lamp",
        "*** START: FULL LICENSE ***",
        END + "\n\n***START**THE SMALL PRINT!**\n" + SMALL_PRINT_END,
    ],
)
def test_footers_are_removed(end: str) -> None:
    assert from_text(whole(end=end)).text == BODY
    assert from_text(f"{BODY}\n\n{end}\n").text == BODY


def test_only_the_first_line_of_credits_is_removed_if_no_blank_line_follows() -> None:
    lines = "\n".join(f"{i}. It was dark." for i in range(300))
    text = f"{HEADER}{START}\nProduced by A. Reader\nTHE LAMP\n{lines}\n{END}\n"
    assert from_text(text).text == f"THE LAMP\n{lines}"


@pytest.mark.parametrize(
    "text",
    [
        # a book about Project Gutenberg that quotes its markers
        "\n".join(["A Year of Reading", *["Some words."] * 200, START, *["Some words."] * 200]),
        "\n".join([*["Some words."] * 300, END, *["What came after the end."] * 300]),
        "\n".join([*["Some words."] * 30, f"He said: {END}", "and left."]),
        "\n".join(["Project Gutenberg has many books.", *["Some words."] * 9000]),
        "\n".join(
            [HEADER, *["Some words of a book."] * 3000, START, *["Some words of a book."] * 3000]
        ),
        "Produced by A. Reader\n\nA text without a marker.",
        "End of story",
    ],
)
def test_text_that_only_looks_like_a_marker_is_kept(text: str) -> None:
    extracted = from_text(text)
    assert extracted.text == text
    assert not extracted.stripped
    assert extracted.header is None


def test_a_file_with_nothing_between_the_markers_is_kept_whole() -> None:
    text = f"{HEADER}{START}\n\n\n{END}\n{LICENSE}"
    extracted = from_text(text)
    assert extracted.text == text.strip()
    assert (extracted.stripped, extracted.has_markers, extracted.header) == (False, True, None)


def test_header_fields() -> None:
    assert from_text(whole()).header == gutenberg_header.Header(
        title="The Lamp or A Light in the House",
        author="Ada Wick",
        language="en",
        released="1999-03",
        number="4711",
        public_domain=True,
    )
    assert from_text(OLD_HEADER + whole(SMALL_PRINT_END, header="")).header == (
        gutenberg_header.Header("The Lamp", "Ada Wick", None, "1999-03", "4711", True)
    )


@pytest.mark.parametrize(
    ("line", "title", "author"),
    [
        ("Project Gutenberg's Etext of Day by Night, by Ada Wick", "Day by Night", "Ada Wick"),
        ("Project Gutenberg's The Lamp, by Ada Wick", "The Lamp", "Ada Wick"),
        ("The Project Gutenberg eBook, The Lamp, by Ada Wick", "The Lamp", "Ada Wick"),
        ("*The Project Gutenberg Etext of The Lamp*", "The Lamp", None),
        ("Project Gutenberg Etexts are made by volunteers", None, None),
    ],
)
def test_title_and_author_of_the_first_line(
    line: str, title: str | None, author: str | None
) -> None:
    header = gutenberg_header.parse(line + "\n")
    assert (header.title, header.author) == (title, author)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("June 17, 2008 [EBook #84]", "2008-06-17"),
        ("17 June 2008", "2008-06-17"),
        ("June, 1998", "1998-06"),
        ("Sept. 2003  [eBook #1]", "2003-09"),
        ("December 32, 1999", "1999-12"),
        ("February 30, 1999", "1999-02"),
        ("2004", "2004"),
        ("1818", None),
        ("soon", None),
        ("", None),
    ],
)
def test_dates(text: str, date: str | None) -> None:
    assert gutenberg_header.iso_date(text) == date


def test_a_copyrighted_text_is_not_in_the_public_domain() -> None:
    notice = "This is a COPYRIGHTED Project Gutenberg eBook, Details Below"
    header = from_text(whole(header=f"{notice}\n{HEADER}")).header
    assert header is not None
    assert not header.public_domain


def test_a_bilingual_book_has_no_language() -> None:
    text = whole(header=HEADER.replace("Language: English", "Language: English and Spanish"))
    header = from_text(text).header
    assert header is not None
    assert header.language is None


@given(st.text(), st.text())
def test_the_parts_of_a_file_are_the_whole_file(outside: str, inside: str) -> None:
    text = book.clean(f"{outside}\n{HEADER}{START}\n{inside}\n{END}\n{outside}")
    parts = gutenberg.split(text)
    assert parts.header + parts.body + parts.footer == text
