"""Decisions of filter sets on texts, without Spark: SQLite evaluates the rules that are plain SQL."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from jobs.steps.curate.filters import Rule
from udfs import rule_measures
from udfs.annotate import Models, measure


@dataclass(frozen=True)
class Page:
    """A text with what rules know of it besides.

    Attributes
    ----------
    probability
        Score of the language, unrounded.
    before
        The text before paragraph dedup; None if it is the same.
    """

    text: str
    language: str | None = "en"
    slice: str = "common_crawl"
    probability: float = 0.9
    before: str | None = None


def measured(pages: Sequence[Page], models: str | None = None) -> list[dict[str, Any]]:
    """Return signals and measures by name, as rules see them, for each page.

    Parameters
    ----------
    models
        Folder of lists and models; without it the signals that need one are 0.0 or null.
    """
    texts = [page.text for page in pages]
    languages = [page.language for page in pages]
    sizes = [len(text) for text in texts]
    lines = [text.count("\n") + 1 for text in texts]
    columns = measure(
        texts,
        [None] * len(texts),
        Models.load(models),
        languages=languages,
        language_scores=[round(page.probability, 2) for page in pages],
        ccnet={
            **{"length": sizes, "original_length": sizes},
            **{"nlines": lines, "original_nlines": lines},
        },
        bucketed=[False] * len(texts),
        simhashed=[False] * len(texts),
        v2_minhash=False,
    )
    before = [page.text if page.before is None else page.before for page in pages]
    probabilities = [page.probability for page in pages]
    own = rule_measures.measures(texts, before, languages, probabilities).to_pylist()
    signals = columns["quality_signals"].to_pylist()
    return [
        {"slice": page.slice, "language": page.language, **of_signals, **of_rules}
        for page, of_signals, of_rules in zip(pages, signals, own, strict=True)
    ]


def dropped(rows: Sequence[dict[str, Any]], rules: Sequence[Rule]) -> list[set[str]]:
    """Return the names of the rules that drop each row of `measured`; none where a value is unknown."""
    if not rows:
        return []
    names = [name for name, value in rows[0].items() if not isinstance(value, list)]
    store = sqlite3.connect(":memory:")
    store.execute(f"create table pages ({', '.join(names)})")
    marks = ", ".join("?" * len(names))
    store.executemany(
        f"insert into pages values ({marks})", [[row[name] for name in names] for row in rows]
    )
    found: list[set[str]] = [set() for _ in rows]
    for rule in rules:
        values = store.execute(f"select {rule.sql} from pages order by rowid").fetchall()
        for row, names_, (value,) in zip(rows, found, values, strict=True):
            applies = row["slice"] in rule.slices and (
                rule.languages is None or row["language"] in rule.languages
            )
            if applies and value is not None and bool(value) != rule.keep:
                names_.add(rule.name)
    return found
