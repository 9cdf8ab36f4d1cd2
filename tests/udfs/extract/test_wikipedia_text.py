"""What looks like markup and is text: comments, tags, code, quotes, variants, bars, readings."""

from __future__ import annotations

import time

import pytest

from udfs.extract.wikitext import Options, extract_in_process
from udfs.extract.wikitext_gaps import close_gaps
from udfs.extract.wikitext_lines import tidy
from udfs.extract.wikitext_marks import GAP, LOST
from udfs.extract.wikitext_quotes import without_quotes
from udfs.extract.wikitext_tree import Renderer
from udfs.extract.wikitext_variants import without_variants


def text(source: str) -> str:
    return tidy(Renderer().page(source)).text


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("A &#60;!-- b --&#62; c <!-- x --> d", "A <!-- b --> c d"),
        ("<pre>&lt;!-- a --&gt;\n[[b]] {{c}}</pre>\nAfter.", "<!-- a -->\n[[b]] {{c}}\n\nAfter."),
        ("<tt>&lt;br/&gt;</tt> &lt;ref&gt;x&lt;/ref&gt;", "<br/> <ref>x</ref>"),
        ("<nowiki>{{a|b=[c]}}</nowiki> __a__ __NOTOC__", "{{a|b=[c]}} __a__"),
        ("<code>f( )</code> <code>a[]</code> main() and a[]", "f( ) a[] main() and a[]"),
        ("f() {{cn}} ({{cn}}) g()<ref>x</ref> [{{cn}}]", "f() g()"),
        ("[[A&lt;b&gt;]] &#123;&#123;c&#125;&#125;", "A<b> {{c}}"),
        ("<pre><nowiki>[[a]]</nowiki> &lt;</pre>", "[[a]] <"),
        ('<syntaxhighlight lang="c">a &lt; b[0]</syntaxhighlight>', "a &lt; b[0]"),
        ('a <syntaxhighlight lang="c" inline>f( )</syntaxhighlight> b', "a f( ) b"),
        ('a <math display="block">x</math> b <math>y</math>', "a\n\n$x$\n\nb $y$"),
        ("a <b>c</b> <i x='1'>d", "a c d"),
        ("$ x<sub>1</sub>,.<code>. ,</code>", "$ x₁,.. ,"),
    ],
)
def test_escaped_markup_is_text(source: str, expected: str) -> None:
    assert text(source) == expected


def test_indented_lines_are_code() -> None:
    source = "So:\n for x in y:\n     f( x )\n\n     # c\n done\n: No code\n<br> none"
    expected = "So:\n\nfor x in y:\n    f( x )\n\n    # c\ndone\n\nNo code\n\nnone"
    assert text(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Facts.\n\n|x| denotes\n| y", "Facts.\n\n|x| denotes\n| y"),
        (" |x| is\n\n{|\n| a\n|}\n! y", "|x| is\n\n! y"),
        ("{{Infobox\n| name = A\n| b\n\nText |x|.\n|z| is.", "Text |x|.\n|z| is."),
        ("{|\n| a || b\n|-\n| c\n\n|x| after", "|x| after"),
        ("a\n|-\n| b || c\n\nd", "a\n\nd"),
    ],
)
def test_bars_are_text_outside_of_tables(source: str, expected: str) -> None:
    assert text(source) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("l'''Iliade''", "l'Iliade"),
        ("dans l'''Iliade'' d'", "dans l'Iliade d'"),
        ("the ''Titanic'''s crew", "the Titanic's crew"),
        ("dell'''Eneide'' e '''Roma'''", "dell'Eneide e Roma"),
        ("'''a''' ''b'' '''''c'''''", "a b c"),
        ("''''a'''' ''''''b''''''", "'a' 'b'"),
        ("'''''a''' b'' '''c", "a b c"),
        ("a '''b'' c", "a 'b c"),
    ],
)
def test_apostrophes_of_bold_and_italics(line: str, expected: str) -> None:
    assert without_quotes(line) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("-{a}- -{sr-ec:б; sr-el:b}-", "a б"),
        ("-{zh-tw:資訊;zh-cn:信息}- -{R|abc}- -{T|t}--{H|zh:x}-", "信息 abc "),
        ("-{A|zh-hans:甲;zh-hant:乙}- -{zh-hans|丙}-", "甲 丙"),
        ("-{a|b}- -{x:y}- -{-{a}-}-", "a|b x:y a"),
        ("x -{ y", "x -{ y"),
    ],
)
def test_variants(source: str, expected: str) -> None:
    assert without_variants(source) == expected


