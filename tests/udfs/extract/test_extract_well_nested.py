"""Text of well-nested HTML without a parser: equal to libxml2's, or None."""

from __future__ import annotations

import itertools
import re
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from udfs.extract import well_nested
from udfs.extract.errors import ExtractionError
from udfs.extract.post_html import text_by_libxml2

PHRASES = ["a", "b", "code", "em", "i", "span", "strong", "sub"]
BLOCKS = ["blockquote", "div", "h1", "p", "pre", "ul"]
EMPTY = ["<br>", "<br />", "<hr>", '<img src="a>b" alt="&amp;">', '<img src="c" />']
ATTRIBUTES = ["", "", ' class="x"', ' href="/?a=1&amp;b=2" rel="nofollow"']
WORDS = ["a", "b c", " d ", "é", "\U0001f600"]
SPACES = ["\n", "\n\n", "\n  ", " ", "  ", "\t", "\xa0", "\u3000"]
RUNS = [*WORDS, *SPACES]
REFERENCES = ["&lt;", "&gt;", "&amp;", "&quot;", "&nbsp;", "&amp;lt;"]
TAGS = [f"<{slash}{name}>" for slash in ("", "/") for name in [*PHRASES, *BLOCKS, "li", "ol"]]
OTHER_TAGS = """
    <table> <tr> <td> </table> <script> </script> <textarea> </textarea> <!-- <?x?> <![CDATA[ <body>
    </html> <foo> </foo> <P> <p/> < > </> <>
"""
OTHER_TAGS_WITH_BLANKS = ["<!-- c -->", "</EM >", "<br/ >", "<a href=x>", '<a title="<b>">', "< p>"]
OTHER_REFERENCES = ["&#39;", "&#10;", "&mdash;", "&", "&am", "p;"]
OTHER_CHARACTERS = "\0\ufeff\ufffe\ud800\x01\x0b\x0c\x1c\x85\u2028"
# markup and characters that need the parser, and text that only looks like a tag
ODD = [*OTHER_TAGS.split(), *OTHER_TAGS_WITH_BLANKS, *OTHER_REFERENCES, *OTHER_CHARACTERS]


def parsed_text(html: str) -> str | None:
    try:
        return text_by_libxml2(html)
    except ExtractionError:
        return None


def element(content: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return a strategy for elements with some content, whether or not HTML allows it."""
    return st.builds(
        lambda name, more, inner: f"<{name}{more}>{inner}</{name}>",
        st.sampled_from(PHRASES + BLOCKS),
        st.sampled_from(ATTRIBUTES),
        st.lists(content, max_size=4).map("".join),
    )


LEAVES = st.sampled_from([*RUNS, *RUNS, *REFERENCES, *EMPTY])
NESTED = st.lists(st.recursive(LEAVES, element, max_leaves=12), max_size=6).map("".join)


def is_allowed(outer: str, inner: str) -> bool:
    if inner in PHRASES:
        return (outer, inner) != ("a", "a")
    return outer in ("blockquote", "div", "ul") and (outer, inner) != ("ul", "pre")


@pytest.mark.parametrize("outer", PHRASES + BLOCKS)
def test_every_element_in_every_other(outer: str) -> None:
    for inner in PHRASES + BLOCKS:
        html = f"\n<{outer}>\n\n<{inner}>\n\n</{inner}>\n\nx<{inner}>y</{inner}></{outer}>\n\n"
        text = text_by_libxml2(html)
        assert well_nested.text(html) == (text if is_allowed(outer, inner) else None)


@given(NESTED)
def test_text_of_nested_elements_equals_libxml2s(html: str) -> None:
    assert well_nested.text(html) in (None, parsed_text(html))


@given(st.lists(st.sampled_from([*TAGS, *RUNS, *REFERENCES, *ODD]), max_size=9).map("".join))
def test_text_of_any_markup_equals_libxml2s(html: str) -> None:
    assert well_nested.text(html) in (None, parsed_text(html))


@given(NESTED, st.sampled_from([*TAGS, *ODD, *EMPTY, *REFERENCES]), st.data())
def test_text_of_damaged_html_equals_libxml2s(
    html: str, inserted: str, data: st.DataObject
) -> None:
    position = data.draw(st.integers(0, len(html)))
    start, end = html[:position], html[position:]
    for damaged in (start + inserted + end, start, end):
        assert well_nested.text(damaged) in (None, parsed_text(damaged))


def test_text_of_every_character_equals_libxml2s() -> None:
    characters = [chr(code) for code in itertools.chain(range(0x3000), range(0xD700, 0x10000))]
    for character in characters:
        html = f"<p>{character}</p>{character}"
        assert well_nested.text(html) in (None, parsed_text(html)), hex(ord(character))


@pytest.mark.parametrize(
    "html",
    ["&l<b>t;</b>", "</>", "<>", "<b", "a<b", "<p>x</p", "<b></i>", "</b>", "<li>x", "a\rb"],
)
def test_html_that_needs_a_parser(html: str) -> None:
    assert well_nested.text(html) is None


def test_white_space_is_kept_in_preformatted_code() -> None:
    html = "<blockquote>\n\n<pre><code>a\n\n</code>\n\n<b>c</b></pre>\n\n</blockquote>\n\n"
    assert well_nested.text(html) == "\na\n\n\n\nc\n\n"


@pytest.mark.parametrize(
    "piece", ["<", ">", "<a ", '<a b="', "<p>", "</p>", "<b>x</b>", "&", "&lt;", "<br />", "\n\n<"]
)
def test_time_is_linear(piece: str) -> None:
    begin = time.process_time()
    for html in (piece * 200_000, f"<p>{piece * 200_000}</p>", f"<a {piece * 200_000}>"):
        well_nested.text(html)
    assert time.process_time() - begin < 3


def test_posts_of_real_sites(shared_data: Path) -> None:
    posts, unanswered = 0, 0
    for path in (shared_data / "stackexchange").glob("*/Posts.xml"):
        rows: Any = etree.parse(path).getroot()
        for row in rows:
            html = re.sub("</?(?:li|ol)>", "\n*", row.get("Body").replace("\r\n", "\n"))
            text = well_nested.text(html)
            assert text in (None, text_by_libxml2(html))
            posts, unanswered = posts + 1, unanswered + (text is None)
    assert posts > 2000
    assert unanswered < posts / 50
