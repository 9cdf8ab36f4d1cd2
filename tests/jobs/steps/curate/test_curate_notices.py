"""What curate tells of rules that judge no document or drop most of a language."""

from __future__ import annotations

from jobs.steps.curate import filters, notices
from jobs.steps.curate.filters import Rule
from jobs.steps.curate.notices import Group


def test_documents_in_languages_that_a_set_was_not_made_for_are_told() -> None:
    documents: dict[Group, int] = {
        ("common_crawl", "en"): 50,
        ("common_crawl", "zh"): 7,
        ("common_crawl", "de"): 5,
    }
    lines = notices.lines(filters.load(["gopher"]), documents, {})
    assert lines == [
        "gopher is made for en: it does not judge 12 documents in de, zh "
        "(--filters NAME:all judges all)"
    ]
    assert notices.lines(filters.load(["gopher:all"]), documents, {}) == []


def test_rules_that_can_never_fire_are_told() -> None:
    rules = [*filters.load(["c4"], ["length > 5"]), Rule("mine/a", "true", True, ("c4",))]
    lines = notices.lines(rules, {("c4", "en"): 50}, {})
    assert lines == [
        "c4 has rules for no document of these slices: no-line-left, sentences, "
        "bad-words, lorem-ipsum, curly-bracket"
    ]
    assert notices.lines(rules, {}, {}) == []


def test_a_rule_that_drops_more_than_half_of_a_language_is_told() -> None:
    rules = [Rule("mine/long", "length > 5", True, ("common_crawl", "c4"))]
    zh: Group
    c4_zh: Group
    few: Group
    zh, c4_zh, few = ("common_crawl", "zh"), ("c4", "zh"), ("c4", "mr")
    documents: dict[Group, int] = {zh: 30, c4_zh: 10, few: 19, ("c4", "en"): 100, ("c4", None): 100}
    dropped: dict[tuple[str, Group], int] = {
        ("mine/long", zh): 20,
        ("mine/long", c4_zh): 1,
        ("mine/long", few): 19,  # too few to say anything
        ("mine/long", ("c4", "en")): 50,  # half is not more than half
        ("mine/long", ("c4", None)): 100,  # code has no language
    }
    assert notices.lines(rules, documents, dropped) == ["mine/long drops 21 of 40 documents in zh"]


def test_the_lines_are_few_whatever_the_number_of_languages() -> None:
    documents: dict[Group, int] = {("common_crawl", f"x{i}"): 30 for i in range(100)}
    dropped = {("gopher/word-count", group): 30 for group in documents}
    lines = notices.lines(filters.load(["gopher:all"]), documents, dropped)
    assert len(lines) == 11
    assert lines[-1] == "other rules drop more than half of a language, too: 90"
    [line, *_] = notices.lines(filters.load(["gopher"]), documents, {})
    assert "and 90 others" in line
