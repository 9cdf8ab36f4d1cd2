"""Pages to text: what is kept, and pages that were made to break extractors."""

from __future__ import annotations

from pathlib import Path

import pytest
from archives import read
from hypothesis import given, settings
from hypothesis import strategies as st

from udfs.extract import html, sandbox
from udfs.extract.errors import ExtractionError
from udfs.extract.html import extract

ARTICLE = " ".join(["The quick brown fox jumps over the lazy dog."] * 8)
PAGE = f"""<!DOCTYPE html><html><head><title> A
  title &amp; more </title><style>p {{ color: red }}</style></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/about">About us</a></li></ul></nav>
<main><div class="page"><div class="column"><article><h1>Heading</h1>
<p>{ARTICLE}</p>
<p>Second,
   <b>bold</b> and <img alt="picture of a fox" src="x">plain.<br>After a break.</p>
<ul><li>one</li><li>two</li></ul>
<form><input value="typed"><button>Send</button></form>
<noscript>No script</noscript><script>alert("script")</script><!-- comment -->
</article></div></div></main>
<footer>Copyright</footer></body></html>"""


def test_a_page() -> None:
    got = extract(PAGE.encode(), "text/html; charset=utf-8")
    assert got.title == "A title & more"
    assert got.encoding == "utf-8"
    assert [line.strip() for line in got.text.split("\n")] == [
        "Heading",
        ARTICLE,
        "Second, bold and plain.",
        "After a break.",
        "• one",
        "• two",
    ]


def test_no_line_is_empty_or_ends_in_blanks() -> None:
    page = f"<p>{ARTICLE}</p><br><br><p>&nbsp;</p><p>x &nbsp;</p><pre>a  \n\n  b</pre>"
    lines = extract(page.encode()).text.split("\n")
    assert lines == [ARTICLE, "x", "a", "  b"]


@pytest.mark.parametrize(
    ("page", "title"),
    [
        (b"<p>x", None),
        (b"<title></title><p>x", None),
        (b"<title>\n</title><p>x", None),
        (b"<svg><title>drawing</title></svg><p>x", None),
        (b"<title>a\xff\nb", "aÿ b"),
    ],
)
def test_titles(page: bytes, title: str | None) -> None:
    assert extract(page).title == title


@pytest.mark.parametrize(
    "page", [b"", b" ", b"\0", b"<", b"</", b"<!--", b"<html", b"%PDF-1.4\n%\xe2\xe3"]
)
def test_hardly_a_page(page: bytes) -> None:
    assert extract(page).title is None


def test_references_to_what_no_text_may_hold() -> None:
    got = extract(f"<title>&#0;&#xD800;</title><p>{ARTICLE}&#0;&#xD800;&#x110000;</p>".encode())
    (got.text + (got.title or "")).encode("utf-8")
    assert "\0" not in got.text


@given(st.text(max_size=300), st.booleans())
@settings(deadline=None)
def test_any_text_becomes_lines(text: str, wrapped: bool) -> None:
    got = extract((f"<main><p>{text}</p></main>" if wrapped else text).encode("utf-8", "replace"))
    got.text.encode("utf-8")
    assert "" not in got.text.split("\n") or got.text == ""


def test_real_pages(shared_data: Path) -> None:
    data = (shared_data / "warc" / "whirlwind.warc.gz").read_bytes()
    [page] = read(data)
    got = extract(page["content"], page["content_type"])
    assert got.title == "Escopete - Biquipedia, a enciclopedia libre"
    assert got.text.split("\n")[:1] == ["Escopete"]
    assert "provincia de Guadalachara" in got.text


EXTRACTOR = "udfs.extract.html:extract_here"
LARGE = {
    "divs": "<div>" * 60_000 + "x",
    "closed": "<blockquote>" * 60_000 + "x" + "</blockquote>" * 60_000,
    "formatting": "".join(f"<font color={n}>x" for n in range(20_000)),
    "attributes": "<p " + " ".join(f"a{n}=1" for n in range(60_000)) + ">x",
}


@pytest.mark.parametrize("name", LARGE)
def test_pages_made_to_take_hours(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    helper = sandbox.Helper(EXTRACTOR, cpu_seconds=0.5)
    monkeypatch.setattr(html, "_GUARDED", helper)
    try:
        extract(LARGE[name].encode())
    except ExtractionError as error:
        assert error.error == "extraction-timeout"  # noqa: PT017 - some machine may be that fast
    # and the next page is none the worse for it
    large = "<html><title>t</title>" + f"<p>{ARTICLE}</p>" * 1000
    got = extract(large.encode())
    assert (got.title, got.text.count("\n")) == ("t", 999)
    helper.close()


def test_a_helper_that_dies_is_an_error_and_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    helper = sandbox.Helper(EXTRACTOR)
    monkeypatch.setattr(html, "_GUARDED", helper)
    large = f"<p>{ARTICLE}</p>" * 1000
    expected = extract(large.encode())
    assert helper._process is not None
    helper._process.kill()
    with pytest.raises(ExtractionError) as caught:
        extract(large.encode())
    assert caught.value.error == "extraction-crash"
    assert extract(large.encode()) == expected
    helper.close()


def test_here_and_in_the_helper_are_the_same() -> None:
    helper = sandbox.Helper(EXTRACTOR)
    for page in (PAGE, "<p>no title", "", "<title>\ud800</title>é"):
        assert helper.extract(page) == html.extract_here(page.encode("utf-8", "replace").decode())
    helper.close()


def test_a_page_too_large() -> None:
    with pytest.raises(ExtractionError) as caught:
        extract(b"x" * (html.MOST_CHARACTERS + 1))
    assert caught.value.error == "page-too-large"


class PanicException(BaseException):
    """What a panic in a Rust extension looks like from Python."""


@pytest.mark.parametrize("failure", [PanicException("index\nout"), ValueError("bad")])
def test_what_the_library_raises(monkeypatch: pytest.MonkeyPatch, failure: BaseException) -> None:
    def fail(*_: object, **__: object) -> str:
        raise failure

    monkeypatch.setattr("resiliparse.extract.html2text.extract_plain_text", fail)
    with pytest.raises(ExtractionError) as caught:
        extract(PAGE.encode())
    assert caught.value.error == "extraction-failed"
    assert type(failure).__name__ in caught.value.message
    monkeypatch.setattr("resiliparse.extract.html2text.extract_plain_text", interrupt)
    with pytest.raises(KeyboardInterrupt):
        extract(PAGE.encode())


def interrupt(*_: object, **__: object) -> str:
    raise KeyboardInterrupt