def test_variants_in_pages_leave_code_and_formulas_alone() -> None:
    source = "-{[[A]]}- <code>-{x}-</code> <math>x^{-{a}-}</math>"
    assert text(source) == "A -{x}- $x^{-{a}-}$"


def test_readings_are_left_out() -> None:
    source = "<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp>字<rt>じ</rt></ruby>は{{ruby|漢字|かんじ}}"
    assert text(source) == "漢字は漢字"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (f"(born {GAP}; {GAP}) x", "(born) x"),
        (f"({GAP}; 1900) ((– {LOST} –)) x", "(1900) x"),
        (f"a {GAP}, {LOST}, and {GAP}.", "a, and."),
        (f"a{GAP}b a {GAP} b", "ab a b"),
        (f"{GAP}a b{GAP}", "a b"),
        (f"（{GAP}、）x [{GAP}]", "x"),
    ],
)
def test_gaps_are_closed(line: str, expected: str) -> None:
    assert close_gaps(line)[0].strip() == expected


def test_templates_within_sentences_are_counted() -> None:
    source = "{{Infobox\n| a = b\n}}\n{{Sidebar}}\nA {{foo}} is {{bar|x=1}}.\n* {{baz|1}}\n"
    lines = tidy(Renderer().page(source))
    assert (lines.text, lines.unexpanded) == ("A is.", 2)


ARTICLE = """Text is:
{| class="wikitable"
|+ The ''caption''
! A !! [[B|b]]
|-
| 1<ref>x</ref> || {{nowrap|2}} (<small>c</small>)
|-
|  ||
|}
== Literature ==
Books.
== See also ==
* [[C]]
=== More ===
* [[D]]
== External links ==
* [http://a.b c]
"""


def read(source: str, options: str) -> tuple[str, str]:
    return extract_in_process(f"{options}\n{source}")


def test_tables_are_dropped_and_counted_or_kept_as_rows() -> None:
    counts, dropped = read(ARTICLE, "{}")
    assert counts == '{"unexpanded_templates": 0, "dropped_tables": 1}'
    assert dropped == "Text is:\n\nLiterature\n\nBooks."
    counts, kept = read(ARTICLE, '{"keep_tables": true}')
    assert counts == '{"unexpanded_templates": 0, "dropped_tables": 0}'
    assert kept.startswith("Text is:\n\nThe caption\nA\tb\n1\t2 (c)\n\nLiterature")


def test_sections_of_links_at_the_end_are_dropped_unless_kept() -> None:
    assert not Options().keep_sections
    kept = read(ARTICLE, '{"keep_sections": true}')[1]
    assert kept.endswith("See also\n\n• C\n\nMore\n\n• D\n\nExternal links\n\n• c")
    german = "a\n== Literatur ==\nb\n== Musik ==\nc\n== Weblinks ==\n* d\n== Literatur ==\n* e"
    assert read(german, '{"edition": "de"}')[1] == "a\n\nLiteratur\n\nb\n\nMusik\n\nc"


def test_lines_take_linear_time() -> None:
    started = time.process_time()
    pieces = [
        "''",
        "'''",
        "-{a",
        "-{}-",
        f"{GAP},",
        f"({GAP}",
        f"–{GAP}",
        f"{GAP} )",
        "{|\n",
        "|-\n",
    ]
    for piece in pieces:
        tidy(piece * 40_000)
    assert time.process_time() - started < 10
