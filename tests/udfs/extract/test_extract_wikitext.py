"""Text of wikitext: kept and removed markup."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from udfs.extract.wikitext import extract
from udfs.extract.wikitext_lines import tidy
from udfs.extract.wikitext_tree import Renderer

ARTICLE = """{{Short description|A bird}}
{{Infobox bird
| name = Wren
| image = [[File:Wren.jpg|thumb|A [[wren]] {{small|in song}}]]
| weight = {{convert|9|g|oz}}
}}
__TOC__
[[File:Wren 2.jpg|thumb|left|A wren ''on'' a [[fence|low fence]]<ref>A. Writer</ref>]]
The '''wren''' ({{IPA|/ren/}}; {{lang|la|Troglodytes}}) is a [[songbird]]<ref name="a">{{cite web
| url = http://example.org | title = Wren}}</ref> of [[Europe|European]] woods.<!-- more? --> It's ''small''
&ndash; {{convert|9|g|oz}} at most.<ref name="a" />

It has a [http://example.org loud song], see http://example.org/wren and [http://example.org].

== Habitat ==
{| class="wikitable"
|-
! Country !! Number
|-
| France || 1000
|}
* Woods
** Oak woods
# Gardens
; Nest : a ball of moss
: Indented.

=== Food ===
{{Main|Insects}}
<gallery>
File:Spider.jpg|Spider
</gallery>

=== Song ===
Loud<br />and <span style="color:red">long</span>, <math>x^2</math> (<math>y</math>).

[[:Category:Wrens|More wrens]]

== References ==
{{Reflist}}
<references>
<ref name="b">B</ref>
</references>

== External links ==
* {{Commons}}

{{DEFAULTSORT:Wren}}
[[Category:Birds]]
[[de:Zaunkönig]]
"""


def text(source: str, *names: str) -> str:
    return tidy(Renderer(names).page(source)).text


REMOVED = """
    Infobox Wren.jpg fence France Spider Writer TOC DEFAULT
    Food References External Birds Zaun http [ ] { } () ''
"""


def test_an_article() -> None:
    article = extract(ARTICLE)
    assert article.startswith(
        "The wren (/ren/; Troglodytes) is a songbird of European woods. It's small\n"
        "– 9 grams at most."
    )
    assert "Habitat\n\n• Woods\n• Oak woods\n• Gardens\n" in article
    assert "Nest: a ball of moss\nIndented." in article
    assert "Song\n\nLoud\nand long" in article
    for removed in REMOVED.split():
        assert removed not in article
    assert article.endswith("More wrens")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("'''bold''' ''italic'' '''''both''''' it''''s", "bold italic both it's"),
        ("[[A]] [[B|b]] [[C#d|e]]s [[:File:x.png|f]] [[wikt:g|h]]", "A b es f h"),
        ("[http://a.b label [[x]]] http://a.b [//c.d e]", "label x e"),
        ("&amp;&nbsp;&lt;&#65;&#x42;&eacute; [[AT&amp;T]]", "& <ABé AT&T"),
        ("a<ref>b</ref>c<ref name=x/>d<ref name=y>{{e}}</ref>", "acd"),
        ("x<!-- a\n\nb -->y", "xy"),
        ("a{{b|{{c|[[d]]}}|e={{f}}}}g", "ag"),
        ("(born {{a}}) ({{b}}, {{c}}) ({{d}}; 1900) (1901, {{e}})", "(born) (1900) (1901)"),
        ("was {{a}}, {{b}}, and {{c}} .", "was, and."),
        (
            "{{nowrap|a b}} {{lang|fr|bon}} {{lang-de|gut}} {{convert|5|-|6|km|mi}}",
            "a b bon German: gut 5–6 kilometres",
        ),
        ("a{{snd}}b{{'}}c", "a – b'c"),
        (
            "{{chem|C|n|H|2n+2}} {{frac|1|2}} {{math|''x''}} {{transl|grc|ISO|alpha}}",
            "CnH2n+2 1/2 x alpha",
        ),
        ("{{lang|fr|2=oui=non}} {{quote|text=A.}}", "oui=non\n\nA."),
        ("{{quote|Said [[he]].|author}}", "Said he."),
        ("<nowiki>[[a]] ''b''</nowiki> <nowiki/>", "[[a]] ''b''"),
        ("<div>a</div><p>b</p>", "a\n\nb"),
        ("<span style='display: none'>a</span>b", "b"),
        ("<code>x = 1</code>", "x = 1"),
        ("* a\n*\n* {{b}}\n* c\nafter", "• a\n• c\n\nafter"),
        ("* {{cite}}, vol. 3\n* {{cite}}. Reprinted\n* .NET", "• vol. 3\n• Reprinted\n• .NET"),
        ("before\n* a\n# b", "before\n• a\n• b"),
        ("== A ==\n== B ==\n=== C ===\ntext\n== D ==\n=== E ===", "B\n\nC\n\ntext"),
        ("a\n\n\n\n\nb", "a\n\nb"),
        ("#REDIRECT", "• REDIRECT"),
        ("", ""),
        ("{{a}}\n\n[[Category:B]]", ""),
    ],
)
def test_markup(source: str, expected: str) -> None:
    assert text(source) == expected


def test_code_keeps_its_white_space() -> None:
    source = 'So:\n<syntaxhighlight lang="c">\nif (a) {\n    b( );\n}\n</syntaxhighlight>\nDone.'
    assert text(source) == "So:\n\nif (a) {\n    b( );\n}\n\nDone."


@pytest.mark.parametrize(
    "link",
    [
        "[[Datei:a.jpg|mini|Ein [[Wort]]]]",
        "[[Fichier:a.jpg|vignette]]",
        "[[Kategorie:A]]",
        "[[Catégorie:A|b]]",
        "[[Файл:a.jpg]]",
        "[[image:A.jpg|thumb]]",
        "[[ category : A]]",
        "[[fr:A]]",
        "[[zh-min-nan:A]]",
    ],
)
def test_files_categories_and_language_links_are_removed(link: str) -> None:
    assert text(f"Before {link}after") == "Before after"


def test_namespaces_of_the_wiki_are_removed() -> None:
    assert text("[[Pilt:a.jpg|x]]a") == "xa"
    assert text("[[Pilt:a.jpg|x]]a", "Pilt") == "a"
    assert extract("[[Pilt:a.jpg|x]]a", ["Pilt"]) == "a"


def test_soft_hyphens_go() -> None:
    assert extract("co\u00adoper&shy;a&#173;tion") == "cooperation"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{Infobox\n| name = A\n| b = c\nText.", "Text."),
        ("{| class=x\n|-\n| a || b\n! c !! d\nText.", "Text."),
        ("a [[b", "a b"),
        ("a [[File:b.jpg|thumb|c\nd", "a\nd"),
        ("a <ref>b", "a b"),
        ("a <ref name='b'>c\n\nd", "a c\n\nd"),
        ("a }} b ]] c |} d", "a b c d"),
        ("'''a", "a"),
        ("a <b>c", "a c"),
        ("a <!-- b", "a"),
    ],
)
def test_unclosed_markup(source: str, expected: str) -> None:
    assert text(source) == expected


@given(st.text(alphabet="ab \n'=*#:;|[]{}<>/!-&()," + "ref", max_size=120))
def test_any_markup_becomes_lines(source: str) -> None:
    extracted = text(source)
    extracted.encode("utf-8")
    assert extracted == extracted.strip("\n")
    assert "\n\n\n" not in extracted
    assert not (set(map(chr, range(32))) - {"\n"}) & set(extracted)
    assert not any(mark in extracted for mark in ("{{", "}}", "[[", "]]"))


def test_nearly_all_words_are_in_the_librarys_own_text(shared_data: Path) -> None:
    """Over 90 % of the extracted words are words of mwparserfromhell's `strip_code`."""
    import mwparserfromhell

    from jobs.sources.mediawiki import read_pages
    from jobs.sources.splits import ByteRange

    path = shared_data / "mediawiki" / "enwiki-pages-articles1-shortened.xml.bz2"
    size = path.stat().st_size
    articles = [
        page
        for page in read_pages(ByteRange(str(path), size, 0, size))
        if page.redirect is None and page.text and len(page.text) < 30_000
    ]
    assert len(articles) > 30
    for page in articles[:15]:
        assert page.text
        library_words = set(mwparserfromhell.parse(page.text).strip_code().split())
        words = text(page.text).replace("•", "").split()
        assert sum(word in library_words for word in words) > 0.9 * len(words), page.title
