"""The text of well nested HTML without a parser: what libxml2 finds, or no answer."""

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
from udfs.extract.post_html import by_libxml2

PHRASES = ["a", "b", "code", "em", "i", "span", "strong", "sub"]
BLOCKS = ["blockquote", "div", "h1", "p", "pre", "ul"]
EMPTY = ["<br>", "<br />", "<hr>", '<img src="a>b" alt="&amp;">', '<img src="c" />']
ATTRIBUTES = ["", "", ' class="x"', ' href="/?a=1&amp;b=2" rel="nofollow"']
RUNS = [
    "a",
    "b c",
    "\n",
    "\n\n",
    "\n  ",
    " ",
    "  ",
    "\t",
    " d ",
    "\xa0",
    "é",
    "\u3000",
    "\U0001f600",
]
REFERENCES = ["&lt;", "&gt;", "&amp;", "&quot;", "&nbsp;", "&amp;lt;"]
TAGS = [f"<{slash}{name}>" for slash in ("", "/") for name in [*PHRASES, *BLOCKS, "li", "ol"]]
# what is not well nested, not known, or no tag at all
ODD = [
    *["<table>", "<tr>", "<td>", "</table>", "<script>", "</script>", "<textarea>", "</textarea>"],
    *["<!-- c -->", "<!--", "<?x?>", "<![CDATA[", "<body>", "</html>", "<foo>", "</foo>", "<P>"],
    *["</EM >", "<p/>", "<br/ >", "<a href=x>", '<a title="<b>">', "<", ">", "</>", "<>", "< p>"],
    *["&#39;", "&#10;", "&mdash;", "&", "&am", "p;", "\0", "\ufeff", "\ufffe", "\ud800", "\x01"],
    *["\x0b", "\x0c", "\x1c", "\x85", "\u2028"],
]


def by_parser(html: str) -> str | None:
    try:
        return by_libxml2(html)
    except ExtractionError:
        return None


def element(content: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Tags of any kind around some content; what is within what is left to chance."""
    return st.builds(
        lambda name, more, inner: f"<{name}{more}>{inner}</{name}>",
        st.sampled_from(PHRASES + BLOCKS),
        st.sampled_from(ATTRIBUTES),
        st.lists(content, max_size=4).map("".join),
    )


LEAVES = st.sampled_from([*RUNS, *RUNS, *REFERENCES, *EMPTY])
NESTED = st.lists(st.recursive(LEAVES, element, max_leaves=12), max_size=6).map("".join)


def is_known(outer: str, inner: str) -> bool:
    if inner in PHRASES:
        return (outer, inner) != ("a", "a")
    return outer in ("blockquote", "div", "ul") and (outer, inner) != ("ul", "pre")


@pytest.mark.parametrize("outer", PHRASES + BLOCKS)
def test_a_tag_in_each_other(outer: str) -> None:
    for inner in PHRASES + BLOCKS:
        html = f"\n<{outer}>\n\n<{inner}>\n\n</{inner}>\n\nx<{inner}>y</{inner}></{outer}>\n\n"
        text = by_libxml2(html)
        assert well_nested.text(html) == (text if is_known(outer, inner) else None)


@given(NESTED)
def test_text_of_nested_tags_is_what_libxml2_finds(html: str) -> None:
    assert well_nested.text(html) in (None, by_parser(html))


@given(st.lists(st.sampled_from([*TAGS, *RUNS, *REFERENCES, *ODD]), max_size=9).map("".join))
def test_text_of_anything_is_what_libxml2_finds(html: str) -> None:
    assert well_nested.text(html) in (None, by_parser(html))


@given(NESTED, st.sampled_from([*TAGS, *ODD, *EMPTY, *REFERENCES]), st.data())
def test_text_of_damaged_html_is_what_libxml2_finds(
    html: str, more: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(html)))
    for damaged in (html[:at] + more + html[at:], html[:at], html[at:]):
        assert well_nested.text(damaged) in (None, by_parser(damaged))


def test_every_character_is_what_libxml2_takes_it_for() -> None:
    every = [chr(code) for code in itertools.chain(range(0x3000), range(0xD700, 0x10000))]
    for character in every:
        html = f"<p>{character}</p>{character}"
        assert well_nested.text(html) in (None, by_parser(html)), hex(ord(character))


@pytest.mark.parametrize(
    "html",
    ["&l<b>t;</b>", "</>", "<>", "<b", "a<b", "<p>x</p", "<b></i>", "</b>", "<li>x", "a\rb"],
)
def test_what_only_a_parser_can_tell(html: str) -> None:
    assert well_nested.text(html) is None


def test_white_space_stays_in_code() -> None:
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
    found, parsed = 0, 0
    for path in (shared_data / "stackexchange").glob("*/Posts.xml"):
        rows: Any = etree.parse(path).getroot()
        for row in rows:
            html = re.sub("</?(?:li|ol)>", "\n*", row.get("Body").replace("\r\n", "\n"))
            text = well_nested.text(html)
            assert text in (None, by_libxml2(html))
            found, parsed = found + 1, parsed + (text is None)
    assert found > 2000
    assert parsed < found / 50
