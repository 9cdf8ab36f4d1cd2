"""Templates within sentences: rendered as a reader sees them, or removed without a gap."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from udfs.extract.wikitext_lines import tidy
from udfs.extract.wikitext_marks import UNKNOWN_PRICE
from udfs.extract.wikitext_measures import coordinates, grouped, measure
from udfs.extract.wikitext_tree import Renderer


def text(source: str) -> str:
    return tidy(Renderer().page(source)).text


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{convert|663268|sqmi|km2}}", "663,268 square miles"),
        (
            "a {{convert|13|m|ft|adj=on}} wall, {{convert|5|ft|10|in|m}}",
            "a 13-metre wall, 5 feet 10 inches",
        ),
        ("{{convert|1|mi}} {{convert|35|C}} {{convert|2|bushels}}", "1 mile 35°C 2 bushels"),
        (
            "(A; {{birth date|1905|2|2}} – {{death date and age|1982|3|6|1905|2|2}})",
            "(A; February 2, 1905 – March 6, 1982 (aged 77))",
        ),
        (
            "{{birth date|1905|02|02|df=yes}} {{as of|2009|6|lc=y}}",
            "2 February 1905 as of June 2009",
        ),
        (
            "(O. S. {{OldStyleDate|February 2|1905|January 20}})",
            "(O. S. February 2 [O.S. January 20] 1905)",
        ),
        (
            "km<sup>2</sup> 10<sup>-3</sup> x<sup>n</sup> 19<sup>th</sup> H<sub>2</sub>O",
            "km² 10⁻³ x^n 19th H₂O",
        ),
        ("{{chem|Ge|9|2-}} {{val|1.2|0.3|e=6|u=m}} 5{{e|-20}}", "Ge₉²⁻ 1.2±0.3×10⁶ m 5×10⁻²⁰"),
        (
            "So <math>\\frac{{a}}{b} = f''\\,[[x]]</math>.",
            "So $\\frac{ {a} }{b} = f^{\\prime\\prime} [ [x] ]$.",
        ),
        (
            "{{IPAc-en|pron|n|ˈ|e}} {{IPA-de|ʃo|lang}} {{respell|EP|i|ee-əs}}",
            "/nˈe/ [ʃo] EP-i-ee-əs",
        ),
        (
            "* {{cite book|last=White|first=T.|title=''Ink''|date=May 2006}}. Good.\n* {{cite web|url=http://a.b}}",
            "• T. White, Ink (2006). Good.",
        ),
        (
            "{{death date|bad|1|x}} {{convert}} {{e}} {{death date and age|2000|13|1}}",
            "January x, bad 1 13 2000",
        ),
        (
            "{{nq|a}} {{circa|1900}} {{hlist|a|[[b]]}} {{USS|Hornet|CV-12|6}}",
            "a c. 1900 a, b USS Hornet",
        ),
    ],
)
def test_templates_that_compose_a_text_of_their_values(source: str, expected: str) -> None:
    assert text(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("A ({{IPAc-en|b|ɪ|ˈ|t|juː|m|ən|,_|b|aɪ|-}}) b", "A (/bɪˈtjuːmən, baɪ-/) b"),
        ("as {{vr|a}}, {{angle bracket|b}} and {{angbr|c}}", "as ⟨a⟩, ⟨b⟩ and ⟨c⟩"),
        ("German {{IPAslink|ʃ}}, or {{IPAblink|s}}", "German /ʃ/, or [s]"),
        ("the word {{lang|grc|{{linktext|λό|γος}}}} is", "the word λόγος is"),
        ("in {{script/Arabic|ﷲ}} or {{large|ب}}", "in ﷲ or ب"),
        ("{{formatnum: 3003}} m, {{formatnum:-1234.5}}", "3,003 m, -1,234.5"),
        ("A. {{OCLC|12}}, {{ISSN|0002-4341}}", "A. OCLC 12, ISSN 0002-4341"),
        ("{{frac|2}}, 1{{frac|1|4}} or {{frac|1|1|4}} days", "1/2, 1 1/4 or 1 1/4 days"),
        ("{{frac}}a{{sfrac|{{nowrap|x}}|y}}", "ax/y"),
        ("{{sfrac|3n + 1|2}} {{frac|-1|2}}", "(3n + 1)/2 -1/2"),
        ("{{ill|de|Haus|Hof}}, {{ill|Hof|de|Haus}}, {{illm|''x''}}{{ill}}", "Haus, Hof, x"),
        ("{{val|1.008|(7)}} {{val|1.008|0.007|u=g}} {{val|5}}", "1.008(7) 1.008±0.007 g 5"),
        ("H{{sub|2}}O {{eqm}} H", "H₂O ⇌ H"),
        ("* {{wayback|url=x}} – a course\n* - b\n* —c", "• a course\n• b\n• —c"),
        ("– He said", "– He said"),
    ],
)
def test_rendered_templates(source: str, expected: str) -> None:
    assert text(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("was $5 (${{Inflation|US|5|1929}} in {{CURRENTYEAR}} dollars). F", "was $5. F"),
        ("above $800 (${{formatnum:{{Inflation|US|800|1861}}}} today) b", "above $800 b"),
        ("worth {{inflation|UK|3}} now", "worth now"),
        ("(a) and (b {{inflation|UK|3}}", "(a) and (b"),
        (f"(a {{{{inflation}}}} {'long ' * 30})", f"(a {'long ' * 29}long)"),
    ],
)
def test_current_prices_are_removed_with_their_parentheses(source: str, expected: str) -> None:
    assert text(source) == expected
    assert UNKNOWN_PRICE not in text(source)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (("2.3", "Moilbbl/d"), "2.3 million barrels per day"),
        (("1", "oilbbl"), "1 barrel"),
        (("1", "Moilbbl"), "1 million barrels"),
        (("50", "koilbbl/d"), "50 thousand barrels per day"),
        (("25", "e6acre"), "25 million acres"),
        (("9", "Tcuft"), "9 trillion cubic feet"),
        (("3", "and(-)", "4", "ft"), "3 and 4 feet"),
        (("2", "L"), "2 litres"),
        (("2", "Mfurlong"), "2 Mfurlong"),
    ],
)
def test_measures(values: tuple[str, ...], expected: str) -> None:
    assert measure(values, {}) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (("13", "19", "N", "169", "9", "W", "type:event"), "13°19′N 169°9′W"),
        (("57", "18", "22.5", "N", "4", "27", "32", "W"), "57°18′22.5″N 4°27′32″W"),
        (("40.7", "-74.1", "region:US"), "40.7°N 74.1°W"),
        (("40.7", "N", "74.1", "W"), "40.7°N 74.1°W"),
        ((), ""),
        (("N", "W"), ""),
        (("1", "2", "3", "4", "N", "1", "E"), ""),
        (("1", "N"), ""),
    ],
)
def test_coordinates(values: tuple[str, ...], expected: str) -> None:
    assert coordinates(values, {}) == expected
    assert coordinates(values, {"display": "inline,title"}) == expected
    assert coordinates(values, {"display": "title"}) == ""


@given(st.lists(st.text(max_size=5) | st.sampled_from(["1", "-2.5", "N", "E"]), max_size=9))
def test_no_values_raise(values: list[str]) -> None:
    coordinates(values, {})
    measure(values, {})


@given(st.integers(min_value=-(10**14), max_value=10**14))
def test_numbers_are_grouped_as_by_python(number: int) -> None:
    assert grouped(str(number)) == f"{number:,}"


def test_parentheses_around_prices_take_linear_time() -> None:
    started = time.process_time()
    for piece in (f"({UNKNOWN_PRICE}", f"( {UNKNOWN_PRICE} ", "(", f"{UNKNOWN_PRICE})"):
        tidy(piece * 40_000)
    assert time.process_time() - started < 5
