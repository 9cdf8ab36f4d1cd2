"""Whatever a record holds, its set's reader gives conversations, counts or an ExtractionError."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from udfs.chat import instructions, message_lists, transcripts
from udfs.chat.conversation import ROLES, Conversation, Left, answers
from udfs.chat.oasst import trees
from udfs.chat.oasst.conversations import conversations
from udfs.chat.oasst.node import node_of
from udfs.chat.oasst.threads import Rules
from udfs.extract.errors import ExtractionError

RULES = Rules(1, frozenset(("deleted",)), frozenset(), 1 << 20)

KEYS = (
    *("instruction", "input", "output", "context", "response", "status", "instances", "text"),
    *("chosen", "rejected", "prompt", "transcript", "messages", "conversations", "system", "role"),
    *("from", "value", "content", "metadata", "message_id", "parent_id", "rank", "labels", "name"),
    *("replies", "thread", "emojis", "type", "count", "lang", "weight", "tool_calls"),
)
TEXTS = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        [
            "user",
            "assistant",
            "ok",
            "a",
            "b",
            "prompter",
            "\n\nHuman: a\n\nAssistant: b",
            "<human>: a\n<bot>:",
        ]
    ),
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-3, 3), st.floats(), TEXTS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(KEYS), inner, max_size=6)
    ),
    max_leaves=12,
)
RECORDS = st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=8)


def oasst(record: dict[str, Any]) -> Iterable[Conversation | Left]:
    if trees.is_tree(record):
        root = trees.nested(record, 0)
    elif trees.is_thread(record):
        root = trees.thread(record, 0)
    else:
        (root, *_), _ = trees.rebuilt([node_of({**record, "parent_id": None})])
    for pairs in (False, True):
        yield from conversations(root, RULES, pairs=pairs)


@pytest.mark.parametrize(
    "read",
    [
        *(instructions.dolly, instructions.alpaca, instructions.longform, transcripts.hh_rlhf),
        *(transcripts.oig, message_lists.openai_messages, message_lists.sharegpt, oasst),
    ],
)
@settings(max_examples=40)
@given(record=RECORDS)
def test_a_reader_raises_nothing_else(
    read: Callable[[Any], Iterable[Conversation | Left]], record: dict[str, Any]
) -> None:
    try:
        found = list(read(record))
    except ExtractionError:
        return
    for item in found:
        if isinstance(item, Conversation):
            rows = [message.to_row() for message in item.messages]
            assert rows
            assert all(row["role"] in ROLES and isinstance(row["content"], str) for row in rows)
            shared, tails = answers(rows)
            assert sorted([*shared, *(i for tail in tails for i in tail)]) == list(range(len(rows)))
