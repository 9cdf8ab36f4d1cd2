"""Precision and recall on labelled lines are those that the docs state, beside FineWeb's."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pii_lines
import pytest

from schemas.pii import PII_KINDS
from udfs.pii import fineweb, spans

PAGE = Path(__file__).parents[3] / "docs" / "curation.md"
OURS = pii_lines.scores(lambda text, language: spans(text, PII_KINDS, language))
FINEWEB = pii_lines.scores(
    lambda text, _: [*fineweb.email_spans(text), *fineweb.ip_spans(text)],
)


def test_there_are_400_lines_in_ten_languages_and_many_without_labels() -> None:
    counts = Counter(line.language for line in pii_lines.lines())
    assert set(counts.values()) == {40}
    assert len(counts) == 10
    assert sum(not line.labels for line in pii_lines.lines()) >= 100


@pytest.mark.parametrize("kind", PII_KINDS)
def test_the_docs_state_the_scores(kind: str) -> None:
    theirs = FINEWEB[kind] if kind in ("emails", "ip_addresses") else "|"
    row = f"| `{kind}` | {OURS[kind].found + OURS[kind].missed} | {OURS[kind]} | {theirs} |"
    assert row in PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", PII_KINDS)
def test_few_labels_are_missed_and_little_else_is_found(kind: str) -> None:
    score = OURS[kind]
    assert score.missed <= 0.08 * (score.found + score.missed)
    assert score.wrong <= 0.05 * (score.found + score.wrong)
