"""Near-duplicates of trained texts among those held out."""

from __future__ import annotations

import random

from jobs.steps.train.leaks import near_trained


def text(seed: object, words: int = 200) -> list[str]:
    choose = random.Random(str(seed))
    return ["".join(choose.choices("abcdefghij", k=5)) for _ in range(words)]


def changed(words: list[str], every: int) -> str:
    return " ".join("other" if i % every == 0 else word for i, word in enumerate(words))


def test_variants_of_trained_texts_are_found_and_no_others() -> None:
    trained = [" ".join(text(i)) for i in range(600)]
    held_out = [
        *(changed(text(i), 40) for i in range(50)),  # 5 words changed: 80 % of the 5-grams stay
        *(" ".join(text(f"new {i}")) for i in range(50)),
        *(changed(text(i), 3) for i in range(50)),  # no 5-gram stays
    ]
    near = near_trained(held_out, iter(trained))
    assert near == [True] * 50 + [False] * 100


def test_an_empty_text_is_near_nothing() -> None:
    assert near_trained(["", "a b"], ["", "c d"]) == [False, False]
    assert near_trained(["a b"], ["a b"]) == [True]
    assert near_trained([], ["a"]) == []
