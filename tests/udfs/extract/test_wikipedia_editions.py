"""Templates, numbers and dates as each edition writes them."""

from __future__ import annotations

import json
import re
import time

import pytest

from schemas.settings.ingest import WikipediaConfig
from udfs.extract.wiki_templates.functions import FUNCTIONS
from udfs.extract.wiki_templates.table import EDITIONS, _read, edition
from udfs.extract.wikitext import extract_in_process
from udfs.extract.wikitext_expansion import MAX_CHARACTERS


def read(code: str, source: str) -> tuple[int, str]:
    """Return the number of templates whose text is not known, and the text."""
    counts, text = extract_in_process(json.dumps({"edition": code}) + "\n" + source)
    return json.loads(counts)["unexpanded_templates"], text


SENTENCES = [
    (
        "bg",
        "{{lang|de|Haus}}, {{формат|}}на {{дата|5|11|1900}}",
        "на немски: Haus, на 5 ноември 1900 г.",
    ),
    ("ca", "{{segle|XIX}}, {{formatnum:1500}} i {{formatnum:15000}}", "segle XIX, 1500 i 15.000"),
    ("cs", "({{vjazyce2|de|Haus}}) {{formatnum:1500.5}}", "(německy Haus) 1 500,5"),
    ("de", "{{Höhe|8848.5}} {{formatnum:1500.5|NOSEP}}", "8848,5 m 1500,5"),
    ("da", "({{lang-de|Haus}}) {{formatnum:1500}}", "(tysk: Haus) 1.500"),
    (
        "de",
        '{{"|Ja}} sagt {{enS|house}}, {{Höhe|115|DE-NHN}}',
        "„Ja“ sagt englisch house, 115 m ü. NHN",
    ),
    (
        "en",
        "{{age|1900|7|1|1950|6|1}} {{ordinal|22}} {{USS|Hornet|CV-12}}",
        "49 22nd USS Hornet (CV-12)",
    ),
    ("es", "{{fecha|11|11|1866}}, {{siglo|XIX||s}}", "11 de noviembre de 1866, siglo XIX"),
    (
        "fr",
        "{{date|1|1|1900}}, {{unité|120|km|/h}}, {{s|I|er}}",
        "1er janvier 1900, 120 km/h, Ier siècle",
    ),
    ("hr", "({{jez-de|Haus}}) {{formatnum:1500}}", "(njem. Haus) 1.500"),
    ("hu", "{{dátum|1866|11|5}} ({{lang-de|Haus}})", "1866. november 5. (németül: Haus)"),
    ("it", "{{formatnum:3769495}} {{TA|70 km}}", "3 769 495 70 km"),
    ("nl", "({{lang-en|House}}) {{formatnum:12345.6}}", "(Engels: House) 12.345,6"),
    ("pl", "({{w języku|de|Haus}}) {{formatnum:1500}}", "(niem. Haus) 1500"),
    ("pt", "{{séc|XIII}}, {{dni|5|2|1866}}", "século XIII, 5 de fevereiro de 1866"),
    ("ro", "({{lang-de|Haus}}) {{dn|1866|11|5}}", "(în germană Haus) 5 noiembrie 1866"),
    (
        "ru",
        "({{lang-de|Haus}}) {{нп5|Дом|Дома|de|Haus}} {{дата|5|11|1900}}",
        "(нем. Haus) Дома 5 ноября 1900",
    ),
    ("sl", "({{lang-de|Haus}}) {{formatnum:1500}}", "(nemško Haus) 1.500"),
    ("sr", "({{јез-нем|Haus}}) {{зас|Шпанија}} -{Berlin}-", "(нем. Haus) Шпанија Berlin"),
    ("sv", "({{lang-de|Haus}}) {{formatnum:3.4}}", "(tyska: Haus) 3,4"),
    ("uk", "({{lang-de|Haus}}) {{ДН|5|11|1900}}", "(нім. Haus) 5 листопада 1900"),
    (
        "ja",
        "{{読み仮名|夏目漱石|なつめ そうせき}}は{{生年月日と年齢|1867|2|9}}",
        "夏目漱石は1867年2月9日",
    ),
    ("zh", "{{link-en|家|Home}}（{{lang-de|Haus}}）{{formatnum:1500}}", "家（德语：Haus）1,500"),
    ("ar", "{{إنج|House}} {{تاريخ|1900|11|5}}", "(بالإنجليزية: House) 5 نوفمبر 1900"),
    ("fa", "({{به انگلیسی|House}})", "(به انگلیسی: House)"),
    ("he", "{{אנ|House}} {{ש}}{{תאריך לידה|1900|11|5}}", "(באנגלית: House) 5 בנובמבר 1900"),
    ("tr", "({{lang-de|Haus}}) {{formatnum:1500}}", "(Almanca: Haus) 1.500"),
    ("ko", "{{llang|de|Haus}} {{출생일|1900|11|5}}", "독일어: Haus 1900년 11월 5일"),
    ("vi", "({{lang-de|Haus}}) {{ngày sinh|1900|11|5}}", "(tiếng Đức: Haus) 5 tháng 11 năm 1900"),
    ("fi", "({{lang-de|Haus}}) {{formatnum:1500}}", "(saks. Haus) 1 500"),
    ("no", "({{lang-de|Haus}}) {{formatnum:1500}}", "(tysk: Haus) 1 500"),
]


