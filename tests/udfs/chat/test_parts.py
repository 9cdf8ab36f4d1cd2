"""The parts of documents that may be copied without the rest."""

from __future__ import annotations

from udfs.chat.conversation import Message
from udfs.chat.parts import parts_of, signatures
from udfs.extract.question_answer import answers_in
from udfs.near_duplicates.shingling import Shingling

LONG = " ".join(f"word{i}" for i in range(20))


def test_parts_of_conversations_and_of_questions_and_answers() -> None:
    turns = [
        ("system", "Be kind."),
        ("user", "Hi"),
        ("assistant", "A"),
        ("user", "x"),
        ("assistant", "B"),
    ]
    messages = [Message(role, text).to_row() for role, text in turns]
    assert parts_of("", messages, None) == [
        ("prompt", "Be kind.\n\nHi"),
        ("answer", "A"),
        ("answer", "B"),
    ]
    assert parts_of("Q: x\nA: y\nA: z", None, answers_in) == [("answer", "y"), ("answer", "z")]
    assert parts_of("a page", None, None) == []


def test_an_answer_has_the_signature_of_the_same_text_elsewhere() -> None:
    shingling = Shingling()
    [whole] = shingling.signatures([LONG])
    signed = signatures([[("prompt", "Hi"), ("answer", LONG), ("answer", "Yes.")], []], shingling)
    assert signed[1] is None
    rows = signed[0] or []
    assert [row["part"] for row in rows] == ["prompt", "answer"]
    assert rows[1]["signature"] == whole
