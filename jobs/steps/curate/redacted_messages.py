"""Replace personal data in the messages of a conversation, and make its text of them again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from udfs.chat.conversation import plain_text
from udfs.chat.instructions import instruction, parts
from udfs.pii import Redacted


class RedactedMessages(NamedTuple):
    """The messages and the text without personal data, and the parts replaced by kind."""

    messages: list[dict[str, Any]]
    text: str
    counts: dict[str, int]


def redacted_messages(
    messages: Sequence[dict[str, Any]], redact: Callable[[str], Redacted]
) -> RedactedMessages:
    """Return a conversation without personal data.

    An instruction and its input are redacted each by itself, since `extra` says where the input begins.
    """
    counts: Counter[str] = Counter()

    def clean(text: str) -> str:
        redacted = redact(text)
        counts.update(redacted.counts)
        return redacted.text

    changed = []
    for row in messages:
        asked, more = parts(row["content"] or "", row["extra"])
        if more:
            message = instruction(clean(asked), clean(more))
            changed.append({**row, "content": message.content, "extra": message.extra})
        else:
            changed.append({**row, "content": clean(asked)})
    return RedactedMessages(changed, plain_text(row["content"] for row in changed), dict(counts))