@pytest.mark.parametrize(("code", "source", "expected"), SENTENCES)
def test_a_sentence(code: str, source: str, expected: str) -> None:
    assert read(code, source)[1] == expected


def test_all_default_editions_have_a_sentence_and_a_table() -> None:
    assert {code for code, _, _ in SENTENCES} == set(EDITIONS)
    assert set(WikipediaConfig(root="r").languages) < set(EDITIONS)


@pytest.mark.parametrize("code", EDITIONS)
def test_a_table_is_whole(code: str) -> None:
    bodies, settings = _read(code)
    is_default = code in WikipediaConfig(root="r").languages
    assert len(bodies) > (100 if is_default else 40)
    for name, body in bodies.items():
        assert name == name.strip().lower() != ""
        assert not re.search("[{}|=]", name) or len(name) < 3
        assert not body.startswith("@") or body[1:] in FUNCTIONS
        assert body.count("{") == body.count("}")
    assert len(settings["months"].split()) == 12
    assert {"{d}", "{m}", "{y}"} <= set(re.findall(r"\{.\}", settings["date"]))
    assert len(edition(code).languages) >= (30 if is_default else 20)
    assert "{age}" in settings["aged"]
    assert len(settings["link-sections"].split(";")) > 8


@pytest.mark.parametrize(
    ("code", "source", "expected"),
    [
        # words of an edition that another does not know
        ("en", "le {{date|11|novembre|1866}}, {{unité|3797|m}}", "le 11 novembre 1866, 3 797 m"),
        (
            "fr",
            "{{date|mercredi|11|novembre|1866}} {{date||mai|1866}}",
            "mercredi 11 novembre 1866 mai 1866",
        ),
        ("fr", "{{unité|5.5|km|2|s|-1}} {{nombre|1234|ans}}", "5,5 km²⋅s⁻¹ 1 234 ans"),
        ("de", "{{POL|Ziel=Warschau}} {{POL}} {{formatnum:x}}", "Warschau Polen x"),
        (
            "en",
            "{{POL}} {{langx|ru|Дом|Dom|lit=house}}",
            "Poland Russian: Дом, romanized: Dom, lit. 'house'",
        ),
        (
            "en",
            "{{zh|s=汉|t=漢}}; {{lang-ru|Дом|label=none}}",
            "simplified Chinese: 汉; traditional Chinese: 漢; Дом",
        ),
        ("en", "{{death date and age|1982|March|6|1905|2|2}}", "March 6, 1982 (aged 77)"),
        ("es", "{{muerte|6|3|1982|2|2|1905}}", "6 de marzo de 1982 (77 años)"),
        ("sv", "{{convert|1500|m|ft}} {{convert|5|-|6|sqmi}}", "1 500 m 5–6 mi²"),
        (
            "en",
            "{{IPA|de|ˈliːn|lang|De-Berlin.ogg}} {{IPA|/a/}} {{flag|USA}} {{flag|Spain}}",
            "[ˈliːn] /a/ United States Spain",
        ),
        (
            "en",
            "{{nihongo||東京|Tōkyō}} {{nihongo3|East|東京|Tōkyō}}",
            "東京 (Tōkyō) Tōkyō (東京, East)",
        ),
        ("es", "{{unidad|892|km2}} {{flag|Chile}}", "892 km² Chile"),
        ("it", "{{M|5300|ul=m}}", "5 300 m"),
        ("simple", "{{convert|1500|m|ft}}", "1,500 metres"),
        ("ja", "{{formatnum:1500}} {{lang|en|a}}", "1,500 a"),
    ],
)
def test_words_of_editions(code: str, source: str, expected: str) -> None:
    assert read(code, source) == (0, expected)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{#if: |x|y}}{{#if:{{cn}}|x|y}}{{#if:a|x}}", "yyx"),
        ("{{#ifeq:1.0|1|a|b}} {{#ifeq:a|b|c|d}} {{#ifexpr:1+1=2|e|f}}", "a d e"),
        ("{{#switch:b|a=1|b|c=2|3}} {{#switch:x|a=1|#default=9}} {{#switch:x|a=1|8}}", "2 9 8"),
        ("{{#expr:7/2 round 0}} {{#expr:3 mod 2 * 2^3}} {{#expr:0.1+0.2}}", "4 8 0.3"),
        ("{{lc:ABC}}{{ucfirst:de}}{{padleft:7|3}}{{plural:1|a|b}}{{plural:5|a|b}}", "abcDe007ab"),
        ("{{formatnum:1,234.5|R}} {{#tag:ref|x}}{{#tag:nowiki|z}}", "1234.5 z"),
        ("{{#if:a|{{nowrap|b}} ''c''}}", "b c"),
    ],
)
def test_parser_functions(source: str, expected: str) -> None:
    assert read("en", source) == (0, expected)


