"""The prefix of an order: against one that is sorted in plain Python, and nested."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from jobs.steps.mix import sampling

SEED = 3
COLUMNS = "id string, stratum string, token_count int, times int"
ROWS = [
    (f"{'ab'[i % 4 == 0]}/{i}", "ab"[i % 4 == 0], i * 7 % 40, (1, 1, 3, 2)[i % 7 % 4])
    for i in range(200)
]
LOST = [("none/1", None, 5, 1), ("c/1", "c", 5, 1)]


@pytest.fixture(scope="module", params=["once", "times"])
def rows(request: pytest.FixtureRequest, spark: SparkSession) -> DataFrame:
    """Documents that come once in an epoch, or `times` times."""
    made = spark.createDataFrame([*ROWS, *LOST], COLUMNS).coalesce(1)
    return made if request.param == "times" else made.drop("times")


def order(rows: DataFrame, epochs: int) -> dict[str, list[tuple[str, int]]]:
    """Id and tokens by stratum, each time that they come, in their order."""
    times = F.col("times") if "times" in rows.columns else F.lit(1)
    nth = F.explode(F.sequence(F.lit(0), (times * epochs - 1).cast("int")))
    placed = rows.withColumn("times", times).withColumn("nth", nth)
    placed = placed.withColumn("place", sampling.hash_order(SEED, F.col("nth")))
    by_stratum = defaultdict(list)
    for row in placed.collect():
        key = (row.nth // row.times, row.place, row.id)
        by_stratum[row.stratum].append((key, (row.id, row.token_count)))
    return {name: [about for _, about in sorted(keyed)] for name, keyed in by_stratum.items()}


def nearest(order: list[tuple[str, int]], wanted: int) -> Counter[str]:
    """How often each document is in the prefix that comes nearest; of equals the longer one."""
    sums = [0]
    for _, tokens in order:
        sums.append(sums[-1] + tokens)
    reached = next(n for n, tokens in enumerate(sums) if tokens >= wanted)
    shorter = wanted - sums[reached - 1] < sums[reached] - wanted and reached > 1
    return Counter(id_ for id_, _ in order[: reached - shorter])


def test_it_is_the_prefix_that_comes_nearest(rows: DataFrame) -> None:
    available = sampling.available(rows)
    once = "times" not in rows.columns
    if once:
        sums = Counter[str]()
        for _, stratum, tokens, _ in [*ROWS, *LOST]:
            sums[stratum or ""] += tokens
        assert available == {name: sums[name] for name in "abc"}
    expected = order(rows, 4)
    before = Counter[str]()
    for wanted in (
        {"a": 1, "b": 90, "c": 0},
        {"a": 600, "b": available["b"] * 2 + 300, "c": 0},
        {"a": available["a"] * 3 + 1000, "b": available["b"] * 3, "c": 0},
    ):
        cuts = sampling.cutoffs(rows, wanted, available, SEED)
        made = sampling.sampled(rows, cuts, SEED).select("id", "epoch").collect()
        counts = Counter(row.id for row in made)
        assert counts == sum((nearest(expected[name], n) for name, n in wanted.items()), Counter())
        # a larger one contains a smaller one, and epochs say how often a document came before
        assert before <= counts
        before = counts
        assert {(row.id, row.epoch) for row in made} == {
            (id_, epoch) for id_, n in counts.items() for epoch in range(n)
        }


def test_a_sample_has_each_stratum_s_proportion(spark: SparkSession) -> None:
    rows = spark.createDataFrame(ROWS, COLUMNS).drop("times").withColumnRenamed("stratum", "kind")
    available = sampling.available(rows, "kind")

    def sample(tokens: int) -> dict[str, Any]:
        return {row.id: row for row in sampling.sample(rows, tokens, 0, "kind").collect()}

    small, whole = sample(500), sample(10**9)
    assert whole.keys() == {id_ for id_, *_ in ROWS}
    for kind, there in available.items():
        got = sum(row.token_count for row in small.values() if row.kind == kind)
        assert abs(got - 500 * there / sum(available.values())) <= 20
