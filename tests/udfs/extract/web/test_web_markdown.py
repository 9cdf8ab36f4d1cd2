"""Web pages as Markdown, read again by a parser of CommonMark."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from udfs.extract.html import extract
from udfs.extract.web import page
from udfs.extract.web.markdown import write
from udfs.extract.web.markdown_escapes import cell, escaped

PROSE = (
    "The harbour was built in the twelfth century and was enlarged several times since then, most "
    "recently by the town council, which is proud of it."
)


def markdown(body: str) -> str:
    """Return the Markdown of a body between two paragraphs."""
    page = f"<html><body><main><p>{PROSE}</p>{body}<p>{PROSE}</p></main></body></html>"
    text = extract(page.encode(), "text/html; charset=utf-8", markup="markdown").text
    assert text.startswith(f"{PROSE}\n\n")
    assert text.endswith(f"\n\n{PROSE}")
    return text[len(PROSE) + 2 : -len(PROSE) - 2]


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("<h2>Old ships</h2><p>They are many.</p>", "<h2>Old ships</h2>\n<p>They are many.</p>\n"),
        ("<ul><li>one ship<li>two ships</ul>", "<ul>\n<li>one ship</li>\n<li>two ships</li>\n</ul>\n"),
        (
            "<ol start=5><li>five ships<li>six ships</ol>",
            '<ol start="5">\n<li>five ships</li>\n<li>six ships</li>\n</ol>\n',
        ),
        (
            "<ul><li>ships<ul><li>old ones</ul><li>boats</ul>",
            "<ul>\n<li>ships\n<ul>\n<li>old ones</li>\n</ul>\n</li>\n<li>boats</li>\n</ul>\n",
        ),
        (
            '<pre><code class="language-python">if x:\n\n    y("```")\n</code></pre>',
            '<pre><code class="language-python">if x:\n\n    y(&quot;```&quot;)\n</code></pre>\n',
        ),
        ("<p>5 * 3 &lt; 16 and a_b_c, # not [a] `head`.</p>",
         "<p>5 * 3 &lt; 16 and a_b_c, # not [a] `head`.</p>\n"),
        ("<p># no heading here, nor 1. list</p>", "<p># no heading here, nor 1. list</p>\n"),
        ("<p>1. is no list of ships</p>", "<p>1. is no list of ships</p>\n"),
        ("<blockquote><p>It is a fine harbour, they say.</p></blockquote>",
         "<blockquote>\n<p>It is a fine harbour, they say.</p>\n</blockquote>\n"),
        (
            "<table><tr><th>ship<th>size<tr><td>a|b<td>12</table>",
            "<table>\n<thead>\n<tr>\n<th>ship</th>\n<th>size</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n"
            "<td>a|b</td>\n<td>12</td>\n</tr>\n</tbody>\n</table>\n",
        ),
    ],
)  # fmt: skip
def test_structure(body: str, html: str) -> None:
    assert MarkdownIt().enable("table").render(markdown(body)) == html


def test_formulas() -> None:
    body = "<p>We have <script type='math/tex'>x_1^2</script> here, with a_1.</p>"
    assert markdown(body) == "We have $x_1^2$ here, with a_1."
    body = "<p>Here <script type='math/tex; mode=display'>x * y</script> costs $5.</p>"
    assert markdown(body) == r"Here $$x * y$$ costs \$5."
    body = "<table><tr><td><script type='math/tex'>|x|</script><td>a<tr><td>b<td>c</table>"
    assert r"| $\vert x\vert$ | a |" in markdown(body)


def test_code_within_a_line() -> None:
    body = "<p>Call <code>f(*a)</code> or <tt>`</tt> and press <kbd>C</kbd>, <code> </code>now.</p>"
    assert markdown(body) == "Call `f(*a)` or `` ` `` and press `C`, now."
    assert "f(*a) or ` and press C, now." in extract(body.encode(), extractor="body").text
    assert markdown(f"<p>{PROSE} <code>{PROSE * 2}") == f"{PROSE} {PROSE * 2}"  # was not closed


@pytest.mark.parametrize(
    ("attributes", "inner", "language"),
    [
        ("class='brush: php'", "", "php"),
        ("class='highlight language-plain'", "", ""),
        ("", "<code class='hljs lang-C++'>", "c++"),
        ("", "<code class=language>", ""),
    ],
)
def test_languages_of_code(attributes: str, inner: str, language: str) -> None:
    assert markdown(f"<pre {attributes}>{inner}x = 1;\ny = 2;</code></pre>").startswith(
        f"```{language}\nx = 1;\n"
    )
    around = f"<div class='highlight highlight-source-{language or 'text'}'><pre>x\ny</pre></div>"
    assert markdown(around) == f"```{language}\nx\ny\n```"


def markdown_of_all(body: str) -> str:
    """Return the Markdown of a whole body."""
    return extract(
        body.encode(), "text/html; charset=utf-8", extractor="body", markup="markdown"
    ).text


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # lists without anything between them stay two
        ("<ul><li>a</ul><ul><li>b</ul><ul><li>c</ul>", "- a\n\n* b\n\n- c"),
        ("<ol><li>a</ol><ol><li>b</ol>", "1. a\n\n1) b"),
        ("<ul><li>a</ul><p>x<ul><li>b</ul>", "- a\n\nx\n\n- b"),
        # an item's blocks
        (
            "<ol start=9><li><p>a<p>b<pre>c\n\nd</pre><li>e</ol>",
            "9. a\n\n   b\n\n   ```\n   c\n\n   d\n   ```\n\n10. e",
        ),
        ("<ul><li><h3>a</h3>b<li><ol><li>c</ol></ul>", "- ### a\n\n  b\n\n- 1. c"),
        ("<ol><li>a<ol start=3><li>b</ol></ol>", "1. a\n\n   3. b"),
        # numbers that Markdown has not
        ("<ol start=-1><li>a<li>b</ol>", "-1. a\n\n0. b"),
        ("<ol type=a><li>a<li>b</ol>", "1. a\n2. b"),
        ("<ul style='list-style: none'><li>a<li>b</ul>", "a\n\nb"),
        ("<ul><li><a>a</a><li><a>b</a></ul>", "- a\n- b"),
        (
            "<blockquote><p>a<p>b<ul><li>c</ul></blockquote><blockquote>d</blockquote>",
            "> a\n>\n> b\n>\n> - c\n\n> d",
        ),
        (
            "<table><caption>a</caption><tr><td>b<td>c<td>d<tr><td>e<td><td>f<tr><td>g</table>",
            "a\n\n|  |  |  |\n| --- | --- | --- |\n| b | c | d |\n| e |  | f |\n| g |  |  |",
        ),
        ("<h2>a<br>b #</h2><h6>c</h6>", "## a b \\#\n\n###### c"),
        ("<p>a<br>b", "a\\\nb"),
    ],
)
def test_lists_quotations_and_tables(body: str, expected: str) -> None:
    assert markdown_of_all(body) == expected


def test_parts_of_lists_and_tables() -> None:
    _, blocks = page.read(
        "<ol><li>a<ul><li>b<li>c</ul><li>d</ol><pre>e\n f</pre>"
        "<table><tr><th>g<th>h<tr><td>i<td>j<tr><td>k<td>l</table>"
    )
    assert blocks.text == ["a", "b", "c", "d", "e\n f", "g\th", "i\tj", "k\tl"]
    chosen = [text in ("c", "d", "e\n f", "k\tl") for text in blocks.text]
    assert write(blocks, chosen) == (
        "1. - c\n2. d\n\n```\ne\n f\n```\n\n|  |  |\n| --- | --- |\n| k | l |"
    )


SPECIAL = st.lists(
    st.one_of(
        st.text("#*_`<>[]()!\\&;|~-+=:.1a /\"'$@", min_size=1, max_size=12),
        st.sampled_from(
            ("&amp;", "&#35;", "</b>", "<!--", "---", "***", "1.", "- ", "[a]: b", "![x](y)", "* *")
        ),
    ),
    min_size=1,
    max_size=8,
).map(lambda parts: " ".join("".join(parts).split()))


@given(st.lists(SPECIAL.filter(bool), min_size=1, max_size=3))
@settings(deadline=None, max_examples=300)
def test_a_parser_reads_the_text_that_was_written(lines: list[str]) -> None:
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    opening, inline, closing = parser.parse(escaped("\n".join(lines)))
    assert (opening.type, closing.type) == ("paragraph_open", "paragraph_close")
    assert {child.type for child in inline.children or ()} <= {"text", "text_special", "hardbreak"}
    assert "".join(child.content or "\n" for child in inline.children or ()) == "\n".join(lines)


@given(st.lists(st.tuples(SPECIAL, SPECIAL), min_size=1, max_size=3))
@settings(deadline=None, max_examples=100)
def test_a_parser_reads_the_cells_that_were_written(rows: list[tuple[str, str]]) -> None:
    table = ["|  |  |", "| --- | --- |", *(f"| {cell(a)} | {cell(b)} |" for a, b in rows)]
    tokens = MarkdownIt("commonmark").enable("table").parse("\n".join(table))
    cells = [
        "".join(child.content for child in token.children or ())
        for token in tokens
        if token.type == "inline"
    ]
    assert cells[2:] == [text for row in rows for text in row]


def test_the_headline_stands_before_the_content() -> None:
    page = f"<h1>Old harbours</h1><p>{PROSE}</p><p>{PROSE} Twice.</p>"
    text = extract(page.encode(), markup="markdown").text
    assert text == f"# Old harbours\n\n{PROSE}\n\n{PROSE} Twice."
