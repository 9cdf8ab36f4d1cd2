"""A conversation as a model reads it: markup and contents in turn, and which of it is learnt."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from udfs.chat.conversation import ASSISTANT

Row = Mapping[str, Any]


class Segment(NamedTuple):
    """A part of a rendered conversation.

    Attributes
    ----------
    is_markup
        Whether a template wrote it. Only markup holds special tokens; a content that looks like one is
        text.
    is_learnt
        Whether the loss counts it: answers of the assistant, with the mark that ends them.
    """

    text: str
    is_markup: bool
    is_learnt: bool = False


class NotRepresentable(Exception):  # noqa: N818
    """A format cannot represent a document; the reason is a short name to count it by."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def is_learnt(row: Row) -> bool:
    """Return whether a message is an answer to learn: of the assistant, without OpenAI's weight of 0."""
    if row["role"] != ASSISTANT:
        return False
    return not (row["extra"] and json.loads(row["extra"]).get("weight") == 0)


def spans(segments: Iterable[Segment]) -> list[list[int]]:
    """Return start and end of the learnt parts of the text, in code points; parts that touch are one."""
    learnt: list[list[int]] = []
    position = 0
    for segment in segments:
        end = position + len(segment.text)
        if segment.is_learnt and segment.text:
            if learnt and learnt[-1][1] == position:
                learnt[-1][1] = end
            else:
                learnt.append([position, end])
        position = end
    return learnt


def text_of(segments: Iterable[Segment]) -> str:
    """Return the text of segments."""
    return "".join(segment.text for segment in segments)


def chatml(messages: Sequence[Row]) -> Iterator[Segment]:
    """Yield a conversation in ChatML, the form of OpenAI's and of many open models."""
    for row in messages:
        learnt = is_learnt(row)
        yield Segment(f"<|im_start|>{row['role']}\n", True)
        yield Segment(row["content"] or "", False, learnt)
        yield Segment("<|im_end|>", True, learnt)
        yield Segment("\n", True)


def llama3(messages: Sequence[Row]) -> Iterator[Segment]:
    """Yield a conversation in the form of Llama 3 (Meta's model card), whose tools are `ipython`."""
    yield Segment("<|begin_of_text|>", True)
    for row in messages:
        role = "ipython" if row["role"] == "tool" else row["role"]
        learnt = is_learnt(row)
        yield Segment(f"<|start_header_id|>{role}<|end_header_id|>\n\n", True)
        yield Segment((row["content"] or "").strip(), False, learnt)
        yield Segment("<|eot_id|>", True, learnt)
