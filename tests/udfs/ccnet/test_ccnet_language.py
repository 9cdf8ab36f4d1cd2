"""Language identification with the bundled lid.176 model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from udfs.ccnet.language import NONE, Language, accepted, identify, lid_input
from udfs.models.model_files import language_model_path, load_language_model


def score_of(language: Language) -> float:
    assert language.score is not None
    return language.score


@pytest.fixture(scope="module")
def model() -> Any:
    return load_language_model(language_model_path())


def test_the_input_equals_ccnet(conformance: Callable[..., list[dict[str, Any]]]) -> None:
    for case in conformance("ccnet.lid_input"):
        assert lid_input(case["input"]) == case["expected"]


def test_languages_of_real_books(model: Any, shared_data: Path) -> None:
    books = shared_data / "books"
    texts = [
        (books / "botchan.txt").read_text(encoding="utf-8")[:5000],
        (books / "wagahaiwa_nekodearu.txt").read_text(encoding="utf-8")[:5000],
    ]
    languages = identify(texts, model)
    assert [language.code for language in languages] == ["en", "ja"]
    assert all(accepted(score_of(language)) for language in languages)


def test_newlines_are_deleted_and_the_case_is_kept(model: Any) -> None:
    split, glued, blank, capitals = identify(
        ["el\nlos dos", "ellos dos", "el los dos", "EL LOS DOS"], model
    )
    assert split == glued
    assert split != blank
    assert capitals != blank


def test_text_without_words_gets_a_language_but_is_not_accepted(model: Any) -> None:
    assert identify(["", None], model) == [NONE, NONE]
    for language in identify(["\n", "   ", "\x00", "\r\x0b\x0c", "__label__en"], model):
        assert not accepted(score_of(language))


def test_a_null_character_separates_words(model: Any) -> None:
    with_null, with_blank = identify(["hello\x00world of words", "hello world of words"], model)
    assert with_null == with_blank


def test_a_lone_surrogate_does_not_matter(model: Any) -> None:
    (language,) = identify(["This is an English sentence \ud800 of some length."], model)
    assert language.code == "en"


@given(st.text())
def test_any_text_has_a_score_of_two_decimals(text: str) -> None:
    (language,) = identify([text], load_language_model(language_model_path()))
    score = score_of(language)
    assert 0 <= score <= 1
    assert score == round(score, 2)


class Fixed:
    """A model that always returns the same predictions."""

    def __init__(self, *predictions: tuple[float, str]) -> None:
        self.f = self
        self.predictions = list(predictions)

    def predict(self, *_: Any) -> list[tuple[float, str]]:
        return self.predictions


@pytest.mark.parametrize(
    ("score", "rounded", "kept"),
    [
        (1.000067949295044, 1.0, True),  # softmax in single precision can exceed 1
        (0.495 + 1e-8, 0.5, True),
        (0.4949, 0.49, False),
    ],
)
def test_scores_are_rounded_before_they_are_compared(
    score: float, rounded: float, kept: bool
) -> None:
    assert identify(["x"], Fixed((score, "__label__en"))) == [Language("en", rounded)]
    assert accepted(rounded) is kept


def test_no_prediction_gives_no_language() -> None:
    assert identify(["x"], Fixed()) == [NONE]


@given(st.floats(0.015625, 1.0009765625, width=32))
def test_rounding_equals_numpys_which_ccnet_uses(score: float) -> None:
    assert round(score, 2) == np.array([score]).round(2)[0]
