"""No pair within the distance is missed, whatever the numbers; what is found connects what it must."""

from __future__ import annotations

import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from udfs.near_duplicates import hamming
from udfs.near_duplicates.spanning_forest import Forest, forest
from udfs.near_duplicates.spanning_forest import Pairs as IndexPairs

Pairs = set[tuple[int, int]]


def by_all_pairs(numbers: hamming.Numbers, within: int) -> Pairs:
    found: Pairs = set()
    for i, number in enumerate(numbers):
        differing = np.unpackbits((numbers[i + 1 :] ^ number).view(np.uint8).reshape(-1, 8), axis=1)
        near = np.flatnonzero(differing.sum(axis=1) <= within)
        found |= {(i, i + 1 + int(j)) for j in near}
    return found


def as_set(found: list[IndexPairs]) -> Pairs:
    return {
        (min(pair), max(pair))
        for left, right in found
        for pair in zip(left.tolist(), right.tolist(), strict=True)
    }


def made(seed: int, kind: str, count: int) -> hamming.Numbers:
    """Numbers with others planted 0 to 9 flips from them."""
    random = np.random.default_rng(seed)
    numbers = random.integers(0, 2**64, count, dtype=np.uint64)
    if kind == "constant bits":
        numbers &= np.uint64(0x0101_1000_8000_0F0F)
    elif kind == "two clusters":  # each bit is balanced, and all say the same
        side = np.where(random.random(count) < 0.5, np.uint64(0), np.uint64(2**64 - 1))
        numbers = (numbers & np.uint64(0xFFF0_0000)) ^ side
    elif kind == "copied blocks":
        numbers &= np.uint64(0xFFFF)
        numbers |= numbers << np.uint64(16) | numbers << np.uint64(32) | numbers << np.uint64(48)
    planted = numbers[: count // 3].copy()
    for flips in range(9):
        chosen = random.random(len(planted)) < 0.5
        bits = np.uint64(1) << random.integers(0, 64, len(planted)).astype(np.uint64)
        planted[chosen] ^= bits[chosen]
        if flips % 2:
            numbers = np.concatenate((numbers, planted))
    return random.permutation(np.unique(numbers))


KINDS = ["uniform", "constant bits", "two clusters", "copied blocks"]


@settings(max_examples=15)
@given(st.integers(0, 2**32), st.sampled_from(KINDS), st.integers(1, 200), st.integers(0, 8))
def test_each_table_of_any_plan_misses_none(seed: int, kind: str, count: int, within: int) -> None:
    numbers = made(seed, kind, count)
    # free rows make a plan of many tables, dear ones of few; the sample may be as bad as it likes
    for row_cost in (0.0, 3.0):
        masks = hamming.plan(numbers[:50], len(numbers), within, row_cost)
        found = [pair for mask in masks for pair in hamming.pairs_in_table(numbers, mask, within)]
        assert as_set(found) == by_all_pairs(numbers, within)


@pytest.mark.parametrize("kind", KINDS)
def test_large_groups_are_parted_and_miss_none(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hamming, "LARGE", 40)
    monkeypatch.setattr(hamming, "ROW_COST", 1.0)
    numbers = made(4, kind, 900)
    expected = by_all_pairs(numbers, 5)
    assert expected
    assert as_set(list(hamming.pairs(numbers, 5))) == expected
    # a table of two groups, both large
    in_half = {(i, j) for i, j in expected if numbers[i] >> 63 == numbers[j] >> 63}
    assert as_set(list(hamming.pairs_in_table(numbers, 1 << 63, 5))) == in_half


@settings(max_examples=30)
@given(st.integers(0, 2**32), st.sampled_from(KINDS))
def test_the_forest_connects_what_the_pairs_connect(seed: int, kind: str) -> None:
    numbers = made(seed, kind, 120)
    left, right = forest(len(numbers), hamming.pairs(numbers, 5))
    kept = as_set([(left, right)])
    every = by_all_pairs(numbers, 5)
    assert kept <= every
    components = list(networkx.connected_components(networkx.Graph(every)))
    assert len(kept) == len(left) == sum(len(component) - 1 for component in components)
    assert set(map(frozenset, components)) == set(
        map(frozenset, networkx.connected_components(networkx.Graph(kept)))
    )


def test_pairs_are_kept_that_come_in_many_parts() -> None:
    kept = Forest(300_000)
    places = np.arange(299_999)
    for _ in range(5):  # again and again the same, above what waits
        kept.add(places, places + 1)
    left, _ = kept.kept()
    assert len(left) == 299_999


def test_no_number_and_one_have_no_pairs() -> None:
    for count in (0, 1):
        numbers = np.arange(count, dtype=np.uint64)
        assert list(hamming.pairs(numbers, 5)) == []
        assert len(forest(count, hamming.pairs(numbers, 5))[0]) == 0


def test_tables_are_more_where_numbers_are_more_and_none_where_bits_are_few() -> None:
    sample = np.unique(np.random.default_rng(1).integers(0, 2**64, 2048, dtype=np.uint64))
    counts = [len(hamming.plan(sample, count, 5)) for count in (100, 10**5, 10**7, 10**9)]
    assert counts[0] == 1
    assert counts == sorted(counts)
    assert counts[-1] > 6
    assert hamming.plan(np.arange(64, dtype=np.uint64), 64, 5) == [0]


def test_a_copied_sample_shows_that_bits_depend_on_each_other() -> None:
    """Two tight clusters: by its single bits each number differs from half of the others."""
    numbers = made(2, "two clusters", 2000)
    masks = hamming.plan(numbers, 10**6, 5)
    assert len(masks) == 1 or all(mask & 0xFFF0_0000 for mask in masks)
