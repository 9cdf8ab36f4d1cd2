"""Lists, tables, code and formulas in the text of a page."""

from __future__ import annotations

import pytest

from udfs.extract.html import extract

PROSE = (
    "The harbour was built in the twelfth century and was enlarged several times since then, most "
    "recently by the town council, which is proud of it."
)


def lines(body: str) -> list[str]:
    """Return the lines of a body's text between two paragraphs."""
    page = f"<html><body><main><p>{PROSE}</p>{body}<p>{PROSE}</p></main></body></html>"
    first, *between, last = extract(page.encode(), "text/html; charset=utf-8").text.split("\n")
    assert (first, last) == (PROSE, PROSE)
    return between


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<ul><li>one ship<li>two ships</ul>", ["  • one ship", "  • two ships"]),
        (
            "<ol start=5><li>five<li>six<li value=9>nine</ol>",
            ["  5. five", "  6. six", "  9. nine"],
        ),
        ("<ol reversed><li>b of it<li>a of it</ol>", ["  2. b of it", "  1. a of it"]),
        ("<ol type=a><li>first<li>second</ol>", ["  a. first", "  b. second"]),
        (
            "<ol><li>ships<ul><li>old ones</ul><li>boats</ol>",
            ["  1. ships", "    • old ones", "  2. boats"],
        ),
        ("<ul><li><p>one ship</p><p>and its crew</p></ul>", ["  • one ship", "and its crew"]),
    ],
)
def test_lists(body: str, expected: list[str]) -> None:
    assert lines(body) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<table><tr><td>男<td>12<tr><td>女<td>15</table>", ["男\t12", "女\t15"]),
        ("<table><tr><td>B<td><b>€</b> 12<tr><td>C<td>—</table>", ["B\t€ 12", "C\t—"]),
        ("<table><tr><th>a<th><th>c<tr><td>1<td>2<td>3</table>", ["a\t\tc", "1\t2\t3"]),
    ],
)
def test_tables(body: str, expected: list[str]) -> None:
    assert lines(body) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<pre>def f():\n\n    return 1\n</pre>", ["def f():", "", "    return 1"]),
        ("<pre><code><span>if</span> x:<br>\ty()</code></pre>", ["if x:", "\ty()"]),
        (
            "<table><tr><td class=blob-num data-line-number=1><td class='blob-code'>if x:"
            "<tr><td class=blob-num data-line-number=2><td class='blob-code'>    y()</table>",
            ["if x:", "    y()"],
        ),
        (
            "<table><tr><td class=linenos><pre>1\n2</pre><td class=code><pre>if x:\n    y()</pre></table>",
            ["if x:", "    y()"],
        ),
    ],
)
def test_code(body: str, expected: list[str]) -> None:
    assert lines(body) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "<p>中国人民<b>的</b>生活<i>很</i>好。山<span>和</span>水。</p>",
            "中国人民的生活很好。山和水。",
        ),
        (
            "<p>Here 5 <i>≤</i> x, then <span>→</span> and so on.</p>",
            "Here 5 ≤ x, then → and so on.",
        ),
        (
            "<p><ruby>本日<rp>(</rp><rt>ほんじつ</rt><rp>)</rp></ruby>の会議は東京です。</p>",
            "本日の会議は東京です。",
        ),
        (
            "<p>A har\u00adbour and its zero\u200bwidth space.</p>",
            "A harbour and its zerowidth space.",
        ),
        ("<p>می\u200cخواهم به خانه بروم و بخوابم.</p>", "می\u200cخواهم به خانه بروم و بخوابم."),
        (
            "<p>We have <math><semantics><msup><mi>x</mi><mn>2</mn></msup><annotation "
            'encoding="application/x-tex">x^2</annotation></semantics></math> here.</p>',
            "We have x^2 here.",
        ),
        ("<p>We have <script type='math/tex'>x^2</script> here.</p>", "We have x^2 here."),
    ],
)
def test_characters_and_formulas(body: str, expected: str) -> None:
    assert lines(body) == [expected]


def test_a_thread_of_comments_is_the_content_of_its_page() -> None:
    post = f"<tr class=athing><td><span class=hnuser>user</span><div class=comment>{PROSE} {{}}</div></tr>"
    posts = "".join(post.format(number) for number in range(4))
    text = extract(f"<center><table class=comment-tree>{posts}</table></center>".encode()).text
    assert {f"{PROSE} {number}" for number in range(4)} <= set(text.split("\n"))


def test_the_body_has_all() -> None:
    page = f"<nav><a href=/>Home</a></nav><h1>Harbours</h1><p>{PROSE}</p><footer>Imprint</footer>"
    assert extract(page.encode(), extractor="body").text.split("\n") == [
        "Home",
        "Harbours",
        PROSE,
        "Imprint",
    ]
