"""Texts that quote fastText's own marks are read to their end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from udfs.ccnet.language import Language, identify, robust_input
from udfs.models.fasttext_marks import without_marks
from udfs.models.model_files import language_model_path, load_language_model

ENGLISH = "The committee met on Monday to discuss the budget, and it was agreed to change the plan."
FRENCH = (
    "Le comité s'est réuni lundi pour discuter du budget, et il a été convenu de changer le plan. "
)


@pytest.fixture(scope="module")
def model() -> Any:
    return load_language_model(language_model_path())


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", ""),
        ("</s>", "< /s>"),
        ("</s> </s>\t</s>", "< /s> < /s>\t< /s>"),
        ("a</s> <s>a </s>b </S>", "a</s> <s>a </s>b </S>"),  # fastText ends at the word alone
        ("a\u00a0</s>", "a\u00a0</s>"),  # no blank of fastText's
        ("__label__cc and x__label__", "label cc and xlabel "),
    ],
)
def test_marks_are_broken_up_and_no_other_word(line: str, expected: str) -> None:
    assert without_marks(line) == expected


@pytest.mark.parametrize(
    "text", [f"</s> {ENGLISH}", f"{ENGLISH} </s>", f"a\t</s>\t{ENGLISH} {ENGLISH}"]
)
def test_the_end_mark_ends_no_text(model: Any, text: str) -> None:
    [language] = identify([text], model)
    assert language.code == "en"
    assert (language.score or 0.0) > 0.8


def test_a_clause_before_the_mark_hides_nothing(model: Any) -> None:
    [language] = identify([f"It is agreed that </s> {FRENCH * 20}"], model)
    assert language.code == "fr"


def test_a_page_that_begins_with_the_mark(model: Any, rule_cases: Path) -> None:
    [language] = identify([(rule_cases / "eos-in-text" / "input.txt").read_text()], model)
    assert language.code == "en"
    assert (language.score or 0.0) > 0.9


@pytest.mark.parametrize(
    "text",
    [
        ENGLISH.upper(),
        ENGLISH.replace(" ", "\u00a0"),
        ENGLISH.replace(" ", "\u3000"),
        ENGLISH.replace(" ", "\n"),
    ],
)
def test_the_robust_line_has_neither_capitals_nor_blanks_of_other_kinds(
    model: Any, text: str
) -> None:
    [as_ccnet], [robust] = identify([text], model), identify([text], model, robust_input)
    assert robust.code == "en"
    assert (robust.score or 0.0) > 0.8
    assert as_ccnet != robust


def test_an_exact_score_is_that_which_is_rounded(model: Any) -> None:
    [exact] = identify([ENGLISH], model, exact=True)
    assert exact.score is not None
    assert exact.score != round(exact.score, 2)
    assert identify([ENGLISH], model) == [exact.rounded()]
    assert Language(None, None).rounded() == Language(None, None)
