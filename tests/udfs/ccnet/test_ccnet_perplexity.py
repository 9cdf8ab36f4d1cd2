"""Perplexity compared with CCNet's formula and with direct calls of the libraries."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from udfs.ccnet.normalizer import normalize
from udfs.ccnet.perplexity import Perplexity, perplexity_of
from udfs.models.model_files import find_perplexity_models, load_perplexity


class Words:
    """A SentencePiece model whose pieces are words."""

    def encode_as_pieces(self, text: str) -> list[str]:
        return text.split()


class Constant:
    """A KenLM model that gives every word, and the line's end, a probability of 0.1."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def score(self, line: str) -> float:
        self.lines.append(line)
        return -1.0 * (len(line.split()) + 1)


def test_formula_equals_ccnet(conformance: Callable[..., list[dict[str, Any]]]) -> None:
    for case in conformance("ccnet.pp"):
        assert perplexity_of(**case["input"]) == case["expected"]


def test_a_perplexity_beyond_a_double_is_infinite() -> None:
    assert perplexity_of(-1e6, 1) == math.inf


def test_a_document_is_one_line_without_its_newlines() -> None:
    model = Constant()
    assert Perplexity(Words(), model).score(["Ein Tag\nim Mai 2020\n"]) == [10.0]
    assert model.lines == ["ein tagim mai 0000"]


def test_a_text_without_pieces_has_no_perplexity() -> None:
    scorer = Perplexity(Words(), Constant())
    assert scorer.score(["", None, " \n ", "\x00\x07", "\u0301"]) == [None] * 5


def test_a_lone_surrogate_is_read_as_a_question_mark() -> None:
    model = Constant()
    Perplexity(Words(), model).score(["a \ud800 b"])
    assert model.lines == ["a ? b"]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("aa bb cc dd", ["aa bb", "cc dd"]),
        ("aaaaaaaaaaaaaaa", ["aaaaaaa", "aaaaaaa", "a"]),
        ("aa bb c", ["aa bb c"]),
    ],
)
def test_a_very_long_document_is_scored_as_lines_cut_at_blanks(text: str, lines: list[str]) -> None:
    model = Constant()
    assert Perplexity(Words(), model, max_line=7).score([text]) == [10.0]
    assert model.lines == lines


@pytest.fixture(scope="module")
def english(shared_data: Path) -> Perplexity:
    return load_perplexity(find_perplexity_models(shared_data / "models")["en"])


def test_equals_direct_calls_of_the_libraries(english: Perplexity, shared_data: Path) -> None:
    import kenlm
    import sentencepiece

    folder = shared_data / "models"
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(folder / "en.sp.model"))
    model = kenlm.Model(str(folder / "en.arpa.bin"))
    book = (shared_data / "books" / "botchan.txt").read_text(encoding="utf-8")
    texts = [book[i : i + 3000] for i in range(0, 60_000, 3000)]
    expected = []
    for text in texts:
        line = " ".join(pieces.encode(normalize(text), out_type=str))
        expected.append(round(10 ** (-model.score(line) / (len(line.split()) + 1)), 1))
    assert english.score(texts) == expected


def test_prose_has_a_lower_perplexity_than_noise(english: Perplexity) -> None:
    prose, noise = english.score(
        ["The old man went down to the river and looked at the water.", "zq xv kkjw pqz 8f vvx"]
    )
    assert prose is not None
    assert noise is not None
    assert prose < noise
