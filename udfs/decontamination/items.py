"""Items of evaluation sets and their parts."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

Part = Literal["question", "answer", "passage", "other"]

_ANSWER = re.compile(
    "answer|choice|option|target|solution|label|output|response|completion|ending|correct|distract"
    "|^[a-e]$"
)
_QUESTION = re.compile(
    "question|prompt|query|problem|premise|instruction|input|text|sentence|goal|ctx|stem|claim|hypothesis"
)
_PASSAGE = re.compile("passage|context|article|document|story|paragraph|background|support")


class Item(NamedTuple):
    """An item of an evaluation set, its texts as `script_words` gives them.

    Attributes
    ----------
    text
        All fields in their order.
    question, answer, passage
        The fields of each part (`part_of`); without a question, what is left of the item is one.
    """

    evaluation: str
    item: str
    text: bytes
    question: bytes = b""
    answer: bytes = b""
    passage: bytes = b""


class Evidence(NamedTuple):
    """An item that a document contains, and the first words in a row that both share.

    Attributes
    ----------
    score, answer, passage
        Shares of question, answer and passage that the document has; None where not computed.
    """

    evaluation: str
    item: str
    ngram: str
    score: float | None = None
    answer: float | None = None
    passage: float | None = None


def part_of(field: str) -> Part:
    """Return the part of an item that a field has, by its name.

    >>> part_of("question"), part_of("correct_answer"), part_of("context"), part_of("subject")
    ('question', 'answer', 'passage', 'other')
    """
    name = field.lower()
    if _ANSWER.search(name):
        return "answer"
    if _PASSAGE.search(name):
        return "passage"
    return "question" if _QUESTION.search(name) else "other"


def question_of(item: Item, shortest: int) -> bytes | None:
    """Return the words to look for; None if the item has fewer than `shortest`.

    That is the question; with the answer, or else with all of the item, where it is too short.
    """
    with_answer = b" ".join(filter(None, (item.question, item.answer)))
    for text in (item.question, with_answer, item.text):
        if text and text.count(b" ") + 1 >= shortest:
            return text
    return None
