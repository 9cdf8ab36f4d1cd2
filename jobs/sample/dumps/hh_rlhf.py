"""Sample of HH-RLHF: pairs of a right and a wrong answer, a pair of equal ones, and a line that is none."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from jobs.sample.conversations import of_set

INPUTS = ("*/*.jsonl.gz",)


def write(folder: Path, seed: int) -> list[dict[str, Any]]:
    """Write the file, which is the same for each seed; return the outcome of each line."""
    exchanges = of_set("hh_rlhf")
    lines, planted = [], []
    for i, exchange in enumerate(exchanges):
        asked = f"\n\nHuman: {exchange.question}\n\nAssistant: "
        wrong = exchanges[i - 1 if i % 5 else i + 1].answer  # of the same language
        pair = {"chosen": asked + exchange.answer, "rejected": asked + wrong}
        lines.append(json.dumps(pair, ensure_ascii=False))
        planted.append({"record": exchange.question, "outcome": "kept"})
    equal = json.loads(lines[0])["chosen"]
    lines.append(json.dumps({"chosen": equal, "rejected": equal}))
    planted.append({"record": "two equal answers", "outcome": "equal-pair"})
    lines.insert(4, "version https://git-lfs.github.com/spec/v1")
    planted.append({"record": "a pointer in place of a record", "outcome": "broken-json"})
    (folder / "helpful-base").mkdir()
    data = "".join(line + "\n" for line in lines).encode()
    (folder / "helpful-base" / "test.jsonl.gz").write_bytes(gzip.compress(data, mtime=0))
    return planted
