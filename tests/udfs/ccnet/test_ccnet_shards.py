"""Shards and output files compared with CCNet's arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from udfs.ccnet import shards

Conformance = Callable[..., list[dict[str, Any]]]


def test_ranges_equal_ccnet(conformance: Conformance) -> None:
    for case in conformance("ccnet.shard_segment_range"):
        limit = case["params"]["num_segments_per_shard"]
        segments = shards.segment_range(**case["input"], limit=limit)
        assert [segments.start, segments.stop] == case["expected"]


def test_groups_of_files_equal_ccnet(conformance: Conformance) -> None:
    for case in conformance("ccnet.determine_groups"):
        runs = shards.regroup(case["input"]["sizes"], case["input"]["target_size"])
        assert [list(run) for run in runs] == case["expected"]


@given(st.integers(1, 300), st.integers(1, 300))
def test_every_archive_is_in_exactly_the_shard_that_shard_of_returns(
    n: int, num_shards: int
) -> None:
    ranges = [shards.segment_range(shard, n, num_shards) for shard in range(num_shards)]
    assert [i for r in ranges for i in r] == list(range(n))
    assert all(i in ranges[shards.shard_of(i, n, num_shards)] for i in range(n))


@given(st.lists(st.integers(0, 10)), st.integers(1, 50))
def test_groups_contain_all_files_in_order(sizes: list[int], target: int) -> None:
    runs = shards.regroup(sizes, target)
    assert [i for run in runs for i in run] == list(range(len(sizes)))
    assert all(runs)
