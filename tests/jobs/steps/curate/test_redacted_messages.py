"""Personal data in messages: replaced in each message, and the text is made of them again."""

from __future__ import annotations

from functools import partial

from jobs.steps.curate.redacted_messages import redacted_messages
from udfs import pii
from udfs.chat.conversation import ASSISTANT, Message
from udfs.chat.instructions import instruction, parts


def test_instruction_input_and_answer() -> None:
    asked = instruction("Write to ann.lee@gmail.com.", "From bob.ray@gmail.com: hi")
    answer = Message(ASSISTANT, "Sent to ann.lee@gmail.com", labels={"quality": 1.0})
    redact = partial(pii.redact, kinds=("emails",), style="context", language="en")
    clean = redacted_messages([asked.to_row(), answer.to_row()], redact)
    assert "@gmail" not in clean.text
    assert clean.counts == {"emails": 3}
    assert clean.text == "\n\n".join(row["content"] for row in clean.messages)
    instruction_, more = parts(clean.messages[0]["content"], clean.messages[0]["extra"])
    assert (instruction_[:9], more[:5]) == ("Write to ", "From ")
    assert clean.messages[1]["labels"] == [("quality", 1.0)]
