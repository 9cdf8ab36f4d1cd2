"""Filter sets for conversations: what each rule drops, and what it lets pass."""

from __future__ import annotations

from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T

from jobs.steps.curate import filters, rule_columns
from schemas.tables.annotated import ANNOTATED
from udfs.chat.conversation import Message
from udfs.chat.instructions import instruction
from udfs.chat.transcripts import choice

SCHEMA = T.StructType(
    [
        ANNOTATED[name]
        for name in ("id", "slice", "language", "messages", "quality_signals", "rule_measures")
    ]
)
GOOD = "Wash the apples, cut them into slices and dry them on a rack for a day."


def asked(text: str, answer: str = GOOD, more: str = "", **fields: Any) -> list[Message]:
    return [instruction(text, more), Message("assistant", answer, **fields)]


def turns(*pairs: tuple[str, str], **fields: Any) -> list[Message]:
    return [Message(role, text, **fields) for role, text in pairs]


# rule -> slice, messages that it drops, and messages that it keeps
CASES: dict[str, tuple[str, list[Message], list[Message]]] = {
    "dolly/reference-marks": (
        "dolly", asked("When?", more="In 1871.[2]"), asked("What is x[i] and [note]?")
    ),
    "alpaca-cleaned/empty-output": ("alpaca", asked("x", " \n"), asked("x", "0")),
    "alpaca-cleaned/no-answer-available": ("alpaca", asked("x", "N/A"), asked("x", "None of them.")),
    "alpaca-cleaned/as-a-language-model": (
        "alpaca", asked("x", "As an AI language model, I"), asked("x", "An airline pilot is a role model.")
    ),
    "alpaca-cleaned/output-equals-input": (
        "alpaca", asked("Fix it.", "a bad cow", "a bad cow"), asked("Fix it.", "a cow", "a bad cow")
    ),
    "alpaca-cleaned/unfinished-list": (
        "alpaca", asked("x", "1. Apples\n2. "), asked("x", "1. Apples\n2. Pears, version 3.")
    ),
    "alpaca-cleaned/html": ("alpaca", asked("x", "<p>Yes</p>"), asked("x", "if a < b and c > d: <T>")),
    "alpaca-cleaned/links": ("alpaca", asked("x", "See https://a.example"), asked("x", "The wwwhite cat")),
    "alpaca-cleaned/no-input": (
        "alpaca", asked("Sum up the following text"), asked("Sum up the following text", more="A cow.")
    ),
    "alpaca-cleaned/placeholder-input": (
        "alpaca", asked("x", more="<noinput>"), asked("x", more="None of it")
    ),
    "alpaca-cleaned/images": (
        "alpaca", asked("Describe this picture"), asked("Describe a picture of Monet's")
    ),
    "refusals/cannot": (
        "oig", asked("x", "I'm sorry, but I cannot help."), asked("x", "Say sorry if you cannot come.")
    ),
    "refusals/language-model": (
        "oig", asked("x", "Well, as an AI, I do."), asked("x", "As an air hostess I do.")
    ),
    "refusals/vendors": ("oig", asked("x", "I am ChatGPT."), asked("x", "ChatGPT is a product.")),
    "conversations/no-answer": ("hh_rlhf", turns(("user", "Hi")), asked("x")),
    "conversations/empty-turn": (
        "oig", turns(("user", "Hi"), ("assistant", ""), ("user", "x"), ("assistant", "Hello you")), asked("x")
    ),
    "conversations/two-turns-of-one-role": (
        "oig", turns(("user", "a"), ("user", "b"), ("assistant", "Hello you")),
        list(choice(asked("x", "One answer"), asked("x", "Two answers"))),
    ),
    "conversations/mixed-languages": (
        "oasst", [Message("user", "Hi", language="en"), Message("assistant", GOOD, language="de")],
        [Message("user", "Hi", language="en"), Message("assistant", GOOD)],
    ),
    "conversations/failed-review": (
        "oasst", asked("x", labels={"review_result": 0.0}), asked("x", labels={"review_result": 1.0})
    ),
    "conversations/toxicity": (
        "oasst", asked("x", labels={"detoxify_toxicity": 0.9}), asked("x", labels={"toxicity": 0.5})
    ),
    "conversations/short": ("oasst", asked("x", "No"), asked("x", "Nope.")),
    "conversations/long": ("oasst", asked("x" * 100_000), asked("x" * 90_000)),
}  # fmt: skip


@pytest.fixture(scope="module")
def dropped(spark: SparkSession) -> dict[str, set[str]]:
    """The documents that each rule drops: `bad` or `good` of each case, by the rule's name."""
    rows: list[tuple[Any, ...]] = [("page", "c4", "en", None, None, None)]
    rows += [
        (f"{kind} {name}", slice_, "en", [message.to_row() for message in messages], None, None)
        for name, (slice_, *both) in CASES.items()
        for kind, messages in zip(("bad", "good"), both, strict=True)
    ]
    documents = spark.createDataFrame(
        [tuple(_with_maps(value) for value in row) for row in rows], SCHEMA
    )
    return _dropped(
        documents, filters.load(["dolly", "alpaca-cleaned", "refusals", "conversations"])
    )


def _with_maps(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return [
        tuple({**row, "labels": None if row["labels"] is None else dict(row["labels"])}.values())
        for row in value
    ]


def _dropped(documents: DataFrame, rules: list[filters.Rule]) -> dict[str, set[str]]:
    rule_columns.check(documents, rules)
    known = rule_columns.with_signals(documents, rules)
    flags = [rule.drops.alias(str(i)) for i, rule in enumerate(rules)]
    found = known.select("id", F.array(*flags).alias("flags")).collect()
    return {
        rule.name: {row["id"] for row in found if row["flags"][i]} for i, rule in enumerate(rules)
    }


def test_each_rule_drops_its_fault_and_keeps_what_looks_like_it(
    dropped: dict[str, set[str]],
) -> None:
    assert dropped.keys() == CASES.keys()
    for name in CASES:
        assert f"bad {name}" in dropped[name], name
        assert f"good {name}" not in dropped[name], name
    assert not any("page" in ids for ids in dropped.values())
