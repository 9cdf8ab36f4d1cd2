"""What the rules of the bundled sets decide on texts, and why: the paper and its section, or its code."""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F
from rows import document
from rule_decisions import c4, gopher, languages, web
from rule_decisions.texts import DROP, KEEP, Decision

from jobs.steps.curate import filters, rule_columns
from jobs.steps.curate.rules import reason_of
from schemas.tables.annotated import ANNOTATED
from schemas.tables.quality_signals import QUALITY_SIGNALS
from schemas.tables.rule_measures import RULE_MEASURES

sys.path.insert(0, str(Path(__file__).parents[4] / "benchmarks"))

from rules_on_texts import Page, dropped, measured

SETS = ("gopher", "c4", "refinedweb", "fineweb")


def measures_of(decisions: list[Decision]) -> list[dict[str, Any]]:
    return measured([Page(d.text, d.language, d.slice, d.probability, d.page) for d in decisions])


def wrong(decisions: list[Decision], names_of: list[set[str]]) -> list[str]:
    return [
        f"{decision.rule} should {'drop' if decision.drops else 'keep'} {decision.text[-60:]!r}: "
        f"{decision.why}"
        for decision, names in zip(decisions, names_of, strict=True)
        if (decision.rule in names) != decision.drops
    ]


@pytest.mark.parametrize("table", [gopher, c4, web, languages], ids=lambda table: table.__name__)
def test_each_rule_decides_as_its_paper_or_code(table: Any) -> None:
    by_sets: dict[tuple[str, ...], list[Decision]] = defaultdict(list)
    for decision in table.DECISIONS:
        by_sets[decision.sets].append(decision)
    for sets, decisions in by_sets.items():
        rules = filters.load(sets)
        assert {decision.rule for decision in decisions} <= {rule.name for rule in rules}
        assert wrong(decisions, dropped(measures_of(decisions), rules)) == []


def test_every_rule_drops_a_text_and_keeps_another() -> None:
    decisions = [d for table in (gopher, c4, web) for d in table.DECISIONS]
    for drops in (DROP, KEEP):
        judged = {decision.rule for decision in decisions if decision.drops == drops}
        # V2's lists of bad words are no part of the tree, and lorem ipsum is C4's rule in FineWeb
        rest = {rule.name for rule in filters.load(SETS)} - judged
        assert rest <= {"c4/bad-words", "fineweb/curly-bracket", "fineweb/lorem-ipsum"}


def test_spark_decides_as_sqlite(spark: SparkSession) -> None:
    decisions = [d for table in (gopher, c4, web, languages) for d in table.DECISIONS[::7]]
    rows = measures_of(decisions)
    rules = filters.load([*SETS, "gopher:all", "c4:all", "refinedweb:all"])
    stored = []
    for number, (decision, row) in enumerate(zip(decisions, rows, strict=True)):
        values = document(
            f"{number:03}", decision.text[:100], language=decision.language, slice=decision.slice
        )
        values["quality_signals"] = {name: row[name] for name in QUALITY_SIGNALS.names}
        values["rule_measures"] = {name: row[name] for name in RULE_MEASURES.names}
        stored.append(tuple(values.get(name) for name in ANNOTATED.names))
    known = rule_columns.with_signals(spark.createDataFrame(stored, ANNOTATED), rules)
    flags = [F.when(rule.drops, F.lit(rule.name)) for rule in rules]
    judged = known.select("id", F.array_compact(F.array(*flags)).alias("rules")).collect()
    assert [set(names) for _, names in sorted(judged)] == dropped(rows, rules)


CASES: dict[str, tuple[str, bool, dict[str, Any]]] = {
    "blank-lines-c4": ("gopher/duplicate-lines", KEEP, {"slice": "c4"}),
    "bullets-hyphen": ("gopher/bullet-lines", DROP, {}),
    "c4-ellipsis-lines": ("c4/no-line-left", DROP, {}),
    "c4-javascript-compounds": ("c4/no-line-left", DROP, {}),
    "dead-rule": ("gopher/duplicate-lines", DROP, {}),
    "dialogue-en-dash": ("gopher/bullet-lines", KEEP, {}),
    "duplicate-line-characters": ("gopher/duplicate-line-characters", DROP, {"slice": "c4"}),
    "fineweb-poem": ("fineweb/sentences", KEEP, {}),
    "hindi-danda": ("c4/no-line-left", KEEP, {"language": "hi"}),
    "score-065": ("refinedweb/language-score", DROP, {"probability": 0.647}),
    "symbol-either": ("gopher/symbol-to-word-ratio", KEEP, {}),
}


def test_the_cases(rule_cases: Path) -> None:
    decisions = []
    for name, (rule, drops, others) in CASES.items():
        text = (rule_cases / name / "input.txt").read_text(encoding="utf-8")
        page = text
        if name == "dead-rule":  # paragraph dedup leaves each line once
            text = "\n".join(dict.fromkeys(text.split("\n")))
        decisions.append(Decision(rule, drops, name, text, page=page, **others))
    names_of = dropped(measures_of(decisions), filters.load(SETS))
    assert wrong(decisions, names_of) == []
    by_name = dict(zip(CASES, names_of, strict=True))
    assert "fineweb/duplicate-line-characters" in by_name["dead-rule"]
    assert "fineweb/language" in by_name["score-065"]
    assert not by_name["hindi-danda"] - {"fineweb/language"}
    assert not {name for name in by_name["fineweb-poem"] if name.startswith("fineweb/")}


def test_reasons_are_counted_by_the_names_of_set_and_rule() -> None:
    assert "filter:gopher/duplicate-line-characters" in map(reason_of, filters.load(["gopher"]))
