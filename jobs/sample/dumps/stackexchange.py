"""Sample of Stack Exchange: one site as Posts.xml in its folder, one as Posts.xml.gz.

The sample has no .7z, because py7zr stores the time in it and its bytes would change with each run.
"""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from jobs.sample.draw import Draw
from jobs.sample.prose import Topic, sentences, topics

INPUTS = ("*/Posts.xml", "*/Posts.xml.gz")
SITES = ("allotment.example", "harbour.example")
_QUESTIONS = 20  # per site
_SCORES = (-2, 0, 1, 2, 9, 10, 11, 100)  # sorted as text, they have another order
_LICENSES = ("CC BY-SA 3.0", "CC BY-SA 4.0")
_CODE = (
    "<pre><code>def litres(beds):\n    total = 0\n    for bed in beds:\n"
    "        if bed.dry and bed.area &gt; 2:\n            total += 3 * bed.area\n"
    "    return total\n</code></pre>"
)


def write(folder: Path, seed: int) -> list[dict[str, Any]]:
    """Write the sites; return the outcome of each row."""
    planted: list[dict[str, Any]] = []
    for number, site in enumerate(SITES):
        rows = _rows(site, Draw(seed, "stackexchange", site), planted)
        lines = ['<?xml version="1.0" encoding="utf-8"?>', "<posts>", *rows, "</posts>"]
        data = ("\ufeff" + "\r\n".join([*lines, ""])).encode()
        (folder / site).mkdir()
        if number == 0:
            (folder / site / "Posts.xml").write_bytes(data)
        else:
            (folder / site / "Posts.xml.gz").write_bytes(gzip.compress(data, mtime=0))
    return planted


def _rows(site: str, draw: Draw, planted: list[dict[str, Any]]) -> list[str]:
    """Return the rows of a site; half of the answers are far from their questions."""
    ids = iter(range(1, 1000))
    rows: list[str] = []
    later: list[str] = []

    def plant(record: str, outcome: str) -> None:
        planted.append({"record": f"{site} {record}", "outcome": outcome})

    for number in range(_QUESTIONS):
        topic = draw.pick(topics("en"))
        question, answers = next(ids), [next(ids) for _ in range(number % 6)]
        attributes = {
            "Title": _title(topic, draw),
            "Tags": "".join(f"<{word}>" for word in topic.title.lower().split()),
        }
        if answers and draw.number(0, 1):
            attributes["AcceptedAnswerId"] = str(draw.pick(answers))
        rows.append(_row(question, 1, _body(topic, draw), draw, **attributes))
        plant(f"question {question}", "kept")
        for answer in answers:
            (rows, later)[draw.number(0, 1)].append(
                _row(answer, 2, _body(topic, draw), draw, ParentId=str(question))
            )
            plant(f"answer {answer}", "joined-to-question")
    topic = draw.pick(topics("en"))
    orphan, wiki, untitled, broken = (next(ids) for _ in range(4))
    rows.append(_row(orphan, 2, _body(topic, draw), draw, ParentId="4711"))
    plant(f"answer {orphan}", "orphan-answer")
    rows.append(_row(wiki, 5, _body(topic, draw), draw))
    plant(f"tag wiki {wiki}", "post-type-5")
    rows.append(_row(untitled, 1, _body(topic, draw), draw))
    plant(f"question {untitled}", "no-title-and-no-answer")
    rows.append(_row(broken, 1, _body(topic, draw), draw)[:90])
    plant(f"question {broken}", "broken-row")
    return rows + later


def _row(post_id: int, post_type: int, body: str, draw: Draw, **others: str) -> str:
    date = f"2019-{draw.number(1, 12):02}-{draw.number(1, 28):02}T{draw.number(0, 23):02}:15:30.120"
    fields = {
        "Id": str(post_id),
        "PostTypeId": str(post_type),
        "CreationDate": date,
        "Score": str(draw.pick(_SCORES)),
        "Body": body,
        **others,
        "ContentLicense": draw.pick(_LICENSES),
    }
    escapes = {"\n": "&#xA;"}
    attributes = " ".join(f"{name}={quoteattr(value, escapes)}" for name, value in fields.items())
    return f"  <row {attributes} />"


def _title(topic: Topic, draw: Draw) -> str:
    words = draw.pick(sentences(topic.paragraphs[0])).rstrip(".!?").split()
    return f"{topic.title}: {' '.join(words[:9])} & what then?"


def _body(topic: Topic, draw: Draw) -> str:
    """Return the HTML of a post: paragraphs, and sometimes a list or code."""
    paragraph = draw.pick(topic.paragraphs)
    parts = [
        f"<p>{' '.join(draw.some(sentences(paragraph), draw.number(2, 5)))}</p>",
        f"<p><em>{draw.pick(sentences(draw.pick(topic.paragraphs)))}</em></p>",
    ]
    if draw.number(0, 2) == 0:
        items = draw.some(sentences(paragraph), 3)
        parts.insert(1, "<ul>\n" + "\n".join(f"<li>{item}</li>" for item in items) + "\n</ul>")
    if draw.number(0, 4) == 0:
        parts.append(_CODE)
    return "\n\n".join(parts) + "\n"
