"""Filter sets: the bundled ones, those of a user, and their errors."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jobs.steps.curate import filters, sql_words
from schemas.errors import UserError
from schemas.settings.ingest import PRETRAINING
from schemas.settings.slices import SLICES

SETS = (
    *("alpaca-cleaned", "c4", "conversations", "dolly", "fineweb", "gopher", "permissive-licenses"),
    *("redpajama-v1", "refinedweb", "refusals"),
)


def test_the_bundled_sets() -> None:
    assert filters.SHIPPED.names() == sorted(SETS)


@pytest.mark.parametrize("name", SETS)
def test_a_bundled_set_names_its_source_and_its_slices(name: str) -> None:
    rules = filters.load([name])
    assert rules
    assert len({rule.name for rule in rules}) == len(rules)
    assert all(set(rule.slices) < set(SLICES) for rule in rules)
    content = (filters.SHIPPED._folder / f"{name}.yaml").read_text()
    assert "about:" in content
    assert "source: " in content


def test_sets_keep_their_order_and_a_set_included_twice_counts_once() -> None:
    names = [rule.name for rule in filters.load(["c4", "refinedweb", "fineweb"], ["length > 5"])]
    assert len(names) == len(set(names))
    assert names.index("c4/sentences") < names.index("gopher/word-count")
    assert names.index("gopher/word-count") < names.index("refinedweb/language-score")
    assert names.index("refinedweb/language-score") < names.index("fineweb/short-lines")
    assert names[-1] == "where"


def test_a_rule_is_read_back_from_a_record() -> None:
    for rule in filters.load(["gopher"]):
        assert filters.Rule.from_dict(rule.to_dict()) == rule


def test_a_set_is_for_the_languages_of_its_file_unless_all_are_asked_for(tmp_path: Path) -> None:
    assert {rule.languages for rule in filters.load(["gopher"])} == {("en",)}
    assert {rule.languages for rule in filters.load(["gopher:all"])} == {None}
    by_name = {rule.name: rule.languages for rule in filters.load(["refinedweb"])}
    assert by_name.pop("refinedweb/language-score") is None
    assert set(by_name.values()) == {("en",)}
    # the same set twice is one, for all languages if either is
    for names in (["gopher:all", "refinedweb"], ["refinedweb", "gopher:all"]):
        wide = {rule.name: rule.languages for rule in filters.load(names)}
        assert wide["gopher/word-count"] is None
        assert wide["refinedweb/lines-of-no-text"] == ("en",)
        assert len(wide) == len(by_name) + 1
    path = own_set(tmp_path, "languages: [de]\nrules: {a: {keep: 'true'}}")
    assert [rule.languages for rule in filters.load([path])] == [("de",)]
    assert [rule.languages for rule in filters.load([f"{path}:all"])] == [None]


def own_set(folder: Path, content: str) -> str:
    path = folder / "mine.yaml"
    path.write_text(content)
    return str(path)


def test_a_user_s_file_has_the_same_form(tmp_path: Path) -> None:
    path = own_set(tmp_path, "include: [c4]\nrules: {long: {keep: length > 5, about: why}}\n")
    *_, rule = filters.load([path])
    assert rule == filters.Rule("mine/long", "length > 5", True, SLICES)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("rules: [", "is not YAML"),
        (
            "- a",
            "expected the keys about, source, slices, languages, functions, include, rules, found",
        ),
        ("slices: [c4]", "no `rules:`"),
        ("rule: {}", r"no key 'rule' \(did you mean 'rules'\?\)"),
        (
            "slices: [commoncrawl]\nrules: {a: {keep: 'true'}}",
            r"no slice 'commoncrawl' \(did you mean 'common_crawl'\?\)",
        ),
        ("slices: c4\nrules: {a: {keep: 'true'}}", "slices: expected a list"),
        ("rules: {a: {keep: 'true', drop: 'true'}}", "a: expected one of `keep:` and `drop:`"),
        ("rules: {a: {about: nothing}}", "a: expected one of `keep:` and `drop:`"),
        (
            "rules: {a: 'length > 5'}",
            "a: expected the keys about, keep, drop, languages, all_languages, found",
        ),
        ("rules: {a: {keep: rand() < 0.5}}", r"a: keep: rand\(\) cannot be used in a rule"),
        ("include: [mine2]\nrules: {}", "no filter set 'mine2'"),
    ],
)
def test_an_error_names_the_file_and_the_key(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        filters.load([own_set(tmp_path, content)])


def test_a_file_that_includes_itself_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(f"include: ['{path}']\n")
    with pytest.raises(UserError, match="includes itself"):
        filters.load([str(path)])


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("gofer", r"no filter set 'gofer' \(did you mean 'gopher'\?\)"),
        ("../gopher", "no filter set"),
        ("/nowhere/mine.yaml", "/nowhere/mine.yaml"),
    ],
)
def test_a_set_that_does_not_exist_is_refused(name: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        filters.load([name])


@pytest.mark.parametrize(
    "sql",
    [
        "title not like 'Buy now%'",
        "title not like 'rand()' and text not like \"now()\"",
        r"title not like 'it\'s now() or never' and length > 5",
        "title rlike r'\\bnow\\('",
        "length > 5 -- not rand()",
        "length > 5 /* now() /* nested uuid() */ rand() */",
        "quality_signals.random > 0.5",
        "random > 0.5",
        "`now` > 5",
        "date < 'now'",
        "date > timestamp '2020-01-01'",
        "unix_timestamp(date) > 5",
        "array_contains(metadata.user, 'shuffle')",
    ],
)
def test_a_word_that_calls_no_function_is_allowed(sql: str) -> None:
    [rule] = filters.load([], [sql])
    assert rule.sql == sql


@pytest.mark.parametrize(
    ("sql", "name"),
    [
        ("rand() < 0.5", "rand"),
        ("RAND ( ) < 0.5", "rand"),
        ("`rand`() < 0.5", "rand"),
        ("system.builtin.rand() < 0.5", "rand"),
        ("rand/* why */() < 0.5", "rand"),
        ("title like '%\\'' or rand() < 0.5", "rand"),
        ("title like '--' and rand() < 0.5", "rand"),
        ("length > 5 -- rand\n and now() > date", "now"),
        ("date < current_date", "current_date"),
        ("date < timestamp 'now'", "timestamp 'now'"),
        ('date < date"today"', 'date "today"'),
        ("unix_timestamp() > 5", "unix_timestamp"),
        ("shuffle(line_ids)[0] = 1", "shuffle"),
        ("java_method('a', 'b') = 'c'", "java_method"),
        ("input_file_name() like 'a%'", "input_file_name"),
    ],
)
def test_a_function_that_changes_from_run_to_run_is_refused(sql: str, name: str) -> None:
    with pytest.raises(UserError) as refused:
        filters.load([], [sql])
    named = name if " " in name or '"' in name else f"{name}()"
    assert str(refused.value) == f"--where: {named} cannot be used in a rule"


def test_blanks_count_in_strings_and_lines_in_comments() -> None:
    for sql in ('title = "two  blanks"', "length > 5 -- why\n and nlines > 1", "`a  b` > 1"):
        assert [rule.sql for rule in filters.load([], [sql])] == [sql]
    assert [rule.sql for rule in filters.load([], [" length\n  > 5 "])] == ["length > 5"]


def test_names_in_strings_are_no_names() -> None:
    assert sql_words.names("Buy(text) and `Two``s` > 1 or t = 'x y' -- z") == {
        "buy", "text", "and", "two`s", "or", "t",
    }  # fmt: skip


@pytest.mark.parametrize("chosen", [SLICES, PRETRAINING, ("c4",)])
def test_a_stored_rule_is_for_the_same_slices(chosen: tuple[str, ...]) -> None:
    rule = filters.Rule("mine/long", "length > 5", True, chosen)
    assert filters.Rule.from_dict(json.loads(json.dumps(rule.to_dict()))) == rule
