"""Questions found by score: labelled items and lures, and what an index may be asked."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from evaluation_texts import labelled
from hypothesis import given
from hypothesis import strategies as st
from script_texts import TEXTS, copies

from udfs.decontamination import scored_index
from udfs.decontamination.items import Item, part_of
from udfs.decontamination.scored_index import MOST, ScoredIndex
from udfs.decontamination.word_hashes import runs_of, words_of
from udfs.near_duplicates.script_words import script_words

QUESTION = "A robe takes two bolts of blue fiber and half that much white fiber; how many in total?"


def item(name: str, question: str, answer: str = "", passage: str = "") -> Item:
    parts = [script_words(text) for text in (question, answer, passage)]
    return Item("set", name, b" ".join(filter(None, parts)), *parts)


@pytest.mark.parametrize("seed", [1, 2])
def test_precision_and_recall_of_labelled_items(seed: int) -> None:
    texts = labelled(seed)
    index = ScoredIndex(texts.items)
    counts = np.bincount(index.seen(texts.documents), minlength=len(index))
    index.weigh(counts, len(texts.documents))
    found = {
        (number, evidence.item)
        for number, evidences in enumerate(index.lookup(texts.documents))
        for evidence in evidences
    }
    missed = Counter(kind for pair, kind in texts.planted.items() if pair not in found)
    wrong = Counter(texts.lures.get(pair, "other") for pair in found - texts.planted.keys())
    right = len(found & texts.planted.keys())
    assert right >= 0.95 * len(texts.planted), missed
    assert right >= 0.95 * len(found), wrong
    assert len(texts.planted) == len(texts.lures) == 300


@pytest.mark.parametrize(
    "text",
    [
        f"before {QUESTION.upper()} behind",
        QUESTION.replace("blue", "red"),
        QUESTION.replace("A robe", "The robe"),
        "A robe takes two bolts of\n> blue fiber and half that much\n> white fiber; how many in total?",
        QUESTION.replace(" ", "  ").replace(";", "；"),
        QUESTION.replace("half that", "a half that"),
    ],
)
def test_a_question_is_found(text: str) -> None:
    index = ScoredIndex([item("1", QUESTION, "3")])
    ((evidence,),) = index.lookup([text])
    assert (evidence.evaluation, evidence.item) == ("set", "1")
    assert 0.8 <= (evidence.score or 0) <= 1
    assert ScoredIndex.from_bytes(index.to_bytes()).lookup([text, ""]) == [[evidence], []]


@pytest.mark.parametrize("text", [QUESTION[:60], "", "?", "how many in total?", "a robe " * 50])
def test_a_part_of_a_question_is_not_it(text: str) -> None:
    assert ScoredIndex([item("1", QUESTION)]).lookup([text]) == [[]]


def test_answer_and_passage_are_scored_apart() -> None:
    passage = "The robe was woven in a small town by the sea where fiber was cheap and plenty"
    index = ScoredIndex([item("1", QUESTION, "three bolts", passage)])
    assert index.lookup([passage, "three bolts"]) == [[], []]
    (with_both,), (alone,) = index.lookup([f"{passage}. {QUESTION} Three bolts.", QUESTION])
    assert (with_both.score, with_both.answer, with_both.passage) == (1.0, 1.0, 1.0)
    assert (alone.answer, alone.passage) == (0.0, 0.0)


def test_a_common_question_needs_its_answer() -> None:
    question = "What is the best way to do this at home?"
    index = ScoredIndex([item("1", question, "with a hammer")])
    assert len(index.lookup([question])[0]) == 1
    index.weigh(np.full(len(index), 900), 1000)
    assert index.lookup([question, f"{question} With a hammer."])[0] == []
    assert len(index.lookup([f"{question} With a hammer."])[0]) == 1


def test_a_common_frame_is_no_evidence() -> None:
    frame = "Read the following passage and choose the answer that best completes the statement"
    items = [item(str(number), f"{frame}: {number} river stone") for number in range(300)]
    index = ScoredIndex(items)
    documents = [f"{frame} {number}" for number in range(50)]
    index.weigh(np.bincount(index.seen(documents), minlength=len(index)), len(documents))
    assert not any(index.lookup(documents))
    found = index.lookup([f"{frame}: 7 river stone"])[0]
    assert "7" in {evidence.item for evidence in found}


def test_short_and_long_items() -> None:
    texts = {"a": "one two three", "b": "one two three four five six seven eight"}
    index = ScoredIndex([item(name, text) for name, text in texts.items()])
    assert index.too_short == {"set": 1}
    one = ScoredIndex([item(name, text) for name, text in texts.items()], shortest=1)
    assert [[hit.item for hit in hits] for hits in one.lookup(list(texts.values()))] == [
        ["a"],
        ["a", "b"],
    ]
    many = ScoredIndex([item(str(number), QUESTION) for number in range(40)])
    assert len(many.lookup([QUESTION])[0]) == MOST
    long = " ".join(str(number * number % 9973) for number in range(20_000))
    (hits,) = ScoredIndex([item("long", long)]).lookup([f"x {long} y"])
    assert [hit.score for hit in hits] == [1.0]


def test_pieces_of_long_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scored_index, "PIECE", 300)
    monkeypatch.setattr(scored_index, "OVERLAP", 120)
    index = ScoredIndex([item("1", QUESTION)])
    for before in range(0, 600, 37):
        texts = ["", "x " * before + QUESTION + " y" * 300, "z", QUESTION]
        assert [len(hits) for hits in index.lookup(texts)] == [0, 1, 0, 1]
        assert np.array_equal(np.unique(index.seen(texts)), np.arange(len(index)))


@given(st.lists(st.text(st.sampled_from("ab é語\n"), max_size=200), max_size=6))
def test_hashes_of_words(texts: list[str]) -> None:
    normal = [script_words(text) for text in texts] + [
        b"x" * 70,
        b"x" * 71,
        b"abcdefgh",
        b"abcdefghi",
    ]
    words = words_of(normal)
    split = [word for text in normal for word in text.split(b" ") if word]
    assert len(words.hashes) == len(split)
    by_word = dict(zip(split, words.hashes.tolist(), strict=True))
    assert [by_word[word] for word in split] == words.hashes.tolist()
    assert len(set(by_word.values())) == len(by_word)
    assert [len(words.of(number)) for number in range(len(normal))] == [
        len(text.split(b" ")) if text else 0 for text in normal
    ]
    assert len(runs_of(words.hashes, 3)) == max(len(split) - 2, 0)


@pytest.mark.parametrize(
    ("field", "part"),
    [
        *(("question", "question"), ("prompt", "question"), ("text", "question")),
        *(("choices", "answer"), ("option_a", "answer"), ("B", "answer"), ("target", "answer")),
        *(("context", "passage"), ("article", "passage"), ("link", "other"), ("ctx", "question")),
    ],
)
def test_parts_by_the_names_of_fields(field: str, part: str) -> None:
    assert part_of(field) == part


@pytest.mark.parametrize("language", TEXTS)
def test_any_script(language: str) -> None:
    question = TEXTS[language][:60]
    index = ScoredIndex([item("1", question)])
    assert [len(hits) for hits in index.lookup(copies(language))] == [1] * len(copies(language))
    others = [text for other, text in TEXTS.items() if other not in (language, "mixed")]
    assert not any(index.lookup(others))
