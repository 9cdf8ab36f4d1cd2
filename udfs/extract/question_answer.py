"""Join a Stack Exchange question and its answers to one text, by RedPajama-V1's rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

_ANSWER = "\nA: "


class Answer(NamedTuple):
    """The text of an answer, and the fields that answers are sorted by."""

    post_id: int
    score: int
    text: str


def ranked(answers: Iterable[Answer]) -> list[Answer]:
    """Return the answers in descending order of score, and by id where scores are equal.

    V1 compares scores as strings, which puts 9 before 10.
    """
    return sorted(answers, key=lambda answer: (-answer.score, answer.post_id))


def question(title: str | None, body: str) -> str:
    """Return the title and the body of a question, joined by a blank as in V1.

    The title is plain text. V1 parses it as HTML and loses everything that looks like a tag.
    """
    words = " ".join((title or "").split())
    return f"{words} {body}" if words else body


def thread(question_text: str, answers: Sequence[Answer]) -> str:
    r"""Return `Q: question` and a line `A: answer` for each answer, in the given order.

    >>> thread("Why?", [Answer(1, 5, "Because."), Answer(2, 3, "Why not?")])
    'Q: Why?\nA: Because.\nA: Why not?'
    """
    return _ANSWER.join([f"Q: {question_text}", *(answer.text for answer in answers)])


def answers_in(text: str) -> list[str]:
    r"""Return the answers in a text of `thread`; one that has a line like `A: ` comes in pieces.

    >>> answers_in("Q: Why?\nA: Because.\nA: Why not?")
    ['Because.', 'Why not?']
    """
    return text.split(_ANSWER)[1:]
