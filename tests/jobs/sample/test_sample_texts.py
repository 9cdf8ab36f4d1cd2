"""Draws, grammars and prose, the sources of the sample's pages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.sample.draw import Draw, Grammar, capital
from jobs.sample.pages import KINDS, Writer, long_page
from jobs.sample.prose import GUESTS, LANGUAGES, grammar, sentences, topics, vocabulary


@given(st.text(max_size=9), st.integers(-50, 50), st.integers(0, 50))
def test_numbers_are_in_range_and_the_key_decides(key: str, low: int, span: int) -> None:
    first, second = (Draw(key).number(low, low + span) for _ in range(2))
    assert first == second
    assert low <= first <= low + span


def test_draws_are_the_same_on_every_python() -> None:
    draw = Draw("a key", 7)
    assert [draw.number(0, 999) for _ in range(4)] == [846, 21, 242, 474]


def test_both_ends_of_a_range_are_drawn() -> None:
    assert {Draw(key).number(1, 3) for key in range(60)} == {1, 2, 3}


@given(st.integers(), st.lists(st.integers(), unique=True, max_size=8), st.integers(0, 9))
def test_some_are_different_and_of_the_items(key: int, items: list[int], count: int) -> None:
    drawn = Draw(key).some(items, count)
    assert len(drawn) == min(count, len(items))
    assert len(set(drawn)) == len(drawn)
    assert set(drawn) <= set(items)


def test_slots() -> None:
    rules = Grammar(":who\nAda\n:line\n{who} has {2-2} {red|red} hats, and {=who} knows")
    bound: dict[str, str] = {}
    assert rules.write("line", Draw(0), bound) == "Ada has 2 red hats, and Ada knows"
    assert bound == {"=who": "Ada"}


def test_negative_numbers_and_bars() -> None:
    rules = Grammar(":cold\n{-9--9} degrees | {-9--9} degrees")
    assert rules.rules["cold"] == ["{-9--9} degrees"] * 2
    assert rules.write("cold", Draw(0), {}) == "-9 degrees"


def test_a_bound_slot_is_the_same_all_over_a_page() -> None:
    rules = Grammar(":town\n" + " | ".join(f"T{n}" for n in range(99)) + "\n:line\n{=town}")
    bound: dict[str, str] = {}
    draw = Draw("page")
    assert len({rules.write("line", draw, bound) for _ in range(9)}) == 1


def test_a_slot_without_a_rule_is_an_error() -> None:
    with pytest.raises(ValueError, match="'nobody'"):
        Grammar(":line\nhello {nobody}")


def test_capital_leaves_the_rest() -> None:
    assert capital("éclair de Lyon") == "Éclair de Lyon"
    assert capital("") == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_enough_prose(language: str) -> None:
    paragraphs = [text for topic in topics(language) for text in topic.paragraphs]
    assert len(paragraphs) >= 40
    assert all(45 <= len(text.split()) <= 120 for text in paragraphs)
    all_sentences = [sentence for text in paragraphs for sentence in sentences(text)]
    assert len(set(all_sentences)) == len(all_sentences)
    assert len(vocabulary(language)) > 300


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_grammars_have_the_same_rules(language: str) -> None:
    english = grammar("en").rules
    assert grammar(language).rules.keys() == english.keys()
    for name in ("labels", "years", "gone"):
        assert len(grammar(language).rules[name]) == len(english[name])


def test_languages_without_models_have_prose() -> None:
    assert all(len(topics(language)) == 3 for language in GUESTS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [*KINDS, "long"])
def test_pages_have_text_and_no_open_slot(language: str, kind: str) -> None:
    write = KINDS.get(kind, long_page)
    for number in range(10):
        title, blocks = write(Writer(language, Draw("test", number)))
        text = "\n".join([title, *(line for block in blocks for line in block.lines)])
        assert "{" not in text
        assert "  " not in text
        assert len(text) > (4000 if kind == "long" else 700)


def test_a_paragraph_of_prose_is_never_the_same_twice() -> None:
    paragraph = topics("en")[0].paragraphs[0]
    written = {Writer("en", Draw(n)).prose(paragraph).lines[0] for n in range(50)}
    assert len(written) == 50
    assert paragraph not in written
