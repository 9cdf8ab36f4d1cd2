"""What of a page's markup is text, and how its tables, code and lists are read."""

from __future__ import annotations

import pytest

from udfs.extract.html import extract

PROSE = (
    "The harbour was built in the twelfth century and was enlarged several times since then, most "
    "recently by the town council, which is proud of it."
)
LONG = " ".join([PROSE] * 4)


def lines(body: str) -> list[str]:
    """Return the lines of all text of a page."""
    text = extract(body.encode(), "text/html; charset=utf-8", extractor="body").text
    return text.split("\n") if text else []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # verbatim elements
        ("<xmp>a < b <p> & c</xmp><p>d", ["a < b <p> & c", "d"]),
        ("<plaintext>a<b>\n  c", ["a<b>", "  c"]),
        ("<listing>a\n  b</listing>", ["a", "  b"]),
        # what is no text
        ("<textarea>a <b>c</textarea><p>d", ["d"]),
        ("<p>a<select><option>b<option>c</select>d", ["ad"]),
        ("<p>a<svg><title>b</title><text>c</text></svg>d", ["ad"]),
        ("<p>a<canvas>b</canvas><audio>c</audio><object>d</object>e", ["ae"]),
        ("<p>a<template><p>b</template>", ["a"]),
        ("<p>a<!-- <p> b > --><!---->c<!--> d", ["ac d"]),
        ("<p>a<img alt=b>c<map><area alt=d>e</map>", ["ace"]),
        ("<p>a <span style='display: none'>b</span>c<span class='x sr-only'>d</span>", ["a c"]),
        ("<h2>a<span class=mw-editsection>[<a>b</a>]</span></h2><h3>c<a>¶</a></h3>", ["a", "c"]),
        ("<p>a<i class=material-icons>b</i><button class=copy>c</button>d", ["a", "d"]),
        # borders
        ("a<hr>b<div>c</div>d<p>e<br><br>f<br>&nbsp;<br>g<br>h", [*"abcdefgh"]),
        ("<details><summary>a</summary>b</details><dialog>c</dialog>", ["a", "b", "c"]),
        ("<p>a<b>b</b><x-y>c</x-y> <i> d</i>\n e", ["abc d e"]),
        ("<dl><dt>a<dd>b<dd>c</dl>", ["a", "b", "c"]),
        # tags that are hard to cut
        ("<p title='a > b < c'>d", ["d"]),
        ("<a b<c d=1>e</a><p>f<div<a>g</div<a>h", ["e", "fgh"]),
        ("<p>&lt;b&gt; &amp;lt; &nbsp;&amp;", ["<b> &lt; &"]),
    ],
)
def test_what_is_text(body: str, expected: list[str]) -> None:
    assert lines(body) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<ruby>本<rp>(</rp><rt>ほん</rt><rp>)</rp></ruby>の", ["本の"]),
        ("<ruby>本<rt>ほん<rt>x</ruby><ruby>日<rt>にち</ruby>の", ["本日の"]),
        ("<ruby><rb>東<rb>京<rtc><rt>とう<rt>きょう</rtc></ruby>へ", ["東京へ"]),
        ("<ruby>漢<rt>かん</rt>字<rt>じ</rt></ruby>", ["漢字"]),
        ("<p>a<wbr>b &shy;c\u00add\u200be\u2060f\ufeffg", ["ab cdefg"]),
        ("<p>می\u200cخواهم क्\u200dष 👩\u200d🚀", ["می\u200cخواهم क्\u200dष 👩\u200d🚀"]),
        ("<pre>a\u200b  b&shy;c</pre>", ["a  bc"]),
        ("<p>山<b>田</b>　<i>太</i>郎<u>€</u>", ["山田 太郎€"]),
    ],
)
def test_characters(body: str, expected: list[str]) -> None:
    assert lines(body) == expected


def test_the_title_has_no_soft_hyphens_either() -> None:
    assert extract("<title>a\u00adb\u200b c</title>".encode()).title == "ab c"


@pytest.mark.parametrize(
    ("html", "title"),
    [
        # a picture in the head ends it where scripts do not run
        ("<head><noscript><img src=x></noscript><title>a</title></head><p>b", "a"),
        ("<body><p>b<title>a</title>", "a"),
        ("<svg><title>c</title></svg><title>a</title><title>b</title>", "a"),
    ],
)
def test_titles_wherever_they_are(html: str, title: str) -> None:
    assert extract(html.encode()).title == title


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<noscript><p>Enable JavaScript.</p></noscript><p>a", ["a"]),
        (f"<p>{LONG}<noscript><img src=x><p>{LONG}</noscript>", [LONG]),
        # most of the page's text, or all of it
        (f"<p>a<noscript><p>{LONG}</p></noscript><p>b", ["a", LONG, "b"]),
        (f"<p>a<noscript>Enable!</noscript><noscript><p>{LONG}</noscript>", ["a", LONG]),
        (f"<p>{LONG * 2}<noscript><p>{LONG}</body></html>", [LONG * 2, LONG]),
        (f"<head><noscript><p>{LONG}", [LONG]),
        (f"<p>a<object><p>{LONG}", ["a", LONG]),
        (f"<video>{LONG}", [LONG]),
        (
            "<frameset><frame src=x><noframes><body><p>a<p>b</body></noframes></frameset>",
            ["a", "b"],
        ),
        ("<frameset><frame src=x></frameset><body><p>a</body>", ["a"]),
        ("<p>a<noframes>b</noframes><iframe>c</iframe><noembed>d</noembed>", ["a"]),
    ],
)
def test_what_browsers_without_scripts_show(html: str, expected: list[str]) -> None:
    assert lines(html) == expected


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("<tr><th>a<th><th>b<tr><td><td>1<td><tr><td>2<td>3<td>4", ["a\t\tb", "\t1", "2\t3\t4"]),
        # the only text of a row stays in its column where there is a table
        ("<tr><td>a<td>b<tr><td><td>c<tr><td colspan=2>d", ["a\tb", "\tc", "d"]),
        ("<tr><td><td>a", ["a"]),
        ("<tr><td>a<br>b<td>c\td", ["a b\tc d"]),
        ("<tr><td><p>a</p><td><p>b</p>", ["a\tb"]),
        # cells with several blocks: of a table with headings, and of a layout
        ("<tr><th>a<th>b<tr><td>c<td><ul><li>d<li>e</ul>", ["a\tb", "c\td e"]),
        ("<tr><td><h2>a</h2><p>b</p><td><p>c</p><p>d</p>", ["a", "b", "c", "d"]),
        (f"<tr><td>a<td>{LONG + LONG}", ["a", LONG + LONG]),
        ("<tr><td>a<table><tr><td>b<td>c</table><td>d", ["a", "b\tc", "d"]),
        ("<tr><td>a<td><pre>b\n  c</pre>", ["a", "b", "  c"]),
        ("<caption>a</caption><thead><tr><th>b<th>c<tbody><tr><td>d<td>e", ["a", "b\tc", "d\te"]),
    ],
)
def test_tables(rows: str, expected: list[str]) -> None:
    assert lines(f"<table>{rows}</table>") == expected


