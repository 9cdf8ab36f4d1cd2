"""Sample of Dolly: JSON lines, one of them cut off and one without its answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jobs.sample.conversations import of_set

INPUTS = ("*.jsonl",)


def write(folder: Path, seed: int) -> list[dict[str, Any]]:
    """Write the file, which is the same for each seed; return the outcome of each line."""
    lines, planted = [], []
    for exchange in of_set("dolly"):
        record = {
            "instruction": exchange.question,
            "context": "",
            "response": exchange.answer,
            "category": "open_qa",
        }
        lines.append(json.dumps(record, ensure_ascii=False))
        planted.append({"record": exchange.question, "outcome": "kept"})
    lines.insert(3, lines[0][:50])
    planted.append({"record": "a line that is cut", "outcome": "broken-json"})
    lines.append(json.dumps({"instruction": "Why?", "context": "", "category": "open_qa"}))
    planted.append({"record": "a line without its answer", "outcome": "bad-record"})
    data = "".join(line + "\n" for line in lines)
    (folder / "databricks-dolly-15k.jsonl").write_bytes(data.encode())
    return planted