@pytest.mark.parametrize(
    ("source", "count", "expected"),
    [
        ("Er {{foo|ist|da}} und", 1, "Er ist da und"),
        ("Er{{foo|ist}} {{foo bar|x}} {{foo|id=3}} {{foo|a/b}} da", 4, "Er da"),
        ("{{foo|ist}}\n\n* {{foo|ist}}\n\nda", 0, "da"),
        ("Es hat {{Metadaten Einwohnerzahl|Berlin}} und {{#expr:x}}.", 2, "Es hat und."),
    ],
)
def test_unknown_templates_are_counted_and_short_words_kept(
    source: str, count: int, expected: str
) -> None:
    assert read("de", source) == (count, expected)


@pytest.mark.parametrize(
    "source",
    [
        "{{nowrap|" * 30 + "x" + "}}" * 30,
        "{{#if:a|" * 35 + "x" + "}}" * 35,
        "{{quote|{{blockquote|" * 12 + "x" + "}}}}" * 12,
        "{{nihongo|a|b|c}}" * 20_000,
        "{{#switch:z" + "".join(f"|{number}=a" for number in range(20_000)) + "}}",
        "{{#expr:" + "(" * 60_000 + "}}",
        "{{padleft:1|999999999|x}}",
        "{{formatnum:" + "1" * 100_000 + "}}",
        "{{#replace:" + "a" * 2000 + "|a|" + "b" * 2000 + "}}" * 1,
    ],
)
def test_hostile_templates_stay_within_limits(source: str) -> None:
    started = time.process_time()
    _, text = read("en", source)
    assert time.process_time() - started < 8
    assert len(text) <= 2 * MAX_CHARACTERS + len(source)
