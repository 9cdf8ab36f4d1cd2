"""Copies with other edits than of words, the script of a text, and templated texts."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from script_texts import TEXTS

from udfs.near_duplicates.planted_edits import EDITS, edited_pairs, inserted, moved, restyled
from udfs.near_duplicates.script_words import script_words
from udfs.near_duplicates.scripts import script_of
from udfs.near_duplicates.shingling import Shingling
from udfs.near_duplicates.templates import find


@given(st.text(st.sampled_from("ab .\n。!"), max_size=60), st.integers(0, 2**63))
def test_moved_paragraphs_are_all_there(text: str, key: int) -> None:
    after = moved(text, "", key)
    assert sorted("".join(after.split())) == sorted("".join(text.split()))
    assert len(text) <= len(after) <= len(text) + 1
    assert moved(text, "", key) == after


def test_a_passage_is_inserted_once() -> None:
    text, donor = " ".join(map(str, range(100))), "x " * 500
    after = inserted(text, donor, 5)
    assert [word for word in after.split() if word != "x"] == text.split()
    assert 2 * after.count("x") == round(0.1 * len(text)) + 1
    assert inserted(text, "", 5) == text


@pytest.mark.parametrize("language", TEXTS)
def test_words_do_not_depend_on_style(language: str) -> None:
    text = TEXTS[language].replace("ß", "ss")
    assert script_words(restyled(text, "", 1)) == script_words(text)


def test_pairs_of_all_edits() -> None:
    choose = random.Random(1)
    texts = [
        "\n".join(" ".join(str(choose.randrange(5000)) for _ in range(40)) + "." for _ in range(12))
        for _ in range(6)
    ]
    shingling = Shingling()
    planted = edited_pairs([*texts, ""], range(7), shingling.signatures, shingling.jaccard)
    means = {
        edit: np.mean([pair.jaccard for name, pair in planted if name == edit]) for edit in EDITS
    }
    assert len(planted) == 3 * len(texts) - 1  # the passage of an empty text
    assert means["case and punctuation"] == 1
    assert 0.75 < means["a passage inserted"] < 0.95
    assert 0.8 < means["paragraphs moved"] < 0.95


def test_scripts() -> None:
    names = [script_of(TEXTS[language]) for language in ("en", "zh", "ja", "th", "ko", "mixed")]
    assert names == ["Latin", "Han", "Han and kana", "Thai", "Hangul", "mixed"]


RECIPE = (
    "Preheat the oven to {} degrees. Take {} grams of {} and mix them well with two spoons of sugar. Stir "
    "until smooth, then pour into a greased form and bake for {} minutes. Serve with {}."
)


def test_templates_among_prose() -> None:
    choose = random.Random(3)
    prose = [" ".join(choose.choice(TEXTS["en"].split()) for _ in range(80)) for _ in range(100)]
    pages = [RECIPE.format(*(choose.randrange(10**6) for _ in range(5))) for _ in range(12)]
    found = find([*prose, *pages, pages[0], *(page.upper() for page in pages[:3])])
    assert sorted(template.place for template in found) == list(range(100, 112))
    assert all(template.like == 11 for template in found)
    assert found[0].frame.startswith("preheat the oven to … and mix them well with two spoons of")
    assert find(prose) == find([]) == find(["", "a b c"]) == []


def test_pages_of_one_kind_must_be_many() -> None:
    pages = [RECIPE.format(*range(number, number + 5)) for number in range(0, 25, 5)]
    assert find(pages) == []
