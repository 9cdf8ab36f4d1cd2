"""Books: spellings of the markers, headers, encodings, and texts that must not be cut."""

from __future__ import annotations

import contextlib
import itertools
import random
import re
import time
import unicodedata
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from udfs.extract import book, gutenberg, gutenberg_header
from udfs.extract.book import from_bytes, from_text
from udfs.extract.errors import ExtractionError
from udfs.near_duplicates.simhash import NEAR, distance, simhash

HEADER = """The Project Gutenberg EBook of The Lamp, by Ada Wick

This eBook is for the use of anyone who cares for lamps.

Title: The Lamp
       or A Light in the House

Author: Ada Wick

Posting Date: May 4, 2011 [EBook #4711]
Release Date: March, 1999

Language: English

Character set encoding: ISO-8859-1

"""
START = "*** START OF THIS PROJECT GUTENBERG EBOOK THE LAMP ***"
BODY = (
    "THE LAMP\n\nChapter 1\n\n"
    + "It was dark, and then it was not.\nNobody spoke.\n\n" * 50
    + "Fin"
)
END = "*** END OF THIS PROJECT GUTENBERG EBOOK THE LAMP ***"
LICENSE = "\n\nHow to get files of Project Gutenberg, and what may be done with them.\n"
OLD_HEADER = """**The Project Gutenberg Etext of The Lamp, by Ada Wick**
******This file should be named lampx10.txt or lampx10.zip******

March, 1999  [Etext #4711]

***START**THE SMALL PRINT!**FOR PUBLIC DOMAIN ETEXTS**START***
Here is what lawyers wish.
"""
SMALL_PRINT_END = "*END*THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*Ver.04.29.93*END*"


def whole(start: str = START, end: str = END, header: str = HEADER) -> str:
    return f"{header}{start}\n\n\n{BODY}\n\n\n{end}\n{LICENSE}"


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
    book_ = from_text(whole(start))
    assert book_.text == BODY
    assert book_.stripped
    assert book_.has_markers


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
    book_ = from_text(text)
    assert book_.text == text
    assert not book_.stripped
    assert book_.header is None


def test_a_file_with_nothing_between_the_markers_is_kept_whole() -> None:
    text = f"{HEADER}{START}\n\n\n{END}\n{LICENSE}"
    book_ = from_text(text)
    assert book_.text == text.strip()
    assert (book_.stripped, book_.has_markers, book_.header) == (False, True, None)


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


@pytest.mark.parametrize(
    ("encoding", "text", "name"),
    [
        ("utf-8", "Señor «Müller» — “ja”", "utf-8"),
        ("utf-8-sig", "Señor", "utf-8"),
        ("utf-16", "Señor Müller", "utf-16-le"),
        ("latin-1", "El señor Müller llegó mañana con su añada pequeña. " * 9, "cp1252"),
        ("cp1252", "“Él” dijo — mañana. " * 9, "cp1252"),
        (
            "shift_jis",
            "吾輩は猫である。名前はまだ無い。どこで生れたか頓と見当がつかぬ。" * 9,
            "cp932",
        ),
        (
            "euc_jp",
            "吾輩は猫である。名前はまだ無い。どこで生れたか頓と見当がつかぬ。" * 9,
            "euc_jp",
        ),
        ("iso2022_jp", "吾輩は猫である。名前はまだ無い。" * 9, "iso2022_jp"),
        ("koi8-r", "Все счастливые семьи похожи друг на друга. " * 9, "koi8-r"),
    ],
)
def test_encodings(encoding: str, text: str, name: str) -> None:
    book_ = from_bytes(text.encode(encoding))
    assert book_.text == text.strip()
    assert book_.encoding == name


def test_the_header_names_the_encoding() -> None:
    # the bytes alone do not determine it
    header = HEADER.replace("ISO-8859-1", "ISO-8859-2")
    content = whole(header=header).replace("dark", "zażółć").encode("iso8859-2")
    for file in (content, content.replace(b"\n", b"\r\n")):
        book_ = from_bytes(file)
        assert book_.text == BODY.replace("dark", "zażółć")
        assert book_.encoding == "iso8859-2"


def test_an_old_file_with_few_accents_is_latin_1() -> None:
    text = (OLD_HEADER + whole(SMALL_PRINT_END, header="")).replace("dark", "na\xefve")
    assert from_bytes(text.encode("latin-1")).text == BODY.replace("dark", "na\xefve")
    assert from_bytes(text.encode("latin-1")).encoding == "cp1252"
    assert from_bytes(text.encode("utf-8")).encoding == "utf-8"
    japanese = text.replace("Nobody spoke.", "吾輩は猫である。名前はまだ無い。" * 3)
    assert from_bytes(japanese.replace("\xef", "i").encode("cp932")).encoding == "cp932"


