"""The ranking of a cluster's documents: the same in Spark and in Python, and its reasons."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyspark.sql import SparkSession

from jobs.steps.dedup import ranking, survivor_reason
from schemas.settings.common import BUCKETS
from schemas.settings.dedup import DedupConfig

VALUES: dict[str, list[Any]] = {
    "root": [None, "/a", "/b"],
    "slice": ["c4", "books", "wikipedia", None],
    "snapshot": [None, "2022", "2023-06", "2023-14"],
    "bucket": ["head", "middle", "tail", "all", None],
    "perplexity": [None, 100.0, 200.0],
    "length": [10, 20],
    "id": ["c4/a", "c4/b", "c4/\U0001f600", "c4/\uffee"],
}
SCHEMA = (
    "root string, slice string, snapshot string, bucket string, perplexity double, length int, "
    "id string"
)
DOCUMENT = st.fixed_dictionaries({name: st.sampled_from(VALUES[name]) for name in VALUES})


def config(prefer_snapshot: Any) -> DedupConfig:
    return DedupConfig(
        root="r",
        against=("/a", "/b"),
        prefer_snapshot=prefer_snapshot,
        slice_priority=("wikipedia", "books"),
    )


@given(DOCUMENT, DOCUMENT)
def test_one_of_two_documents_ranks_first(one: dict[str, Any], other: dict[str, Any]) -> None:
    settings = config("newest")
    criteria = ranking.criteria(settings, [])
    chosen = survivor_reason.reason(one, other, settings)
    swapped = survivor_reason.reason(other, one, settings)
    assert chosen.text == swapped.text
    equal = all(criterion.key(one) == criterion.key(other) for criterion in criteria)
    if not equal:
        assert chosen.first is not swapped.first
    if one == other:
        assert chosen.first
        assert swapped.first


@pytest.mark.parametrize("prefer_snapshot", ["none", "newest", "oldest"])
def test_python_ranks_random_documents_as_spark_does(
    spark: SparkSession, prefer_snapshot: str
) -> None:
    choose = random.Random(prefer_snapshot)
    rows = [tuple(choose.choice(values) for values in VALUES.values()) for _ in range(300)]
    settings = config(prefer_snapshot)
    criteria = ranking.criteria(settings, [name for name in VALUES["snapshot"] if name])
    frame = spark.createDataFrame(rows, SCHEMA)
    ranked = [row.asDict() for row in frame.orderBy(ranking.rank(criteria)).collect()]
    keys = [[criterion.key(row) for criterion in criteria] for row in ranked]
    assert keys == sorted(keys)
    for one, other in pairwise(ranked):
        assert survivor_reason.reason(one, other, settings).first


def test_reasons_name_the_criterion_and_both_values() -> None:
    better = ("/a", "wikipedia", "2023-06", "head", 100.0, 2000, "c4/a")
    worse = (None, "c4", "2022", None, 200.5, 1000, "c4/b")
    best = dict(zip(VALUES, better, strict=True))
    texts = [
        survivor_reason.reason(best, {**best, name: value}, config("newest")).text
        for name, value in zip(VALUES, worse, strict=True)
    ]
    assert texts == [
        "root: /a is preferred to this root",
        "slice: wikipedia is preferred to c4",
        "snapshot: 2023-06 is preferred to 2022",
        "bucket: head is preferred to none",
        "perplexity: 100.0 is lower than 200.5",
        "length: 2,000 is greater than 1,000",
        "id: c4/a sorts before c4/b",
    ]
    without = {**best, "perplexity": None}
    text = "perplexity: 100.0 is preferred to none"
    assert survivor_reason.reason(without, best, config("none")) == (False, text)


def test_every_bucket_has_a_preference() -> None:
    assert sorted(ranking.BUCKET_PREFERENCE) == sorted(BUCKETS)
