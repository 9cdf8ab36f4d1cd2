"""Parts of items as known evaluation sets name them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jobs.steps.decontaminate import evaluation_sets


@pytest.mark.parametrize(
    ("record", "question", "answer", "passage"),
    [
        ({"question": "how many", "answer": "three"}, "how many", "three", ""),
        (
            {"premise": "it rained", "choice1": "wet", "question": "effect"},
            "it rained effect",
            "wet",
            "",
        ),
        (
            {
                "flores_passage": "a b",
                "question": "why",
                "mc_answer1": "c",
                "link": "https://a.example",
            },
            *("why", "c", "a b"),
        ),
        (
            {"question": {"stem": "what is it", "choices": [{"text": "yes"}, {"text": "no"}]}},
            *("what is it", "yes no", ""),
        ),
        ({"context": "c d", "question": "q", "answers": {"text": ["t"]}}, "q", "t", "c d"),
        ({"subject": "law", "text": "one two"}, "one two", "", ""),
        ({"body": {"line": "one"}}, "one", "", ""),
        ({"passage": "one", "label": 1}, "one", "", ""),
        ({"choices": ["x", "y"]}, "x y", "", ""),
    ],
)
def test_parts(
    tmp_path: Path, record: dict[str, Any], question: str, answer: str, passage: str
) -> None:
    file = tmp_path / "items.jsonl"
    file.write_text(json.dumps(record), "utf-8")
    (evaluation,) = evaluation_sets.find([str(file)])
    (item,) = evaluation.read()
    parts = [part.decode() for part in (item.question, item.answer, item.passage)]
    assert parts == [question, answer, passage]
    assert all(word in item.text for part in parts for word in part.encode().split())


def test_named_fields_alone_are_read(tmp_path: Path) -> None:
    file = tmp_path / "items.jsonl"
    file.write_text(json.dumps({"goal": "to win", "sol": "play", "note": "x"}), "utf-8")
    (evaluation,) = evaluation_sets.find([str(file)], ("note", "goal"))
    (item,) = evaluation.read()
    assert (item.text, item.question, item.answer) == (b"x to win", b"to win", b"")