def test_line_ends_and_control_characters() -> None:
    text = "a\r\nb\rc\r\r\nd\fe\vf\x85g\u2028h\u2029i\tj\x00\x08\x1a\x7f\x9fk\n"
    assert book.clean(text) == "a\nb\nc\nd\ne\nf\ng\nh\ni\tjk\n"
    assert book.clean("a\r\nb\r\n\x1a") == "a\nb\n"
    assert book.clean("a\ud800b") == "a\ufffdb"


@given(st.text(st.one_of(st.characters(), st.sampled_from("\r\n\r\n\x00\x85 \t\ufeff\ud800"))))
def test_cleaning_equals_regular_expressions(text: str) -> None:
    lines = re.sub("\r\r?\n|[\r\v\f\x85\u2028\u2029]", "\n", text.removeprefix("\ufeff"))
    lines = re.sub("[\ud800-\udfff]", "\ufffd", lines)
    kept = [char for char in lines if char in "\t\n" or unicodedata.category(char) != "Cc"]
    assert book.clean(text) == "".join(kept)


@given(st.text(), st.text())
def test_the_parts_of_a_file_are_the_whole_file(outside: str, inside: str) -> None:
    text = book.clean(f"{outside}\n{HEADER}{START}\n{inside}\n{END}\n{outside}")
    parts = gutenberg.split(text)
    assert parts.header + parts.body + parts.footer == text


@pytest.mark.parametrize(
    "content",
    [
        random.Random(0).randbytes(5000),
        zlib.compress(random.Random(0).randbytes(5000)),
        b"%PDF-1.4 and so on",
        b"PK\x03\x04 an e-book",
        "a few words ".encode("utf-16-le"),
        b"\0" * 100,
    ],
)
def test_other_formats_and_binary_data_raise(content: bytes) -> None:
    with pytest.raises(ExtractionError) as caught:
        from_bytes(content)
    assert caught.value.error == "not-text"


@given(st.binary())
def test_any_bytes_give_a_text_or_an_error(content: bytes) -> None:
    with contextlib.suppress(ExtractionError):
        from_bytes(content).text.encode()


@pytest.mark.parametrize(
    "unit",
    [
        f"{START}\n",
        f"{END}\n",
        "*** START: FULL LICENSE ***\n",
        "*",
        "* ",
        " \n",
        "\n",
        "\r",
        "Title: a\n b\n",
        "Produced by me\n\n",
        "START OF \t",
        "END a ",
        "[Etext ",
        "Project Gutenberg's ",
    ],
)
def test_time_is_linear(unit: str) -> None:
    def seconds(size: int) -> float:
        text = HEADER + START + "\n" + (unit * (size // len(unit)))
        start = time.process_time()
        from_text(text)
        from_bytes(text.encode())
        return time.process_time() - start

    seconds(10_000)
    assert seconds(2_000_000) < 12 * seconds(400_000) + 0.2


def test_editions_of_one_book_are_near_duplicates_and_other_books_are_not(
    shared_data: Path,
) -> None:
    paths = [*shared_data.glob("books/*/*.txt"), *shared_data.glob("books/*.txt")]
    assert len(paths) >= 13
    hashes = {path: simhash(from_bytes(path.read_bytes()).text) for path in paths}
    for one, other in itertools.combinations(paths, 2):
        edition = one.parent == other.parent != shared_data / "books"
        near = distance(hashes[one], hashes[other]) <= NEAR
        assert near == edition, (one.name, other.name)


def test_real_headers(shared_data: Path) -> None:
    def header(name: str) -> gutenberg_header.Header | None:
        file = from_bytes((shared_data / "books" / name).read_bytes())
        assert "gutenberg" not in file.text.lower()
        assert file.encoding == encodings[name]
        return file.header

    encodings = {
        "2000/2000-8.txt": "cp1252",
        "84/frank10.txt": "utf-8",
        "1342/pandp10.txt": "utf-8",
    }
    expected = gutenberg_header.Header(
        title="Don Quijote",
        author="Miguel de Cervantes Saavedra",
        language="es",
        released="1999-12",
        number="2000",
        public_domain=True,
    )
    assert header("2000/2000-8.txt") == expected
    expected = gutenberg_header.Header(
        title="Frankenstein",
        author="Mary Shelley",
        language=None,
        released="1993-10-31",
        number="84",
        public_domain=True,
    )
    assert header("84/frank10.txt") == expected
    expected = gutenberg_header.Header(
        title="Pride and Prejudice",
        author="Jane Austen",
        language=None,
        released="1998-06",
        number="1342",
        public_domain=True,
    )
    assert header("1342/pandp10.txt") == expected
