"""Lines in ten languages with their personal data labelled, and scores of a rule on them.

The lines, 40 a language, were written for this test. A label is a letter and the text, as in
`⟦E:jane@uni.example⟧`. A quarter of the lines have none: versions, sections, code, dates and other
numbers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from udfs.pii.spans import Span

FOLDER = Path(__file__).parent / "data" / "pii"
KINDS = {
    "E": "emails",
    "I": "ip_addresses",
    "P": "phone_numbers",
    "B": "ibans",
    "C": "card_numbers",
    "S": "secrets",
}
Label = tuple[int, int, str]
Finder = Callable[[str, str], Iterable[Span]]
"""Finds spans in a text of a language."""


@dataclass(frozen=True)
class Line:
    """A line without its marks, its language and the labels."""

    text: str
    language: str
    labels: frozenset[Label]


@dataclass(frozen=True)
class Score:
    """Labels of a kind that a rule found, missed, and parts that it found without a label."""

    found: int
    missed: int
    wrong: int

    def __str__(self) -> str:
        """Return precision and recall; a part counts only with both its ends right."""
        precision = self.found / (self.found + self.wrong) if self.found else 0.0
        return f"{precision:.2f} | {self.found / (self.found + self.missed):.2f}"


def lines() -> Iterator[Line]:
    """Yield the lines of all languages."""
    for path in sorted(FOLDER.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield _parsed(line, path.stem)


def _parsed(line: str, language: str) -> Line:
    text, labels = "", set()
    for part in re.split("(⟦.:.*?⟧)", line):
        if part.startswith("⟦"):
            labels.add((len(text), len(text) + len(part) - 4, KINDS[part[1]]))
            part = part[3:-1]
        text += part
    return Line(text, language, frozenset(labels))


def scores(find: Finder) -> dict[str, Score]:
    """Return the scores of a rule by kind."""
    found, missed, wrong = Counter[str](), Counter[str](), Counter[str]()
    for line in lines():
        spans = {(span.start, span.end, span.kind) for span in find(line.text, line.language)}
        found.update(kind for *_, kind in spans & line.labels)
        missed.update(kind for *_, kind in line.labels - spans)
        wrong.update(kind for *_, kind in spans - line.labels)
    return {kind: Score(found[kind], missed[kind], wrong[kind]) for kind in KINDS.values()}
