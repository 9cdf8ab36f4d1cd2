"""Books: encodings, cleaning, other formats, and real files."""

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
from gutenberg_files import BODY, END, HEADER, OLD_HEADER, SMALL_PRINT_END, START, whole
from hypothesis import given
from hypothesis import strategies as st

from udfs.extract import book, gutenberg_header
from udfs.extract.book import from_bytes, from_text
from udfs.extract.errors import ExtractionError
from udfs.near_duplicates.simhash import NEAR, distance, simhash


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
    extracted = from_bytes(text.encode(encoding))
    assert extracted.text == text.strip()
    assert extracted.encoding == name


def test_the_header_names_the_encoding() -> None:
    # the bytes alone do not determine it
    header = HEADER.replace("ISO-8859-1", "ISO-8859-2")
    content = whole(header=header).replace("dark", "zażółć").encode("iso8859-2")
    for file in (content, content.replace(b"\n", b"\r\n")):
        extracted = from_bytes(file)
        assert extracted.text == BODY.replace("dark", "zażółć")
        assert extracted.encoding == "iso8859-2"


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
