"""Batches cut by rows and bytes."""

from __future__ import annotations

import pyarrow as pa
import pytest

from jobs.runtime.arrow import BATCH_ROWS, in_parts


def batch(sizes: list[int]) -> pa.RecordBatch:
    return pa.record_batch(
        {"i": pa.array(range(len(sizes))), "text": pa.array(["x" * size for size in sizes])}
    )


@pytest.mark.parametrize(
    "sizes",
    [[10] * 10, [10_000], [10_000] * 7, [1] * 50 + [9_000] + [1] * 50, [9_000, 1, 9_000], [], [0]],
)
def test_parts_hold_all_rows_in_order_within_the_limits(sizes: list[int]) -> None:
    whole = batch(sizes)
    parts = list(in_parts([whole, whole], rows=16, size=4_000))
    assert [i for part in parts for i in part.column("i").to_pylist()] == [*range(len(sizes))] * 2
    assert all(part.num_rows <= 16 for part in parts)
    assert all(part.num_rows <= 1 or part.nbytes <= 4_000 for part in parts)


def test_a_part_is_no_copy() -> None:
    whole = batch([1_000] * 10)
    (first, *_) = in_parts([whole], rows=2)
    assert first.column("text").buffers()[2].address == whole.column("text").buffers()[2].address


def test_batches_of_spark_as_the_jobs_set_it_stay_whole() -> None:
    whole = batch([6_000] * BATCH_ROWS)
    assert [part.num_rows for part in in_parts([whole])] == [BATCH_ROWS]


def test_batches_of_a_platform_that_keeps_ten_thousand_rows_are_cut() -> None:
    parts = list(in_parts([batch([6_000] * 10_000)]))
    assert sum(part.num_rows for part in parts) == 10_000
    assert max(part.num_rows for part in parts) <= BATCH_ROWS
