"""Books in HTML and EPUB have the text of the book, whatever the library added."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from gutenberg_files import BODY, END, HEADER, LICENSE, START

from udfs.extract.book import from_bytes
from udfs.extract.book_formats import read
from udfs.extract.errors import ExtractionError

CONTAINER = '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
PACKAGE = """<package xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>
<dc:title>The Lamp</dc:title><dc:creator>Ada Wick</dc:creator><dc:language>en-GB</dc:language>
<dc:date>1999-03-01T00:00</dc:date></metadata><manifest>
<item id="two" href="b%20c.xhtml" media-type="application/xhtml+xml"/>
<item id="one" href="a.xhtml" media-type="application/xhtml+xml"/>
<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>
<item id="picture" href="x.png" media-type="image/png"/></manifest>
<spine><itemref idref="nav"/><itemref idref="one"/><itemref idref="two"/><itemref idref="picture"/></spine>
</package>"""
PAGE = "<html><head><title>x</title></head><body>{}</body></html>"


def epub(**parts: str) -> bytes:
    """Return an EPUB; parts replace those of a book in two documents."""
    files = {
        "META-INF/container.xml": CONTAINER,
        "OEBPS/book.opf": PACKAGE,
        "OEBPS/a.xhtml": PAGE.format("<p>It was dark.</p>"),
        "OEBPS/b c.xhtml": PAGE.format("<p>Then it was not.</p>"),
        "OEBPS/nav.xhtml": PAGE.format("<p>Contents</p>"),
        **parts,
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def test_an_epub_in_the_order_of_its_spine() -> None:
    found = read("a/lamp.epub", epub(), 100_000)
    assert found.text.split("\n\n") == ["It was dark.", "Then it was not."]
    assert found.header is not None
    assert found.header[:4] == ("The Lamp", "Ada Wick", "en", "1999-03-01")


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"PK\x03\x04 no archive", "broken-epub"),
        (epub(**{"META-INF/container.xml": "<a/>"}), "broken-epub"),
        (epub(**{"OEBPS/book.opf": "no XML"}), "broken-epub"),
        (epub(**{"OEBPS/a.xhtml": PAGE.format("x" * 1_000_000)}), "record-too-large"),
    ],
)
def test_faulty_epubs(content: bytes, error: str) -> None:
    with pytest.raises(ExtractionError) as raised:
        read("lamp.epub", content, 100_000)
    assert raised.value.error == error


def test_what_gutenberg_added_goes_from_html_and_epub() -> None:
    lines = f"{HEADER}{START}\n\nProduced by A. Reader\n\n{BODY}\n\n{END}\n{LICENSE}".split("\n\n")
    body = "".join(f"<p>{line}</p>" for line in lines)
    for name, content in (
        ("4711-h.htm", PAGE.format(body).encode()),
        (
            "4711.epub",
            epub(**{"OEBPS/a.xhtml": PAGE.format(body), "OEBPS/b c.xhtml": PAGE.format("")}),
        ),
    ):
        found = read(name, content, 1_000_000)
        assert found.text.split() == BODY.split()
        assert found.stripped


def test_the_html_of_a_real_book_has_the_words_of_its_text(shared_data: Path) -> None:
    folder = shared_data / "books" / "1342"
    page = read("1342-h.htm", (folder / "1342-h.htm").read_bytes(), 10**8)
    text = from_bytes((folder / "1342-0.txt").read_bytes())
    assert page.header is not None
    assert (page.header.number, page.header.author) == ("1342", "Jane Austen")
    assert page.text.split()[-50:] == text.text.replace("_", "").split()[-50:]
    assert page.text.startswith("PRIDE AND PREJUDICE\nBy Jane Austen\n")
