"""Sample of C4: two JSON Lines files, some lines in RedPajama-V1's form, two lines that are no pages."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from jobs.sample.draw import Draw
from jobs.sample.prose import sentences, topics

INPUTS = ("en/*.json.gz",)
FILES = 2
_PAGES = 30
_SITES = ("garden", "kitchen", "harbour", "workshop", "meadow")


def write(folder: Path, seed: int) -> list[dict[str, Any]]:
    """Write the files; return the outcome of each line."""
    (folder / "en").mkdir()
    planted = []
    for number in range(FILES):
        lines = []
        for page in range(_PAGES):
            record = _page(Draw(seed, "c4", number, page), page)
            lines.append(json.dumps(record, ensure_ascii=False))
            planted.append(
                {"record": record.get("url") or record["meta"]["url"], "outcome": "kept"}
            )
        if number == 0:
            url = "https://empty.example/"
            empty = {"text": "", "timestamp": "2019-04-18T04:00:00Z", "url": url}
            lines.insert(7, json.dumps(empty))
            planted.append({"record": url, "outcome": "empty"})
        else:
            lines.insert(11, lines[11][:40])
            planted.append({"record": "a line that is cut", "outcome": "broken-json"})
        name = f"c4-train.{number:05}-of-{FILES:05}.json.gz"
        data = "".join(line + "\n" for line in lines).encode()
        (folder / "en" / name).write_bytes(gzip.compress(data, mtime=0))
    return planted


def _page(draw: Draw, number: int) -> dict[str, Any]:
    """Return a page of a few paragraphs, with the sentences of each in random order."""
    topic = draw.pick(topics("en"))
    text = "\n".join(
        " ".join(draw.some(sentences(paragraph), draw.number(3, 8)))
        for paragraph in draw.some(topic.paragraphs, draw.number(2, 4))
    )
    slug = "-".join(topic.title.lower().split())
    meta = {
        "timestamp": f"2019-04-{draw.number(18, 26)}T{draw.number(0, 23):02}:30:00Z",
        "url": f"https://www.{draw.pick(_SITES)}.example/{slug}-{draw.number(1000, 9999)}/{number}",
    }
    if number % 10 == 9:
        return {"text": text, "meta": {**meta, "language": "en", "source": "c4"}}
    return {"text": text, **meta}
