"""Training SentencePiece: repeatable, and content with what a small corpus carries."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from udfs.language_models.sentencepiece_pieces import cut, sentences, train_pieces

TEXTS = [
    f"the {age} {thing} of the {place}"
    for age in ("red", "old")
    for thing in ("door", "house")
    for place in ("north", "village", "river")
]


@given(st.text(alphabet="ab ü", max_size=60), st.integers(1, 12))
def test_parts_are_the_text(text: str, longest: int) -> None:
    parts = list(cut(text, longest))
    assert "".join(parts) == text
    assert all(0 < len(part) <= longest for part in parts)


def test_parts_end_at_blanks() -> None:
    assert list(cut("ab cd efghij", 5)) == ["ab", " cd", " efgh", "ij"]


def test_the_same_texts_give_the_same_pieces_and_no_more_than_there_are() -> None:
    model, size = train_pieces(TEXTS, 1000)
    assert 10 < size < 1000
    assert train_pieces(TEXTS, 1000) == (model, size)
    assert train_pieces(TEXTS, 30)[1] <= 30


def test_a_line_that_sentencepiece_would_leave_out_is_trained_on() -> None:
    long = " ".join(["a sentence of many more words"] * 300)
    assert train_pieces([long], 100)[1] > 10


def test_texts_too_few_to_begin_with() -> None:
    with pytest.raises(ValueError, match=r"\w"):
        train_pieces([], 100)


def test_a_text_is_a_sentence_and_unknown_characters_are_spelled() -> None:
    model, _ = train_pieces(TEXTS, 40)
    made = list(sentences(model, ["the old door", "", "the 字字"]))
    assert ["".join(words) for words in made] == ["▁the▁old▁door", "▁the▁字字"]
    assert "字字" in made[1]


def test_a_very_long_text_is_several_sentences() -> None:
    model, _ = train_pieces(TEXTS, 40)
    assert len(list(sentences(model, ["the old door " * 20], max_line=50))) > 4
