"""What the rules of the bundled sets decide on texts, and why: the paper and its section, or its code."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession
from pyspark.sql import functions as F
from rows import document

from jobs.steps.curate import filters, rule_columns
from jobs.steps.curate.rules import reason_of
from schemas.tables.annotated import ANNOTATED
from udfs.annotate import Models, measure
from udfs.rule_measures import measures

SETS = ["gopher", "c4", "refinedweb", "fineweb"]
DROP, KEEP = True, False
PARAGRAPHS = (
    "The committee met on Monday to discuss the budget, and it was agreed to change the plan.",
    "Most of the people who live in the valley work with wood or stone, as they always have.",
    "It is not easy to say when the first bridge was built, but the records point to a year.",
    "She opened the window and looked at the garden, which had been left to grow since spring.",
    "Scientists have found that the bees return to the same field, even when food is near.",
    "The train leaves at nine and arrives before noon, with a short stop at the border.",
    "Readers of this journal will know that the question has been argued for many decades.",
    "When the rain stopped, the children ran out to the street and began to play there.",
)
TEXT = "\n".join(PARAGRAPHS)
WORDS = " ".join(f"word{chr(97 + i // 10)}{chr(97 + i % 10)}" for i in range(100))


def ending(mark: str) -> str:
    return "\n".join(line[:-1] + mark for line in PARAGRAPHS)


def starting(mark: str, count: int = 8) -> str:
    return "\n".join(mark + line if i < count else line for i, line in enumerate(PARAGRAPHS))


def repeated(line: str, times: int, others: int) -> str:
    return "\n".join([line] * times + [f"{WORDS[8 * i : 8 * i + 60]} {i}." for i in range(others)])


@dataclass(frozen=True)
class Decision:
    """What one rule should decide on a text."""

    rule: str
    drops: bool
    why: str
    text: str
    language: str = "en"
    slice: str = "common_crawl"
    probability: float = 0.9
    page: str | None = None  # before paragraph dedup


GOPHER_A1, GOPHER_T1 = "Gopher A.1", "Gopher table A1"
FINEWEB = "FineWeb 3.6"
C4 = "C4 2.2"
DECISIONS = [
    *(
        Decision("gopher/bullet-lines", DROP, f"{GOPHER_A1}: over 90 % bullets", starting(mark))
        for mark in ("• ", "- ", "* ", "· ", "● ", "▪ ", "  - ", "\t•")
    ),
    *(
        Decision("gopher/bullet-lines", KEEP, "opens direct speech, is no bullet", starting(mark))
        for mark in ("– ", "— ", "1. ", "+ ", "> ", "")
    ),
    Decision("gopher/bullet-lines", KEEP, f"{GOPHER_A1}: 7 of 8 are not over 90 %", starting("- ", 7)),
    Decision(
        "gopher/bullet-lines", KEEP, f"{GOPHER_A1}: exactly 90 %", starting("- ") + "\n- a\nb"
    ),
    Decision("gopher/ellipsis-lines", DROP, f"{GOPHER_A1}: over 30 %", ending("...")),
    Decision("gopher/ellipsis-lines", DROP, f"{GOPHER_A1}: over 30 %", ending(" …")),
    Decision("gopher/ellipsis-lines", KEEP, f"{GOPHER_A1}: none", ending("..")),
    Decision(
        "gopher/ellipsis-lines", KEEP, f"{GOPHER_A1}: 3 of 10", "a...\nb...\nc...\n" + "d\n" * 7
    ),
    Decision("gopher/symbol-to-word-ratio", KEEP, f"{GOPHER_A1}: either", f"{'# ' * 8}{'... ' * 8}{WORDS}"),
    Decision("gopher/symbol-to-word-ratio", KEEP, f"{GOPHER_A1}: 0.1 itself", f"{'# ' * 10}{WORDS}"),
    Decision("gopher/symbol-to-word-ratio", DROP, f"{GOPHER_A1}: # is no word", f"{'# ' * 11}{WORDS}"),
    Decision("gopher/symbol-to-word-ratio", DROP, f"{GOPHER_A1}: #", f"{'#' * 11} {WORDS}"),
    Decision("gopher/symbol-to-word-ratio", DROP, f"{GOPHER_A1}: …", f"{'… ' * 6}{'... ' * 5}{WORDS}"),
    Decision("gopher/symbol-to-word-ratio", KEEP, f"{GOPHER_A1}: none", WORDS),
    Decision("gopher/duplicate-lines", KEEP, "blank lines are no lines", "\n\n".join(PARAGRAPHS)),
    Decision("gopher/duplicate-lines", KEEP, "blank lines are no lines", "\n \n\t\n".join(PARAGRAPHS)),
    Decision("gopher/duplicate-lines", DROP, f"{GOPHER_T1}: 4 of 10", repeated("Buy it now.", 5, 5)),
    Decision("gopher/duplicate-lines", KEEP, f"{GOPHER_T1}: 3 of 10", repeated("Buy it now.", 4, 6)),
    Decision(
        "gopher/duplicate-lines", DROP, "judged before paragraph dedup", TEXT,
        page=repeated("Buy it now.", 40, 8),
    ),
    Decision("gopher/duplicate-lines", DROP, "for C4's slice as well", "Ja.\n" * 9, slice="c4"),
    Decision("gopher/duplicate-line-characters", DROP, GOPHER_T1, f"{TEXT}\n{TEXT[:300]}\n{TEXT[:300]}"),
    Decision("gopher/duplicate-line-characters", KEEP, GOPHER_T1, f"{TEXT}\nIt is so.\nIt is so."),
    Decision(
        "gopher/duplicate-line-characters", DROP, "judged before paragraph dedup", TEXT,
        page=repeated("Buy it now.", 40, 8),
    ),
    *(
        Decision("c4/no-line-left", KEEP, f"{C4}: terminal punctuation or end quotation mark", ending(mark))
        for mark in (".", "!", "?", '"', '."', "”", ".”", "!’", "?»", "...”", ".[12]", ".  ")
    ),
    *(
        Decision("c4/no-line-left", DROP, f"{C4}: no terminal mark", ending(mark))
        for mark in ("", ",", ":", ";", ")", "’", " -", "…", "...", " ...", "....")
    ),
    *(
        Decision("c4/no-line-left", DROP, f"{C4}: the word Javascript; substring in c4_utils", starting(mark))
        for mark in ("JavaScript-enabled ", "HTML/JavaScript ", "javascript:", "JavaScript’s ")
    ),
    Decision("c4/no-line-left", KEEP, f"{C4}: another word", starting("Java script ")),
    *(
        Decision("c4/no-line-left", DROP, f"{C4}: notices", starting(mark))
        for mark in ("Our Privacy Policy: ", "It uses cookies. ", "Terms of use: ")
    ),
    Decision("c4/no-line-left", DROP, f"{C4}: five words", "Only four words here.\n" * 8),
    Decision("c4/no-line-left", KEEP, f"{C4}: five words", "There are five words here.\n" * 8),
    Decision("c4/no-line-left", DROP, "c4_utils: 1000 characters", f"It is a {'x' * 1001} here."),
    Decision("c4/no-line-left", KEEP, "made for English", "समिति की बैठक सोमवार को हुई।", "hi"),
    Decision("c4/sentences", DROP, f"{C4}: 3, of lines that stay", f"{TEXT[:140]}\nOne.\nTwo.\nThree."),
    Decision("c4/sentences", KEEP, f"{C4}: 3", "\n".join(PARAGRAPHS[:3])),
    Decision("c4/sentences", KEEP, f"{C4}: 3 in a line", " ".join(PARAGRAPHS[:3])),
    Decision("c4/sentences", DROP, f"{C4}: titles and initials end none",
             "The plan of Mr. J. Smith and Dr. A. Jones was agreed."),
    Decision("c4/curly-bracket", DROP, f"{C4}: any", f"{TEXT}\n{{"),
    Decision("c4/lorem-ipsum", DROP, C4, f"{TEXT}\nLorem ipsum dolor."),
    Decision("fineweb/sentences", KEEP, "datatrove C4QualityFilter: by line", ending(",")),
    Decision("fineweb/sentences", DROP, "datatrove: 5", "\n".join(PARAGRAPHS[:4])),
    Decision("fineweb/sentences", KEEP, "datatrove: 5", "\n".join(PARAGRAPHS[:5])),
    Decision("fineweb/sentences", DROP, "datatrove: three words", "Two words.\n" * 9),
    Decision("fineweb/punctuated-lines", KEEP, "FineWeb 3.6: typographic marks", ending("”")),
    Decision("fineweb/punctuated-lines", KEEP, "FineWeb 3.6: straight marks", ending('"')),
    Decision("fineweb/punctuated-lines", DROP, f"{FINEWEB}: <= 0.12", "no\n" * 22 + "yes.\n" * 3),
    Decision("fineweb/punctuated-lines", KEEP, f"{FINEWEB}: 4 of 25", "no\n" * 21 + "yes.\n" * 4),
    Decision("fineweb/punctuated-lines", KEEP, "blank lines are no lines", TEXT + "\n" * 99),
    Decision("fineweb/short-lines", DROP, f"{FINEWEB}: >= 0.67", "a\n" * 67 + f"{TEXT[:30]}\n" * 33),
    Decision("fineweb/short-lines", KEEP, f"{FINEWEB}: 0.66", "a\n" * 66 + f"{TEXT[:30]}\n" * 34),
    Decision("fineweb/short-lines", KEEP, f"{FINEWEB}: 30 are not below 30", f"{TEXT[:31]}\n" * 9),
    Decision("fineweb/short-lines", KEEP, "blank lines are no lines", "\n\n\n\n".join(PARAGRAPHS)),
    Decision("fineweb/duplicate-line-characters", DROP, f"{FINEWEB}: >= 0.1", "abc\nabc\nd"),
    Decision("fineweb/duplicate-line-characters", DROP, f"{FINEWEB}: 0.1 itself", "a\na\nbbbbbbbb"),
    Decision("fineweb/duplicate-line-characters", KEEP, f"{FINEWEB}: below", "a\na\nbbbbbbbbb"),
    Decision("refinedweb/language-score", DROP, "RefinedWeb 3.1: 0.65, unrounded", TEXT, probability=0.6499),
    Decision("refinedweb/language-score", KEEP, "RefinedWeb 3.1: 0.65", TEXT, probability=0.65),
    Decision("refinedweb/language-score", DROP, "for all languages", TEXT, "fr", probability=0.6),
    Decision("fineweb/language", DROP, "FineWeb 3: 0.65, unrounded", TEXT, probability=0.6499),
    Decision("fineweb/language", DROP, "FineWeb 3: English", TEXT, "de"),
    *(
        Decision(f"gopher/{rule}", KEEP, "made for English", "委员会星期一开会讨论预算。" * 9, "zh")
        for rule in ("word-count", "mean-word-length")
    ),
]  # fmt: skip


def row(decision: Decision, number: int) -> dict[str, Any]:
    values = document(
        f"{number:03}", decision.text, language=decision.language, slice=decision.slice
    )
    columns = measure(
        [decision.text],
        [None],
        Models.load(None),
        languages=[decision.language],
        language_scores=[round(decision.probability, 2)],
        ccnet={
            "length": [values["length"]],
            "original_length": [values["length"]],
            "nlines": [values["nlines"]],
            "original_nlines": [values["nlines"]],
        },
        bucketed=[False],
        simhashed=[False],
    )
    columns["rule_measures"] = measures(
        [decision.text], [decision.page or decision.text], [decision.probability]
    )
    return values | {name: array.to_pylist()[0] for name, array in columns.items()}


def dropped_by(
    spark: SparkSession, decisions: list[Decision], sets: list[str] = SETS
) -> list[set[str]]:
    """Return the rules that drop the text of each decision."""
    rules = filters.load(sets)
    rows = [row(decision, number) for number, decision in enumerate(decisions)]
    values = [tuple(row.get(name) for name in ANNOTATED.names) for row in rows]
    known = rule_columns.with_signals(spark.createDataFrame(values, ANNOTATED), rules)
    flags = [F.when(rule.drops, F.lit(rule.name)) for rule in rules]
    judged = known.select("id", F.array_compact(F.array(*flags)).alias("rules")).collect()
    return [set(rules) for _, rules in sorted(judged)]


def wrong(decisions: list[Decision], dropped: list[set[str]]) -> list[str]:
    return [
        f"{decision.rule} should {'drop' if decision.drops else 'keep'} {decision.text[-60:]!r}: "
        f"{decision.why}"
        for decision, names in zip(decisions, dropped, strict=True)
        if (decision.rule in names) != decision.drops
    ]


def test_each_rule_decides_as_its_paper_or_code(spark: SparkSession) -> None:
    assert {decision.rule for decision in DECISIONS} <= {rule.name for rule in filters.load(SETS)}
    assert wrong(DECISIONS, dropped_by(spark, DECISIONS)) == []


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


def test_the_cases(spark: SparkSession, rule_cases: Path) -> None:
    decisions = []
    for name, (rule, drops, others) in CASES.items():
        text = (rule_cases / name / "input.txt").read_text(encoding="utf-8")
        page = text
        if name == "dead-rule":  # paragraph dedup leaves each line once
            text = "\n".join(dict.fromkeys(text.split("\n")))
        decisions.append(Decision(rule, drops, name, text, page=page, **others))
    dropped = dropped_by(spark, decisions)
    assert wrong(decisions, dropped) == []
    by_name = dict(zip(CASES, dropped, strict=True))
    assert "fineweb/duplicate-line-characters" in by_name["dead-rule"]
    assert "fineweb/language" in by_name["score-065"]
    assert not by_name["hindi-danda"] - {"fineweb/language"}
    assert not {name for name in by_name["fineweb-poem"] if name.startswith("fineweb/")}


def test_a_set_for_all_languages_reads_other_scripts(spark: SparkSession) -> None:
    texts = {
        "hi": "समिति की बैठक सोमवार को बजट पर चर्चा करने के लिए हुई।",
        "zh": "委员会星期一开会讨论了预算，并同意修改计划。",
        "ja": "委員会は月曜日に予算について話し合いました。",
        "ar": "هل اجتمعت اللجنة يوم الاثنين لمناقشة الميزانية؟",
        "ur": "کمیٹی کا اجلاس پیر کو بجٹ پر بات کرنے کے لیے ہوا۔",
        "th": "คณะกรรมการประชุมกันในวันจันทร์เพื่อหารือเรื่องงบประมาณ",
        "km": "គណៈកម្មាធិការបានជួបប្រជុំនៅថ្ងៃចន្ទដើម្បីពិភាក្សា។",
        "my": "ကော်မတီသည် တနင်္လာနေ့တွင် ဘတ်ဂျက်ကို ဆွေးနွေးခဲ့သည်။",
    }
    decisions = [
        Decision("c4/no-line-left", KEEP, "its terminal mark", "\n".join([text] * 5), language)
        for language, text in texts.items()
    ]
    for names in dropped_by(spark, decisions, ["c4:all"]):
        assert names == set()
    without_mark = [Decision("c4/sentences", DROP, "none", "समिति की बैठक सोमवार को बजट पर", "hi")]
    [names] = dropped_by(spark, without_mark, ["c4:all"])
    assert {"c4/no-line-left", "c4/sentences"} <= names


def test_reasons_are_counted_by_the_names_of_set_and_rule() -> None:
    assert "filter:gopher/duplicate-line-characters" in map(reason_of, filters.load(["gopher"]))
