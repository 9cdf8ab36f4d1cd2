"""The probability to be found: against every outcome of small signatures, and against drawn ones."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from udfs.near_duplicates.bands import BANDS, bands, optimal_bands
from udfs.near_duplicates.lsh_recall import found, least_equal, share_band, shares_band

SIMILARITIES = st.floats(0.0, 1.0)


def by_all_outcomes(s: float, bands: int, rows: int, threshold: float, permutations: int) -> float:
    total = 0.0
    for equal in product((False, True), repeat=permutations):
        parts = [equal[band * rows : (band + 1) * rows] for band in range(bands)]
        if any(all(part) for part in parts) and sum(equal) / permutations >= threshold:
            total += s ** sum(equal) * (1 - s) ** (permutations - sum(equal))
    return total


@pytest.mark.parametrize(
    ("bands", "rows", "permutations"), [(1, 1, 1), (3, 2, 8), (2, 4, 8), (4, 1, 6), (1, 7, 7)]
)
@pytest.mark.parametrize("threshold", [0.0, 0.3, 0.5, 0.8, 1.0])
def test_as_by_all_outcomes(bands: int, rows: int, permutations: int, threshold: float) -> None:
    s = [0.0, 0.1, 0.5, 0.77, 1.0]
    expected = [
        by_all_outcomes(similarity, bands, rows, threshold, permutations) for similarity in s
    ]
    assert found(s, bands, rows, threshold, permutations) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("threshold", [0.5, 0.8, 0.9])
def test_as_drawn(threshold: float) -> None:
    bands, rows = optimal_bands(threshold)
    random = np.random.RandomState(1)
    n = 20_000
    for s in (threshold - 0.1, threshold, threshold + 0.05):
        equal = random.random_sample((n, 128)) < s
        shared_bands = equal[:, : bands * rows].reshape(n, bands, rows).all(axis=2)
        candidates = np.any(shared_bands, axis=1)
        passed = candidates & (equal.mean(axis=1) >= threshold)
        for drawn, p in (
            (candidates.mean(), share_band(s, bands, rows).item()),
            (passed.mean(), found(s, bands, rows, threshold).item()),
        ):
            assert abs(drawn - p) < 4 * np.sqrt(max(p * (1 - p), 1e-4) / n), s


@given(SIMILARITIES, st.integers(1, 16), st.integers(1, 8))
def test_without_a_check_it_is_the_s_curve(s: float, bands: int, rows: int) -> None:
    expected = 1 - (1 - s**rows) ** bands
    assert share_band(s, bands, rows).item() == pytest.approx(expected, abs=1e-12)
    assert found(s, bands, rows, 0.0).item() == pytest.approx(expected, abs=1e-9)


@given(SIMILARITIES, SIMILARITIES, st.floats(0.1, 1.0))
def test_more_alike_is_found_more_often(one: float, other: float, threshold: float) -> None:
    low, high = sorted((one, other))
    less, more = found([low, high], *optimal_bands(round(threshold, 1)), threshold)
    assert -1e-12 <= less <= more + 1e-9 <= 1 + 2e-9


def test_ends_and_shapes() -> None:
    assert share_band([0.0, 1.0], 9, 13).tolist() == [0.0, 1.0]
    assert found([0.0, 1.0], 9, 13, 0.8) == pytest.approx([0.0, 1.0])
    assert found(np.full((2, 3), 0.7), 9, 13, 0.8).shape == (2, 3)
    assert share_band(1e-4, 9, 4).item() == pytest.approx(9e-16, rel=1e-3)
    with pytest.raises(ValueError, match="12 bands of 11 rows of 128 minima"):
        found(0.5, 12, 11, 0.8)


def test_least_equal_is_what_dedup_lets_pass() -> None:
    for threshold in [k / 1000 for k in range(1001)]:
        k = least_equal(threshold)
        assert k / 128 >= threshold
        assert k == 0 or (k - 1) / 128 < threshold
    assert least_equal(1.01) == 129


@given(st.lists(st.integers(0, 1), min_size=128, max_size=128), st.sampled_from([0.7, 0.8, 0.9]))
def test_sharing_a_band_is_that_of_the_bands(bits: list[int], threshold: float) -> None:
    one = np.arange(128, dtype=">u4").tobytes()
    other = (np.arange(128) + np.array(bits)).astype(">u4").tobytes()
    expected = any(
        left == right
        for left, right in zip(bands(one, threshold), bands(other, threshold), strict=True)
    )
    assert shares_band(one, other, *BANDS[threshold]) == expected
