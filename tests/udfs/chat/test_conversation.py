"""Choices between answers, and instructions with what they are about."""

from __future__ import annotations

from udfs.chat.conversation import Message, answers
from udfs.chat.instructions import instruction, parts


def row(id_: str | None, parent: str | None, rank: int | None = None) -> dict[str, object]:
    return Message("user", id_ or "", id_, parent, rank=rank).to_row()


def test_turns_without_a_choice() -> None:
    assert answers([row(None, None), row(None, None)]) == ([0, 1], [])
    assert answers([row("a", None), row("b", "a")]) == ([0, 1], [])


def test_answers_come_the_best_first_with_all_their_turns() -> None:
    messages = [
        row("a", None),
        row("b", "a"),
        row("worse", "b", 1),
        row("worse/1", "worse"),
        row("best", "b", 0),
        row("unranked", "b"),
    ]
    assert answers(messages) == ([0, 1], [[4], [2, 3], [5]])


def test_a_parent_behind_its_reply_or_itself_ends_no_search() -> None:
    assert answers([row("a", "b"), row("b", "a"), row("c", "c")]) == ([0, 1, 2], [])


def test_an_instruction_is_parted_where_its_input_begins() -> None:
    for text, more in (("Sort", "b\n\na"), ("Sort\n\nthis", "ä"), ("Sort", ""), ("", "x")):
        message = instruction(text, more)
        assert parts(message.content, message.extra) == (text, more)
    assert parts("Sort", '{"weight": 0}') == ("Sort", "")
