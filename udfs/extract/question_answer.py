"""A question and its answers as one text, by RedPajama-V1's rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Answer(NamedTuple):
    """An answer's text and what it is ranked by."""

    post_id: int
    score: int
    text: str


def ranked(answers: Iterable[Answer]) -> list[Answer]:
    """Return the answers by score, the highest first, and those of one score by their ids.

    V1 compares the scores as text, which puts 9 before 10.
    """
    return sorted(answers, key=lambda each: (-each.score, each.post_id))


def question(title: str | None, body: str) -> str:
    """Return a question's title and body on one line, as V1 joins them.

    The title is plain text: V1 takes it for HTML, which loses what looks like a tag.
    """
    words = " ".join((title or "").split())
    return f"{words} {body}" if words else body


def thread(question_text: str, answers: Sequence[Answer]) -> str:
    """Return `Q: question`, and below it `A: answer` for each answer, in the order given."""
    return "\nA: ".join([f"Q: {question_text}", *(each.text for each in answers)])