CODE = ["def f():", "", "    return 1"]


@pytest.mark.parametrize(
    "body",
    [
        "<pre>def f():  \n\n    return 1\n\n</pre>",
        "<pre><code>def f():<br><br>&nbsp;   return 1</code></pre>",
        "<pre><div class=line>def f():</div><div class=line></div><div>    return 1\n</div></pre>",
        "<pre><span class=lineno>1 </span>def f():\n<span class=lnt>2</span>\n    return 1</pre>",
        "<pre><button>Copy</button><span><b>def</b> f():</span>\n\n    return 1</pre>",
        # a row a line
        "<table><tr><td class='blob-num' data-line-number=1><td class='blob-code'>def f():"
        "<tr><td class='blob-num'><td class='blob-code'>\n<tr><td><td class='x blob-code'>    return 1"
        "</table>",
        "<table><tr><td>1<td class=hljs-ln-code>def f():<tr><td>2<td class=hljs-ln-code>"
        "<tr><td>3<td class=hljs-ln-code>    return 1</table>",
        # a cell with all numbers and one with all lines
        "<table><tr><td class=linenos><div><pre>1\n2\n3</pre></div><td class=code><div><pre>def f():\n\n"
        "    return 1\n</pre></div></table>",
        "<pre><code><table><tr><td><pre>1\n2\n3\n</pre><td><pre>def f():\n\n    return 1\n</pre>"
        "</table></code></pre>",
        "<table><tr><td class=gutter><div>1</div><div>2</div><div>3</div><td class=code><div>"
        "<div>def f():</div><div></div><div><code>    </code>return 1</div></div></table>",
    ],
)
def test_code(body: str) -> None:
    assert lines(body) == CODE


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("<tr><td class=code>AMS<td>Amsterdam", ["AMS\tAmsterdam"]),
        ("<tr><td class=code> X1\n<td>12.50<tr><td class=code>X2<td>3", ["X1\t12.50", "X2\t3"]),
        ("<tr><td class=zip-code>1<td>Town", ["1\tTown"]),
        ("<tr><td>1<td><pre>a\nb\nc</pre>", ["1", "a", "b", "c"]),
    ],
)
def test_tables_that_are_no_code(rows: str, expected: list[str]) -> None:
    assert lines(f"<table>{rows}</table>") == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<ol start=0><li>a<li value=' 7'>b<li>c</ol>", ["  0. a", "  7. b", "  8. c"]),
        ("<ol start=-1><li>a<li>b<li>c</ol>", ["  -1. a", "  0. b", "  1. c"]),
        ("<ol start=x><li>a</ol><ol start=99999999999><li>b</ol>", ["  1. a", "  1. b"]),
        ("<ol reversed start=5><li>a<li>b</ol>", ["  5. a", "  4. b"]),
        ("<ol type=A start=26><li>a<li>b</ol>", ["  Z. a", "  AA. b"]),
        ("<ol type=i start=8><li>a<li>b<li type=1>c</ol>", ["  viii. a", "  ix. b", "  10. c"]),
        ("<ol style='list-style: upper-roman'><li>a</ol>", ["  I. a"]),
        ("<ul style='list-style-type:none'><li>a</ul><menu><li>b</menu>", ["a", "  • b"]),
        ("<ol><li>a<ol start=3><li>b</ol><li>c</ol>", ["  1. a", "    3. b", "  2. c"]),
        ("<ul><li><div><p>a</p></div><p>b</p><li><ol><li>c</ol></ul>", ["  • a", "b", "    1. c"]),
        ("<ul><li></li></ul><p>a<ul><li>b<br>c</ul>", ["a", "  • b", "c"]),
        (
            "<ol start=4><li><a>a</a><li><a>bbbb<br>cccc</a><li><a>d</a></ol>",
            ["  4. a", "  5. bbbb cccc", "  6. d"],
        ),
        ("<div><li>a</div>", ["• a"]),
    ],
)
def test_lists(body: str, expected: list[str]) -> None:
    assert lines(body) == expected
