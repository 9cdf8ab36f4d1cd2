"""Hostile pages: the time is linear in their size, and their text is not lost."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from udfs.extract.html import extract
from udfs.extract.web import nesting, page, pieces, reader, reading

# the start of a page and what is repeated
REPEATED = {
    "paragraphs": ("", "<p>x"),
    "divisions": ("", "<div>x</div>"),
    "line breaks": ("", "x<br>"),
    "empty lines": ("", "<br>"),
    "paragraphs of breaks": ("", "x<br><br>"),
    "rules": ("", "x<hr>"),
    "items": ("<ul>", "<li>x"),
    "numbered items": ("<ol reversed>", "<li>x"),
    "links in a list": ("<ul>", "<li><a>x</a>"),
    "links": ("", "<a>x"),
    "cells": ("<table><tr>", "<td>x"),
    "rows": ("<table>", "<tr><td>x<td>y"),
    "empty rows": ("<table>", "<tr>"),
    "cells with paragraphs": ("<table><tr><th>h", "<tr><td>x<td><p>a<p>b"),
    "rows of code": ("<table>", "<tr><td>1<td class=code>x"),
    "tables": ("", "<table><tr><td>x<td>y</table>"),
    "empty comments": ("", "<!---->x"),
    "comments with tags": ("", "<!-- <p> > -->x"),
    "an unclosed comment": ("x<!--", "<p>"),
    "names with angles": ("", "<a<b>x"),
    "attributes with angles": ("", "<p a<b=1>x"),
    "unfinished tags": ("x", "<a b"),
    "long values": ("", f"<p class='{'b ' * 500}'>x"),
    "one long value": ("<p class=", "b"),
    "xmp": ("<xmp>", "<p>x"),
    "many xmp": ("", "<xmp><b></xmp>"),
    "plain text": ("<plaintext>", "<p>x"),
    "an unclosed noscript": ("<noscript>", "<p>x"),
    "noscripts": ("x", "<noscript><p></noscript>"),
    "lines of code": ("<pre>", "x \n"),
    "a line of blanks": ("<pre>", " "),
    "divisions of code": ("<pre>", "<div>x</div>"),
    "options": ("x<select>", "<option>x"),
    "readings": ("", "<ruby>x<rt>y</rt></ruby>"),
    "formulas": ("", "<tex>x</tex>"),
    "references": ("", "&amp;"),
    "titles": ("x", "<title>x</title>"),
    "frames": ("<frameset>", "<frame "),
}
# what lets a parser's time grow with the square of the number of elements
NESTED = (
    *(
        "<div>x",
        "<ul><li>x",
        "<pre>x",
        "<blockquote>x",
        "<details>x",
        "<b>x",
        "<table><tr><td>x<td>",
    ),
    *("<object>x", "<svg>x", "<x-y>x", "<span><p>x</p>", "<ruby><rt>x"),
)


def seconds(html: str) -> float:
    """Return the processor time of reading a page."""
    before = time.process_time()
    page.read(html)
    return time.process_time() - before


@pytest.mark.parametrize("name", REPEATED)
def test_time_is_linear(name: str) -> None:
    start, part = REPEATED[name]
    small, large = (start + part * (size // len(part)) for size in (5_000, 50_000))
    # ten times as much; the square would be 100 times, and a machine is not always as fast
    assert min(seconds(large), seconds(large)) < 30 * min(seconds(small), seconds(small)) + 0.1


@pytest.mark.parametrize("part", NESTED)
def test_elements_are_nested_as_deep_as_in_browsers(
    part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nesting, "_FEW_TAGS", 100)
    depth = 0
    for tag in page._body(page._parsed((part * 2000).encode(), scripting=True)).split("<"):
        depth += -1 if tag.startswith("/") else 1
        assert depth < 5 * nesting._DEEPEST  # items, cells and the like are not counted


def test_text_below_the_limit_of_depth_stays() -> None:
    html = "<div>" * 20_000 + "deep" + "</div>" * 20_000 + "<p>after"
    assert extract(html.encode(), extractor="body").text.split("\n") == ["deep", "after"]


def test_pages_that_nest_as_deep_as_real_ones_stay_as_they_are() -> None:
    html = b"<ul>" + b"<li><p>x<br><b>y</b></p>" * 4000 + b"</ul><script>if (a<b) {}</script>"
    assert nesting.limited(html) is html
    html = b"<div>" * 500 + b"<SCRIPT>'<div>'</SCRIPT><!-- <div> -->" * 6000
    assert nesting.limited(html) is html


def test_the_rest_of_a_page_with_very_many_elements_is_one_block() -> None:
    many = reading.MOST_ELEMENTS + 10
    _, blocks = page.read(f"{'<p>x' * many}<ul><li>last<br>line</ul>")
    assert len(blocks.elements) <= many
    assert "".join(blocks.text).count("x") == many
    assert blocks.text[-1].endswith("x\nlast\nline")
    _, blocks = page.read("x<br><br>" * many)
    assert len(blocks.text) <= many
    assert "".join(blocks.text).count("x") == many


@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<b x='1>2'>",
                "text ",
                "<!-- < -->",
                "<pre>\n x",
                "</pre>",
                "<td>",
                "<br>",
                "&lt;",
            ]
        ),
        max_size=60,
    ),
    st.integers(1, 40),
)
@settings(deadline=None)
def test_large_bodies_are_read_like_small_ones(parts: list[str], window: int) -> None:
    body = page._body(page._parsed("".join(parts).encode(), scripting=True))
    expected = reader.read(body).text
    before = pieces._WINDOW
    pieces._WINDOW = window
    try:
        assert reader.read(body).text == expected
    finally:
        pieces._WINDOW = before


@given(st.text("<>/!-ab =\"'&;\n", max_size=200), st.booleans())
@settings(deadline=None)
def test_any_markup_is_read(markup: str, in_table: bool) -> None:
    html = f"<table><tr><td>{markup}<td>last" if in_table else f"<p>{markup}"
    assert isinstance(extract(html.encode(), extractor="body").text, str)
