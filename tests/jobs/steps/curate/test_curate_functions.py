"""A user's own functions in rules: what a filter set may declare, and errors in one line."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from jobs.steps.curate import filters, functions
from jobs.steps.curate.functions import Function, declared
from jobs.steps.curate.rules import Plan
from schemas.errors import UserError

MODULE = """
def has_code(text) -> bool:
    return "def " in text

def ratio(text: str, url: str) -> float:
    return len(url) / len(text)

def untyped(text):
    return 1

def of_nothing() -> int:
    return 1

def of_page(page) -> int:
    return 1

def wrong(text) -> int:
    return "many"

number = 1
"""
SET = """
functions: {has_code: my_rules:has_code, ratio: my_rules:ratio}
rules:
  code: {drop: has_code}
  words: {keep: rps_doc_word_count > 5}
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A module `my_rules` that can be imported."""
    file = tmp_path / "my_rules.py"
    file.write_text(MODULE)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "my_rules", raising=False)
    functions._imported.cache_clear()
    return file


def test_a_function_is_known_by_its_parameters_and_what_it_returns(module: Path) -> None:
    ratio = declared("ratio", "my_rules:ratio")
    assert (ratio.columns, ratio.returns) == (("text", "url"), "float")
    assert ratio.value(("abcd", "ab"), "c4/1") == 0.5
    assert Function.from_dict(ratio.to_dict()) == ratio


@pytest.mark.parametrize(
    ("name", "target", "message"),
    [
        ("f", "my_rules", "cannot import the function my_rules (ValueError: expected module:func"),
        ("f", "nowhere:f", "cannot import the function nowhere:f (ModuleNotFoundError: No module"),
        ("f", "my_rules:nothing", "cannot import the function my_rules:nothing (AttributeError: "),
        ("f", "my_rules:number", "my_rules:number is no function"),
        ("f", "my_rules:untyped", "it must say what it returns: `-> bool`, `-> int` or `-> float`"),
        (
            "f",
            "my_rules:of_nothing",
            "its parameters must be columns of annotated/, such as `text`",
        ),
        ("f", "my_rules:of_page", "its parameters must be columns of annotated/, not 'page'"),
        ("url", "my_rules:ratio", "'url' is no free name for a column"),
        ("rps_doc_word_count", "my_rules:ratio", "is no free name for a column"),
        ("a b", "my_rules:ratio", "'a b' is no free name for a column"),
    ],
)
def test_a_mistake_is_one_line(module: Path, name: str, target: str, message: str) -> None:
    with pytest.raises(UserError) as raised:
        declared(name, target)
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)


def test_what_fails_names_the_document(module: Path) -> None:
    with pytest.raises(UserError, match=r"my_rules:wrong returned 'many' for c4/1, not int"):
        declared("wrong", "my_rules:wrong").value(("",), "c4/1")
    with pytest.raises(UserError, match=r"my_rules:ratio failed on c4/1: ZeroDivisionError"):
        declared("ratio", "my_rules:ratio").value(("", "x"), "c4/1")


def test_the_source_is_part_of_the_digest_of_the_rules_that_use_it(
    module: Path, tmp_path: Path
) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(SET)
    code, words = filters.load([str(file)])
    assert [function.name for function in code.functions] == ["has_code"]
    assert words.functions == ()
    stored = Plan(("head",), (code, words)).inputs()["rules"]
    assert stored[0]["functions"][0]["digest"] == code.functions[0].digest
    assert "functions" not in stored[1]
    assert [filters.Rule.from_dict(rule) for rule in stored] == [code, words]
    module.write_text(MODULE + "\n# changed\n")
    del sys.modules["my_rules"]
    functions._imported.cache_clear()
    assert filters.load([str(file)])[0].functions[0].digest != code.functions[0].digest


def test_an_error_names_the_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("functions: {f: nowhere:f}\nrules: {a: {keep: f > 1}}\n")
    with pytest.raises(
        UserError, match=r"mine.yaml, functions: cannot import the function nowhere"
    ):
        filters.load([str(file)])
