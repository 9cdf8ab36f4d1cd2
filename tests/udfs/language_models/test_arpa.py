"""ARPA text: its shape, its order, its numbers."""

from __future__ import annotations

import io

import pytest

from udfs.language_models.arpa import number, write_arpa
from udfs.language_models.kneser_ney import estimate


def arpa(sentences: list[list[str]], order: int = 2) -> str:
    file = io.StringIO()
    write_arpa(estimate(sentences, order), file)
    return file.getvalue()


def test_sections_and_sizes() -> None:
    lines = arpa([["a", "b"], ["a", "c"]]).split("\n")
    assert lines[:5] == ["\\data\\", "ngram 1=6", "ngram 2=5", "", "\\1-grams:"]
    assert lines[lines.index("\\2-grams:") + 1] == "-0.2218487\t<s> a"  # log10 of 0.6
    assert lines[-2:] == ["\\end\\", ""]


def test_n_grams_are_sorted_and_the_highest_order_has_no_back_off() -> None:
    rows = [line.split("\t") for line in arpa([["b", "a"], ["c", "a"]]).split("\n") if "\t" in line]
    unigrams = [row[1] for row in rows if " " not in row[1]]
    assert unigrams == ["</s>", "<s>", "<unk>", "a", "b", "c"]
    assert {len(row) for row in rows if " " in row[1]} == {2}
    assert {len(row) for row in rows if " " not in row[1]} == {3}


def test_the_same_model_whatever_order_its_sentences_come_in() -> None:
    sentences = [["a", "b"], ["a", "c"], ["c"]]
    assert arpa(sentences) == arpa(sentences[::-1])


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (-0.0, "0"), (-99.0, "-99"), (-0.3010299956639812, "-0.30103")],
)
def test_numbers(value: float, text: str) -> None:
    assert number(value) == text
