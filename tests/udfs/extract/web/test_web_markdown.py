"""Web pages as Markdown, read again by a parser of CommonMark."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from udfs.extract.html import extract

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
    assert markdown(body) == r"We have $x_1^2$ here, with a\_1."


def test_the_headline_stands_before_the_content() -> None:
    page = f"<h1>Old harbours</h1><p>{PROSE}</p><p>{PROSE} Twice.</p>"
    text = extract(page.encode(), markup="markdown").text
    assert text == f"# Old harbours\n\n{PROSE}\n\n{PROSE} Twice."
