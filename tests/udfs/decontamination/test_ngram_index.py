"""Evaluation items in texts: as a set of n-grams finds them, whatever stands between the words."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from udfs.decontamination import ngram_index, text_hashes
from udfs.decontamination.items import Evidence, Item
from udfs.decontamination.ngram_index import MOST, Index
from udfs.near_duplicates.script_words import script_words
from udfs.near_duplicates.shingles import batches

QUESTION = (
    "Natalia sold clips to 48 of her friends in April, and then she sold half as many clips in May."
)
FIRST = "natalia sold clips to 48 of her friends in april and then she"


def index(*texts: str, n: int = 13, shortest: int = 8) -> Index:
    items = [Item("gsm8k", str(i), script_words(text)) for i, text in enumerate(texts)]
    return Index(items, n, shortest)


def prose(n: int, seed: int = 1) -> str:
    return " ".join(random.Random(seed).choices(["alpha", "beta", "gamma", "delta"], k=n))


def by_sets(items: list[Item], text: str, n: int, shortest: int) -> list[Evidence]:
    """The definition: each n-gram of each item is looked for at each word of the text."""
    words = text.split()
    found: dict[tuple[str, str], tuple[int, int, str]] = {}
    for evaluation, item, content, *_ in items:
        said = content.decode().split()
        length = min(n, len(said))
        if not said or len(said) < min(n, shortest):
            continue
        grams = {" ".join(said[i : i + length]) for i in range(len(said) - length + 1)}
        for begin in range(len(words) - length + 1):
            gram = " ".join(words[begin : begin + length])
            if gram in grams:
                first = found.get((evaluation, item), (begin, length, gram))
                found[evaluation, item] = min(first, (begin, length, gram))
    named = sorted(found.items())[:MOST]
    return [Evidence(*name, gram) for name, (_, _, gram) in named]


words = st.lists(st.sampled_from("abc"), max_size=9).map(" ".join)
made_items = st.builds(
    lambda evaluation, item, text: Item(evaluation, str(item), text.encode()),
    *(st.sampled_from("AB"), st.integers(0, 12), words),
)


@settings(deadline=None)
@given(
    st.lists(made_items, max_size=20),
    st.lists(st.lists(st.sampled_from("abcd"), max_size=30).map(" ".join), max_size=4),
    *(st.integers(1, 5), st.integers(1, 5), st.booleans()),
)
def test_it_finds_what_sets_of_ngrams_find(
    items: list[Item], texts: list[str], n: int, shortest: int, stored: bool
) -> None:
    made = Index(items, n, shortest)
    if stored:
        made = Index.from_bytes(made.to_bytes())
    assert made.lookup(texts) == [by_sets(items, text, n, shortest) for text in texts]


def test_an_item_is_found_in_a_long_document_and_another_is_not() -> None:
    made = index(QUESTION, prose(40, seed=2) + " and so on")
    document = f"{prose(30_000)} {QUESTION} {prose(20_000)}"
    assert made.lookup([prose(50_000), document]) == [[], [Evidence("gsm8k", "0", FIRST)]]


def test_a_document_of_several_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("udfs.near_duplicates.shingles._PIECE", 20_000)
    monkeypatch.setattr("udfs.near_duplicates.shingles._RUN", 10_000)
    made = index(QUESTION, "one two three four five six seven eight")
    short = "One two three. Four five six; seven eight!"
    for before in (0, 2_300, 4_700, 9_999):
        document = f"{prose(before)} {short} {prose(5_000)} {QUESTION} {prose(9_000)} {QUESTION}"
        assert [evidence.item for evidence in made.lookup(["", document, "x"])[1]] == ["0", "1"]


@pytest.mark.parametrize(
    "change",
    [
        str.upper,
        lambda text: text.replace(" ", " - "),
        lambda text: text.replace(",", " —").replace(" ", "  \n"),
        lambda text: f"“{text.replace('friends', '‘friends’').replace('May', 'May…')}”",
        lambda text: text.replace("friends", "fri\xadends").replace("clips", "clips\u200b"),
    ],
    ids=["capitals", "dashes", "lines", "quotation-marks", "unseen"],
)
def test_punctuation_and_capitals_hide_nothing(change: object) -> None:
    assert callable(change)
    assert index(QUESTION).lookup([change(QUESTION)]) == [[Evidence("gsm8k", "0", FIRST)]]


def test_twelve_words_are_not_thirteen() -> None:
    said = script_words(QUESTION).decode().split()
    made = index(QUESTION)
    assert made.lookup([" ".join(["x", *said[2:14], "y"])]) == [[]]
    assert made.lookup([" ".join(["x", *said[2:15], "y"])])[0][0].ngram == " ".join(said[2:15])


def test_short_items_are_looked_for_as_a_whole() -> None:
    made = index("Is one plus one equal to two, or not?", "What is it?", "")
    assert made.too_short == {"gsm8k": 2}
    held, *others = made.lookup(
        [
            "Say: is one plus one equal to two or not",
            "is one plus one equal to two or nothing",
            "is one plus one equal to two",
            "What is it?",
        ]
    )
    assert held == [Evidence("gsm8k", "0", "is one plus one equal to two or not")]
    assert others == [[], [], []]


def test_of_many_items_the_first_by_name_are_reported() -> None:
    items = [Item("b", f"{i:03}", b"a b c d") for i in range(200)]
    items += [Item("a", "x", b"b c d e")]
    made = Index(items, 3, 1)
    assert len(made) == 2 * MOST + 1  # more are never told
    found = made.lookup(["z a b c d e"])[0]
    assert [evidence[:2] for evidence in found] == [
        ("a", "x"),
        *[("b", f"{i:03}") for i in range(9)],
    ]
    assert found[0].ngram == "b c d"


def test_no_evidence_rests_on_a_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    def colliding(*arguments: Any) -> Iterator[Any]:
        for batch in batches(*arguments):
            yield batch._replace(hashes=batch.hashes & np.uint64(1))

    for module in (ngram_index, text_hashes):
        monkeypatch.setattr(module, "batches", colliding)
    made = Index([Item("a", "1", b"a b c")], 3, 1)
    assert made.lookup(["d e f g h a b c", "d e f g h i j k l"]) == [
        [Evidence("a", "1", "a b c")],
        [],
    ]


def test_common_ngrams_are_left_out() -> None:
    made = Index([Item("a", "1", b"a b c d"), Item("a", "2", b"a b c x")], 3, 1)
    texts = ["a b c a b c", "z a b c d", "c d e"]
    assert len(list(made.places(texts))) == 3  # an n-gram once a text
    common = made.places(["a b c"])
    made.without(list(common))
    assert made.lookup(texts) == [[], [Evidence("a", "1", "b c d")], []]


def test_time_is_linear_where_every_word_is_in_many_items() -> None:
    made = Index([Item("a", str(i), b"a " * 50 + b"a") for i in range(300)], 13, 8)

    def seconds(n: int) -> float:
        text = "a " * n
        begin = time.process_time()
        made.lookup([text])
        return time.process_time() - begin

    assert seconds(80_000) < 16 * seconds(10_000) + 0.2


def test_chinese_and_japanese_count_by_characters() -> None:
    asked = "小明有三个苹果，他又买了五个，请问他一共有几个苹果？"
    found = index(asked, "三个苹果", "これは日本語の文章で、空白がありません。")
    assert found.too_short == {"gsm8k": 1}
    page = "数学题：小明有三个苹果。他又买了五个! 请问他一共有几个苹果"
    (zh,), (ja,), none = found.lookup(
        [page, "（これは日本語の文章で空白がありません）", "小明有三个苹果"]
    )
    assert (zh.item, zh.ngram) == ("0", " ".join("小明有三个苹果他又买了五个"))
    assert (ja.item, none) == ("2", [])
