"""Text of web pages: the main content, and pages made to break extractors."""

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


def test_title_and_main_content() -> None:
    extracted = extract(PAGE.encode(), "text/html; charset=utf-8")
    assert extracted.title == "A title & more"
    assert extracted.encoding == "utf-8"
    # the headline is not in plain text
    assert [line.strip() for line in extracted.text.split("\n")] == [
        ARTICLE,
        "Second, bold and plain.",
        "After a break.",
        "• one",
        "• two",
    ]


def test_only_lines_of_code_are_empty_and_none_ends_in_blanks() -> None:
    page = (
        f"<p>{ARTICLE}</p><br><br><p>&nbsp;</p><p>{ARTICLE} Twice. &nbsp;</p><pre>a  \n\n  b</pre>"
    )
    lines = extract(page.encode()).text.split("\n")
    assert lines == [ARTICLE, f"{ARTICLE} Twice.", "a", "", "  b"]


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
def test_payloads_that_are_hardly_html_have_no_title(page: bytes) -> None:
    assert extract(page).title is None


def test_references_to_invalid_characters() -> None:
    extracted = extract(
        f"<title>&#0;&#xD800;</title><p>{ARTICLE}&#0;&#xD800;&#x110000;</p>".encode()
    )
    (extracted.text + (extracted.title or "")).encode("utf-8")
    assert "\0" not in extracted.text


@given(st.text(max_size=300), st.booleans())
@settings(deadline=None)
def test_any_text_becomes_lines(text: str, wrapped: bool) -> None:
    extracted = extract(
        (f"<main><p>{text}</p></main>" if wrapped else text).encode("utf-8", "replace")
    )
    extracted.text.encode("utf-8")
    assert "" not in extracted.text.split("\n") or extracted.text == ""


def test_real_pages(shared_data: Path) -> None:
    data = (shared_data / "warc" / "whirlwind.warc.gz").read_bytes()
    [page] = read(data)
    extracted = extract(page["content"], page["content_type"])
    assert extracted.title == "Escopete - Biquipedia, a enciclopedia libre"
    assert "\nEscopete ye un municipio" in extracted.text
    assert "provincia de Guadalachara" in extracted.text


EXTRACTOR = "udfs.extract.html:extract_in_helper"
LARGE = {
    "divs": "<div>" * 60_000 + "x",
    "closed": "<blockquote>" * 60_000 + "x" + "</blockquote>" * 60_000,
    "formatting": "".join(f"<font color={n}>x" for n in range(20_000)),
    "attributes": "<p " + " ".join(f"a{n}=1" for n in range(60_000)) + ">x",
}


@pytest.mark.parametrize("name", LARGE)
def test_a_page_with_quadratic_time_does_not_affect_the_next(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    helper = sandbox.Helper(EXTRACTOR, cpu_seconds=1.0)
    monkeypatch.setattr(html, "_HELPER", helper)
    try:
        extract(LARGE[name].encode())
    except ExtractionError as error:
        assert error.error == "extraction-timeout"  # noqa: PT017 - a fast machine may succeed
    large = "<html><title>t</title>" + f"<p>{ARTICLE}</p>" * 1000
    extracted = extract(large.encode())
    assert (extracted.title, extracted.text.count("\n")) == ("t", 999)
    helper.close()


def test_a_helper_that_crashes_raises_and_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    helper = sandbox.Helper(EXTRACTOR)
    monkeypatch.setattr(html, "_HELPER", helper)
    large = f"<p>{ARTICLE}</p>" * 1000
    expected = extract(large.encode())
    assert helper._process is not None
    helper._process.kill()
    with pytest.raises(ExtractionError) as caught:
        extract(large.encode())
    assert caught.value.error == "extraction-crash"
    assert extract(large.encode()) == expected
    helper.close()


@pytest.mark.parametrize("extractor", ["main", "resiliparse", "body"])
def test_the_helper_returns_the_same_as_this_process(
    extractor: html.Extractor, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = (PAGE, "<p>no title", "", "<title>\ud800</title>é", "main plain\n<p>a page")
    in_process = [extract(page.encode(errors="replace"), extractor=extractor) for page in pages]
    monkeypatch.setattr(html, "_MAX_CHARACTERS_IN_PROCESS", -1)
    assert [
        extract(page.encode(errors="replace"), extractor=extractor) for page in pages
    ] == in_process


def test_a_page_above_the_size_limit_raises() -> None:
    with pytest.raises(ExtractionError) as caught:
        extract(b"x" * (html.MAX_CHARACTERS + 1))
    assert caught.value.error == "page-too-large"


class PanicException(BaseException):
    """An exception of the name that PyO3 gives to a panic."""


LIBRARIES: dict[html.Extractor, str] = {
    "main": "udfs.extract.web.page.LexborHTMLParser",
    "body": "udfs.extract.web.page.LexborHTMLParser",
    "resiliparse": "resiliparse.extract.html2text.extract_plain_text",
}
"""What parses a page, by extractor."""


@pytest.mark.parametrize("extractor", LIBRARIES)
@pytest.mark.parametrize("failure", [PanicException("index\nout"), ValueError("bad")])
def test_exceptions_and_panics_of_the_library_become_extraction_failed(
    monkeypatch: pytest.MonkeyPatch, failure: BaseException, extractor: html.Extractor
) -> None:
    def fail(*_: object, **__: object) -> str:
        raise failure

    target = LIBRARIES[extractor]
    monkeypatch.setattr(target, fail)
    with pytest.raises(ExtractionError) as caught:
        extract(PAGE.encode(), extractor=extractor)
    assert caught.value.error == "extraction-failed"
    assert type(failure).__name__ in caught.value.message
    monkeypatch.setattr(target, interrupt)
    with pytest.raises(KeyboardInterrupt):
        extract(PAGE.encode(), extractor=extractor)


def interrupt(*_: object, **__: object) -> str:
    raise KeyboardInterrupt
