"""Records of sets of conversations, made by the field lists of their cards."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

DOLLY = [
    {"instruction": "When did it open?", "context": "It opened in 1871.[2]", "response": "In 1871.",
     "category": "closed_qa"},
    {"instruction": "Name three fruits", "context": "", "response": "Fig, plum, pear.",
     "category": "brainstorming"},
]  # fmt: skip
ALPACA = [
    {"instruction": "Translate \"Haus\".", "input": "", "output": "House"},
    {"instruction": "Sort these }, {", "input": "b, a", "output": "a, b"},
]  # fmt: skip
LONGFORM = [
    {"input": "How do I boil an egg?", "output": "Put it into water.", "source": "Stack Exchange",
     "subset": "stackexchange"},
]  # fmt: skip
HH = [
    {"chosen": "\n\nHuman: Hi\n\nAssistant: Hello!\n\nHuman: Bye\n\nAssistant: See you.",
     "rejected": "\n\nHuman: Hi\n\nAssistant: Hello!\n\nHuman: Bye\n\nAssistant: Go."},
]  # fmt: skip
OIG = [
    {"text": "<human>: What is 2+2?\n<bot>: 4\n<human>: And\n3+3?\n<bot>: 6", "metadata": {"source": "x"}},
]  # fmt: skip
MESSAGES = [
    {"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"},
                  {"role": "assistant", "content": "Hello"}]},
]  # fmt: skip
SHAREGPT = [
    {"id": "a1", "conversations": [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Hello"}]},
]  # fmt: skip


def json_lines(path: Path, records: Iterable[Any]) -> Path:
    """Write JSON lines, in gzip if the name says so; a text is a line as it is."""
    lines = (item if isinstance(item, str) else json.dumps(item) for item in records)
    data = "".join(f"{line}\n" for line in lines).encode()
    path.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)
    return path


def parquet(path: Path, records: list[dict[str, Any]], group: int = 2) -> Path:
    pq.write_table(pa.Table.from_pylist(records), path, row_group_size=group)
    return path


def message(id_: str, parent: str | None, role: str, text: str, **more: Any) -> dict[str, Any]:
    """Return a message of OASST's export."""
    fields = {
        "review_result": True,
        "deleted": False,
        "synthetic": False,
        "rank": None,
        "lang": "en",
    }
    return {"message_id": id_, "parent_id": parent, "text": text, "role": role, **fields, **more}


def tree(*messages: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a tree of messages, which name their parents; the first one is its root."""
    copies = {item["message_id"]: {**item, "replies": []} for item in messages}
    for item in messages[1:]:
        copies[item["parent_id"]]["replies"].append(copies[item["message_id"]])
    root = copies[messages[0]["message_id"]]
    state = {"message_tree_id": root["message_id"], "tree_state": "ready_for_export"}
    return {**state, **more, "prompt": root}


def contents(row: dict[str, Any]) -> list[tuple[str, str]]:
    """Return role and content of each message of a document."""
    return [(item["role"], item["content"]) for item in row["messages"]]
