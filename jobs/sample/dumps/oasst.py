"""Sample of OASST: trees of two answers each, some longer, with messages that leave their threads out."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any
from uuid import UUID

from jobs.sample.conversations import Exchange, of_set
from jobs.sample.draw import Draw

INPUTS = ("*.jsonl.gz",)

_FLAWS: dict[int, tuple[dict[str, bool], str]] = {
    2: ({"deleted": True}, "deleted"),
    5: ({"synthetic": True}, "synthetic"),
    8: ({"review_result": False}, "failed-review"),
}


def write(folder: Path, seed: int) -> list[dict[str, Any]]:
    """Write the file, of which the seed changes ids alone; return the outcome of each thread."""
    exchanges = of_set("oasst")
    lines, planted = [], []
    for i, exchange in enumerate(exchanges):
        prompt, outcomes = _tree(exchange, exchanges[i - 1 if i % 5 else i + 1], i, seed)
        tree = {
            "message_tree_id": prompt["message_id"],
            "tree_state": "ready_for_export",
            "prompt": prompt,
        }
        lines.append(json.dumps(tree, ensure_ascii=False))
        planted += [{"record": exchange.question, "outcome": outcome} for outcome in outcomes]
    lines.insert(6, lines[6][:100])
    planted.append({"record": "a tree that is cut", "outcome": "broken-json"})
    data = "".join(line + "\n" for line in lines).encode()
    (folder / "2023-04-12_oasst_ready.trees.jsonl.gz").write_bytes(gzip.compress(data, mtime=0))
    return planted


def _tree(
    exchange: Exchange, other: Exchange, number: int, seed: int
) -> tuple[dict[str, Any], list[str]]:
    """Return the root of a tree, and the outcomes of its threads."""
    draw = Draw(seed, "oasst", number)
    prompt = _message(draw, exchange, "prompter", exchange.question)
    best = _message(draw, exchange, "assistant", exchange.answer, prompt, rank=0)
    worse = _message(draw, exchange, "assistant", exchange.short_answer, prompt, rank=1)
    flaw, outcome = _FLAWS.get(number, ({}, "kept"))
    worse |= flaw
    if number % 5 == 1:  # a turn more, with a message at the end that nobody answered
        following = _message(draw, exchange, "prompter", other.question, best)
        answer = _message(draw, exchange, "assistant", other.answer, following)
        _message(draw, exchange, "prompter", "?", answer)
    return prompt, ["kept", outcome]


def _message(
    draw: Draw,
    exchange: Exchange,
    role: str,
    text: str,
    parent: dict[str, Any] | None = None,
    rank: int | None = None,
) -> dict[str, Any]:
    """Return a message, after it was added to the replies of its parent."""
    message: dict[str, Any] = {
        "message_id": str(UUID(int=draw.number(0, (1 << 52) - 1) << 70 | draw.number(0, 1 << 50))),
        "parent_id": parent["message_id"] if parent else None,
        "text": text,
        "role": role,
        "lang": exchange.language,
        "review_count": 3,
        "review_result": True,
        "deleted": False,
        "rank": rank,
        "synthetic": False,
        "labels": {"quality": {"value": draw.number(50, 100) / 100, "count": 3}},
        "replies": [],
    }
    if parent:
        parent["replies"].append(message)
    return message
