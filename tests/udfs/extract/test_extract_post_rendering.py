"""Posts as a reader sees them: powers and indices, numbers of lists, line breaks, tables."""

from __future__ import annotations

import html as entities
import time
from pathlib import Path

import pytest
from dump_cases import expected, words
from hypothesis import given
from hypothesis import strategies as st

from udfs.extract import post_html
from udfs.extract.errors import ExtractionError
from udfs.extract.post_rendering import text


def test_a_post_with_powers(dump_cases: Path) -> None:
    folder = dump_cases / "s01-powers-and-indices"
    [right] = expected(folder)
    assert words(text((folder / "input.html").read_text(encoding="utf-8"))) == words(right)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("10<sup>6</sup>", "10⁶"),
        ("10<sup>-3</sup> 10<sup>&minus;3</sup> 10<sup>\u22123</sup>", "10⁻³ 10⁻³ 10⁻³"),
        ("H<sub>2</sub>SO<sub>4</sub>", "H₂SO₄"),
        ("Ca<sup>2+</sup>", "Ca²⁺"),
        ("x<sup>n</sup> x<sup><em>n</em></sup> x<sub>i</sub>", "x^n x^n x_i"),
        ("x<sup>2k</sup> x<sup>n+1</sup> x<sub>10a</sub>", "x^(2k) x^(n+1) x_(10a)"),
        ("4<sup>th</sup> Foo<sup>TM</sup> x<sub>max</sub>", "4th FooTM xmax"),
        ("x<sub>n-1</sub> x<sub>1,2</sub> 2<sup>2<sup>n</sup></sup>", "x_(n-1) x₁,₂ 2^(2^n)"),
        ("XIX<sup>e</sup> 2<sup>e</sup> n<sup>o</sup> 1.<sup>a</sup>", "XIXe 2e no 1.a"),
        ("<sub>small print of several words</sub>", "small print of several words"),
        ("<sup>1</sup> <a href=\"x\"><sup>2</sup></a>", "¹ ²"),
        ("x<sup>a<a href=\"x\">b</a></sup>", "xab"),
        ("<sup>&lt;b&gt;</sup>", "<b>"),
        ("<code>x</code><sup>2</sup> &amp; <b>y</b>", "x² & y"),
    ],
)  # fmt: skip
def test_powers_and_indices(html: str, expected: str) -> None:
    assert text(f"<p>{html}</p>") == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<ol>\n<li>one</li>\n<li>two</li>\n</ol>\n", ["1. one", "2. two"]),
        ("<p>Do:</p>\n\n<ol>\n<li><p>one</p></li>\n<li><p>two</p></li>\n</ol>", ["Do:", "1. one", "2. two"]),
        ('<ol start="3">\n<li>x</li>\n<li value="9">y</li>\n<li>z</li>\n</ol>', ["3. x", "9. y", "10. z"]),
        ("<ul>\n<li>one <b>x</b></li>\n<li>two</li>\n</ul>", ["* one x", "* two"]),
        (
            "<ol>\n<li>one\n<ul>\n<li>a</li>\n<li>b</li>\n</ul></li>\n<li>two</li>\n</ol>",
            ["1. one", "* a", "* b", "2. two"],
        ),
        (
            "<ul>\n<li>a\n<ol>\n<li>x</li>\n</ol></li>\n<li>b</li>\n</ul>\n<ol>\n<li>y</li>\n</ol>",
            ["* a", "1. x", "* b", "1. y"],
        ),
        ("<ol><li>a</li><li>b</li></ol><p>c</p>", ["1. a", "2. b", "c"]),
        ("a<br>b<br/>c<br />\nd", ["a", "b", "c", "d"]),
        ("<p>a</p><p>b</p><pre><code>c\n</code></pre><p>d</p>", ["a", "b", "c", "d"]),
        (
            "<table>\n<thead>\n<tr>\n<th>A</th>\n<th>B</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n"
            '<td>1</td>\n<td style="x">2</td>\n</tr>\n</tbody>\n</table>',
            ["A\tB", "1\t2"],
        ),
        ("</ol><p>x</p>", ["x"]),
        ("<pre><code>&lt;ol&gt;\n* 10&lt;sup&gt;6\n</code></pre>", ["<ol>", "* 10<sup>6"]),
    ],
)  # fmt: skip
def test_lines(html: str, expected: list[str]) -> None:
    assert [line.strip() for line in text(html).splitlines() if line.strip()] == expected


PIECES = [
    "<p>",
    "</p>",
    "\n\n",
    "a",
    "<b>",
    "</b>",
    "<pre>",
    "</pre>",
    "<code>",
    "</code>",
    "é",
    "<em>",
    "</em>",
]


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_other_posts_have_v1s_text(html: str) -> None:
    html = f"<p>x</p>\n{html}".replace("</p><", "</p>\n<").replace("</pre><", "</pre>\n<")
    assert text(html).split() == post_html.text(html).split()


@given(st.text())
def test_text_without_tags_is_kept(plain: str) -> None:
    html = f"<p>x{entities.escape(plain)}</p>"
    assert text(html) == post_html.text(html)


@pytest.mark.parametrize(
    "part", ["<sup>", "<li>", "<ol><li>", "</ol>", "<td>\n", "<br>", "\n", "<sup>&", "</p><"]
)
def test_hostile_posts_take_seconds(part: str) -> None:
    before = time.process_time()
    try:
        text(part * (30_000 // len(part)))
    except ExtractionError as error:
        assert error.error in (post_html.TOO_DEEP, "extraction-timeout")  # noqa: PT017
    assert time.process_time() - before < 3
