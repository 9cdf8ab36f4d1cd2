"""Measures of rules: their names, what is null, and texts made to cost time."""

from __future__ import annotations

import doctest
import time

import pyarrow as pa
import pytest

from schemas.tables.rule_measures import RULE_MEASURES
from udfs.rule_measures import (
    NAMES,
    lines,
    measures,
    scripts,
    sentences,
    stop_words,
    unspaced,
    words,
)
from udfs.rule_measures.lines import line_measures


@pytest.mark.parametrize("module", [scripts, sentences, stop_words, words])
def test_the_examples(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


def test_the_fields_are_those_of_the_table() -> None:
    assert list(NAMES) == RULE_MEASURES.names
    assert measures([], [], [], []).type == pa.struct([(name, pa.float64()) for name in NAMES])


@pytest.mark.parametrize("text", ["", "\n", " \n\t\r\n"])
def test_a_text_without_lines_has_no_shares(text: str) -> None:
    [row] = measures([text], [text], [None], [None]).to_pylist()
    assert {name for name, value in row.items() if value is not None} == {
        "hash_word_ratio",
        "ellipsis_word_ratio",
    }


def test_symbols_without_words_have_no_ratio() -> None:
    [row] = measures(["# ... #"], ["# ... #"], [None], [0.5]).to_pylist()
    assert row["hash_word_ratio"] is None
    assert row["bullet_lines"] == 0.0
    assert row["language_probability"] == 0.5


def test_lines_are_of_the_page_and_symbols_of_the_text() -> None:
    [row] = measures(["one # two"], ["a\na\none two"], ["en"], [None]).to_pylist()
    assert row["duplicate_lines"] == pytest.approx(1 / 3)
    assert row["duplicate_line_characters"] == pytest.approx(1 / 9)
    assert row["hash_word_ratio"] == 0.5


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("One", 1),
        ("One. Two", 2),
        ('He said "No." She left.', 2),
        ("He said “No.” She left.", 2),
        ("Version 3.5 of e.g. this etc. is here.", 1),
        ("Wait... What?! No.", 3),
        ("Dr. A. Jones met Mrs. Smith.", 1),
        ("1. Jan. 2020 war es. 2. Feb. auch.", 5),  # ordinals of other languages are not known
        ("你好。我走了！真的？", 3),
        ("「走。」他说。", 2),
        ("हुई। यह है॥ वह था।", 3),
        ("متى؟ الآن.", 2),
    ],
)
def test_sentences_of_a_line(line: str, count: int) -> None:
    assert sentences.sentences(line) == count


@pytest.mark.parametrize(
    "part",
    [
        *(".", ". ", "。", '"', "[", ".)", "[1]", "a\n", "#", "…", "A. ", "Mr. ", "?”", "\u0e01"),
        *("javascript\n", "!" * 2000 + " ", "x" * 2000 + "\n", ".\u3000"),
    ],
)
def test_hostile_texts_take_linear_time(part: str) -> None:
    def seconds(size: int) -> float:
        text = part * (size // len(part))
        start = time.process_time()
        line_measures(text)
        words.word_measures(text)
        stop_words.count_stop_words(text, "en")
        unspaced.unspaced_measures([text], "th")
        return time.process_time() - start

    seconds(10_000)
    assert seconds(800_000) < 5


def test_a_long_word_of_a_script_without_blanks_is_no_long_word() -> None:
    assert line_measures("预算" * 600 + "。")["c4_lines"] == 1
    assert line_measures("it is one " + "ab" * 600 + " more.")["c4_lines"] == 0
    assert lines.line_measures("See [citation needed] it is so here[3]")["c4_lines"] == 0
